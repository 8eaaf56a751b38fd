"""The joint model: worked classes, independent algebra, a literal jackknife, null reasons."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.transforms.metrics.joint_shift.simulated_votes import simulated_sides
from transforms.metrics.joint_shift import build_joint_alliance_shift, shift_fit
from transforms.metrics.joint_shift.joint_alliance_shift import TABLE, rows_of, sides_of
from transforms.metrics.joint_shift.shift_errors import ShiftEstimate, estimate_shift
from transforms.metrics.joint_shift.shift_fit import PLAIN_ITERATIONS, ShiftFit, fit_shift
from transforms.metrics.joint_shift.shift_gauge import relocate, rescale
from transforms.metrics.joint_shift.shift_items import log_prior_of_items
from transforms.metrics.joint_shift.shift_model import (
    Point,
    bound_by_state,
    expect,
    step_states,
)
from transforms.metrics.joint_shift.shift_votes import ShiftVotes, classified, shift_votes

TIES = pl.DataFrame(
    {
        "ccode_hegemon": [2],
        "ccode": [101],
        "tier_core": [True],
        "in_force_from": [date(1946, 1, 1)],
    },
    schema_overrides={"ccode_hegemon": pl.Int16, "ccode": pl.Int16},
)


def arranged(sides: pl.DataFrame) -> ShiftVotes:
    votes = shift_votes(sides)
    assert votes is not None
    return votes


def estimated(votes: ShiftVotes) -> ShiftEstimate:
    """With every state a cluster."""
    estimate = estimate_shift(votes, np.arange(len(votes.states)))
    assert estimate is not None
    return estimate


@pytest.fixture(scope="module")
def votes() -> ShiftVotes:
    return arranged(classified(simulated_sides(8, 0.8, closer=1.0)))


@pytest.fixture(scope="module")
def fit(votes: ShiftVotes) -> ShiftFit:
    return fit_shift(votes)


def test_the_shift_is_found_and_its_absence_too() -> None:
    found = []
    for seed in range(6):
        for delta in (0.0, 0.8):
            votes = arranged(classified(simulated_sides(seed, delta, closer=1.0)))
            estimate = estimated(votes)
            error = estimate.fit.point.delta - delta
            found.append((error, error / estimate.std_error))
    errors, in_errors = np.array(found).T
    assert abs(errors.mean()) < 0.1
    assert (np.abs(in_errors) < 2).mean() >= 0.8


def test_errors_are_those_of_leaving_out_each_state(votes: ShiftVotes) -> None:
    whole = estimated(votes)
    sides = classified(simulated_sides(8, 0.8, closer=1.0))
    class_of = sides.select("rcid", "is_unpopular").unique()
    without = []
    for ccode in votes.states.tolist():
        # the class of a roll call stays what it was: the error is given the classes
        rest = sides.filter(pl.col("ccode") != ccode).drop("is_unpopular").join(class_of, on="rcid")
        without.append(fit_shift(arranged(rest)).point.delta)
    n = len(without)
    jackknife = np.sqrt((n - 1) / n * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert whole.std_error == pytest.approx(jackknife, rel=0.15)


def test_a_states_step_solves_the_normal_equations(votes: ShiftVotes, fit: ShiftFit) -> None:
    """The chains and shifts of all states, with δ, as one dense system."""
    start = replace(fit.point, delta=0.2, shift=fit.point.shift * 0.5)
    expected = expect(votes, start)
    found = step_states(votes, start, expected, delta=None).point

    n = votes.record.n_units
    slope = start.items.slope[votes.item]
    design = np.zeros((len(votes.unit), 2 * n + 1))
    at = np.arange(len(votes.unit))
    design[at, votes.unit] = slope
    design[at, n + votes.unit] = votes.on_unpopular
    design[:, -1] = votes.on_unpopular * votes.is_ally[votes.unit]
    prior = np.zeros((2 * n + 1, 2 * n + 1))
    for unit in range(n):
        prior[n + unit, n + unit] = 1 / start.shift_variance
        if votes.begins[unit]:
            prior[unit, unit] += 1.0
            continue
        gap = int(votes.record.session[unit]) - int(votes.record.session[unit - 1])
        step = 1 / (start.move_variance * gap)
        prior[np.ix_([unit - 1, unit], [unit - 1, unit])] += step * np.array([[1, -1], [-1, 1]])
    mean = np.zeros(2 * n + 1)
    mean[:n] = start.group_mean[votes.group][votes.row]
    here = np.concatenate([start.theta, start.shift, [start.delta]])
    gradient = design.T @ expected.score - prior @ (here - mean)
    matrix = design.T @ (expected.weight[:, None] * design) + prior
    solved = here + np.linalg.solve(matrix, gradient)
    assert found.delta == pytest.approx(solved[-1], abs=1e-8)
    np.testing.assert_allclose(found.theta, solved[:n], atol=1e-7)
    np.testing.assert_allclose(found.shift, solved[n : 2 * n], atol=1e-7)

    of_states = np.linalg.inv(matrix[:-1, :-1])
    np.testing.assert_allclose(found.theta_variance, np.diag(of_states)[:n], atol=1e-8)
    np.testing.assert_allclose(found.own_variance, np.diag(of_states)[n:], atol=1e-8)
    np.testing.assert_allclose(found.covariance, np.diag(of_states[:n, n:]), atol=1e-8)


def test_the_bound_is_the_likelihood_less_the_divergence(votes: ShiftVotes, fit: ShiftFit) -> None:
    """F against E log P and the divergence of two Gaussians, computed from dense matrices."""
    expected = expect(votes, fit.point)
    step = step_states(votes, fit.point, expected, delta=fit.point.delta)
    bound = bound_by_state(votes, step, expect(votes, step.point)).sum()
    record, slope = votes.record, fit.point.items.slope[votes.item]
    n = record.n_units
    weights = np.zeros((2 * n, 2 * n))
    for unit, item_slope, weight, on in zip(
        votes.unit, slope, expected.weight, votes.on_unpopular, strict=True
    ):
        row = np.array([item_slope, on])
        places = [unit, n + unit]
        weights[np.ix_(places, places)] += weight * np.outer(row, row)
    prior = np.zeros((2 * n, 2 * n))
    for unit in range(n):
        prior[n + unit, n + unit] = 1 / fit.point.shift_variance
        if votes.begins[unit]:
            prior[unit, unit] += 1.0
            continue
        gap = int(record.session[unit]) - int(record.session[unit - 1])
        block = np.array([[1, -1], [-1, 1]]) / (fit.point.move_variance * gap)
        prior[np.ix_([unit - 1, unit], [unit - 1, unit])] += block
    covariance = np.linalg.inv(prior + weights)
    mean = np.concatenate([step.point.theta, step.point.shift])
    mean[:n] -= fit.point.group_mean[votes.group][votes.row]
    divergence = 0.5 * (
        np.trace(prior @ covariance)
        + mean @ prior @ mean
        - 2 * n
        - np.linalg.slogdet(prior)[1]
        - np.linalg.slogdet(covariance)[1]
    )
    at_nodes = expect(votes, step.point).at_nodes
    log_p = np.mean([likelihood.log_likelihood for likelihood, _ in at_nodes])
    assert bound == pytest.approx(log_p - divergence, rel=1e-9)


def test_location_and_scale_leave_the_likelihood_as_it_is(votes: ShiftVotes, fit: ShiftFit) -> None:
    before = expect(votes, fit.point)
    for moved in (relocate(votes, fit.point), rescale(fit.point, 1.7)):
        after = expect(votes, moved)
        np.testing.assert_allclose(after.score, before.score, atol=1e-9)


def test_no_other_shift_is_likelier(votes: ShiftVotes, fit: ShiftFit) -> None:
    best = fit.by_state.sum() + log_prior_of_items(votes, fit.point)
    for h in (-0.4, 0.4):
        other = fit_shift(votes, delta=fit.point.delta + h, start=fit.point)
        assert other.by_state.sum() + log_prior_of_items(votes, other.point) < best


def test_what_unpopular_means() -> None:
    sides = pl.DataFrame(
        {
            "rcid": [1] * 11 + [2] * 10 + [3] * 9,
            "ccode": [*range(101, 112), *range(102, 112), *range(102, 111)],
            "session": 50,
            "choice": "yes",
            "is_with": [True] + [True] * 4 + [False] * 6 + [True] * 5 + [False] * 5 + [False] * 9,
            "is_ally": False,
        }
    ).with_columns((pl.col("ccode") != 101).alias("is_never_ally"))
    found = dict(classified(sides).select("rcid", "is_unpopular").unique().iter_rows())
    # 4 of 10 never-allied, the ally's own vote apart; 5 of 10; nine are too few
    assert found == {1: True, 2: False}


def test_a_state_that_joins_has_two_units_in_a_period() -> None:
    sides = classified(simulated_sides(1, 0.0)).filter(pl.col("session").is_between(3, 7))
    votes = arranged(sides)  # one period: sessions 3 to 7; allies of session 6
    of_joiner = votes.record.ccode == 114
    assert votes.record.session[of_joiner].tolist() == [3, 6]
    assert votes.is_ally[of_joiner].tolist() == [False, True]
    assert votes.group[votes.row[of_joiner]].tolist() == [1, 1]


def test_sides_are_those_of_final_decided_votes_of_other_sovereign_states() -> None:
    votes = pl.DataFrame(
        [
            (1, 2, 50, "no", True), (1, 20, 50, "no", True), (1, 40, 50, "yes", False),
            (2, 2, 50, "abstain", True), (2, 20, 50, "no", True),
            (3, 2, 19, "no", True), (3, 20, 19, "no", True),
            (4, 2, 50, "yes", True), (4, 20, 50, "yes", True),
            *((1, ccode, 50, "yes", True) for ccode in range(300, 312)),
        ],
        schema={"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16, "choice": pl.String,
                "is_sovereign": pl.Boolean},
        orient="row",
    )  # fmt: skip
    roll_calls = pl.DataFrame({"rcid": [1, 2, 3, 4], "in_final_only": [True, True, True, False]})
    roll_calls = roll_calls.cast({"rcid": pl.Int32})
    tier = pl.DataFrame(
        {
            **{"ccode_hegemon": [2], "ccode": [20], "year": [1995], "tier_core": [True]},
            "in_force_from": [date(1949, 8, 24)],
        },
        schema_overrides=dict.fromkeys(("ccode_hegemon", "ccode", "year"), pl.Int16),
    )
    found = sides_of(votes, roll_calls, tier, 2)
    assert set(found["rcid"]) == {1}
    assert found.filter(pl.col("ccode") == 20).row(0, named=True) == {
        "rcid": 1, "ccode": 20, "session": 50, "choice": "no", "is_with": True, "is_ally": True,
        "is_never_ally": False, "is_unpopular": True,
    }  # fmt: skip
    assert 40 not in found["ccode"]

    (table,) = build_joint_alliance_shift(
        votes=votes, roll_calls=roll_calls, ally_tier=tier
    ).tables.values()
    assert table["null_reason"].unique().to_list() == ["few_allies"]
    assert table.select("leader", "window_name", "scale").unique().height == table.height == 2


def test_rows_have_both_scales_with_one_sign() -> None:
    sides = classified(simulated_sides(3, 0.8, closer=1.0))
    latent, agreement = rows_of(sides, TIES, 2)
    assert (latent["scale"], agreement["scale"]) == ("latent", "agreement")
    assert latent["estimate"] > agreement["estimate"] > 0
    assert latent["ci_low"] < latent["estimate"] < latent["ci_high"]
    assert (latent["n_states"], latent["n_allies"], latent["n_switchers"]) == (40, 14, 6)
    assert latent["n_clusters"] == 40
    assert latent["n_unpopular"] + latent["n_popular"] <= 240


def test_a_shift_that_is_nearly_nothing_changes_agreement_by_nearly_nothing() -> None:
    votes = arranged(classified(simulated_sides(3, 0.0)))
    found = estimated(votes)
    assert abs(found.agreement) < abs(found.fit.point.delta)
    assert np.sign(found.agreement) == np.sign(found.fit.point.delta)


def test_too_few_allies_or_one_side_have_no_estimate() -> None:
    sides = classified(simulated_sides(3, 0.0))
    few = sides.filter(~pl.col("is_ally") | (pl.col("ccode") <= 102))
    few = few.filter((pl.col("ccode") <= 102) | (pl.col("ccode") > 114))
    assert {row["null_reason"] for row in rows_of(few, TIES, 2)} == {"few_allies"}
    one_wave = TIES.join(pl.DataFrame({"ccode": range(101, 115)}), how="cross", suffix="_of")
    one_wave = one_wave.with_columns(pl.col("ccode_of").cast(pl.Int16).alias("ccode"))
    assert {row["null_reason"] for row in rows_of(sides, one_wave, 2)} == {"few_clusters"}
    alike = sides.with_columns(pl.lit("yes").alias("choice"), pl.lit(True).alias("is_with"))
    assert shift_votes(alike) is None
    assert {row["null_reason"] for row in rows_of(alike, TIES, 2)} == {"n_below_min"}


def test_the_table_bears_its_name() -> None:
    assert TABLE == "metrics.joint_alliance_shift"


def test_a_fit_that_breaks_down_has_not_converged(
    votes: ShiftVotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in one of three hundred simulated worlds, whose variances were drawn out without end."""

    def breaks_down(votes: ShiftVotes, point: Point) -> Point:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(shift_fit, "relocate", breaks_down)
    assert not fit_shift(votes).is_converged
    assert estimate_shift(votes, np.arange(len(votes.states))) is None


def test_an_accelerated_point_that_breaks_down_is_rejected(
    votes: ShiftVotes, fit: ShiftFit, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(10_000))

    def breaks_down_once(votes: ShiftVotes, point: Point) -> Point:
        if next(calls) == PLAIN_ITERATIONS:
            raise np.linalg.LinAlgError("Singular matrix")
        return relocate(votes, point)

    monkeypatch.setattr(shift_fit, "relocate", breaks_down_once)
    again = fit_shift(votes)
    assert again.is_converged
    assert again.point.delta == pytest.approx(fit.point.delta, abs=0.01)
