"""LP0 to LP4, states' residuals, doses and accessions, by hand and by rule."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metrics.legitimation.cohort_effects import TIMES, callaway_santanna, sun_abraham
from transforms.metrics.legitimation.expected_support import fit_baseline, influence
from transforms.metrics.legitimation.legitimation_dose import cross_section
from transforms.metrics.legitimation.legitimation_premium import compare
from transforms.metrics.legitimation.legitimation_supply import (
    half_width_of_sessions,
    half_width_of_votes,
)
from transforms.metrics.legitimation.nato_accessions import COHORTS, first_core_years, joiners_of
from transforms.metrics.legitimation.session_windows import windows

CLASSES = [
    *("unpopular", "popular", "isolated", "unpopular_third", "hegemon_specific"),
    *("hegemon_specific_loo", "important"),
]


def support_of(cells):
    """`metrics.hegemon_support` from {(ccode, session): {class: (votes, agreement)}}."""
    rows = [
        (2, ccode, session, "final_only", name, n, int(2 * total) // 2, int(2 * total) % 2, 30)
        for (ccode, session), of_class in cells.items()
        for name in CLASSES
        for n, total in [of_class.get(name, (0, 0))]
    ]
    names = ["ccode_hegemon", "ccode", "session", "vote_set", "vote_class", "n_votes_of_class"]
    names += ["n_with_hegemon", "n_abstained", "n_roll_calls"]
    return pl.DataFrame(rows, schema=names, orient="row").cast(
        {"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "session": pl.Int16}
    )


def tiers_of(allies, ccodes, sessions):
    """`marts.ally_tier`; `allies` are pairs of state and session."""
    rows = [(2, c, s + 1945, *[(c, s) in allies] * 4) for c in ccodes for s in sessions]
    names = ["ccode_hegemon", "ccode", "year"]
    names += ["tier_core", "tier_treaty", "tier_atop", "tier_guarantee"]
    return pl.DataFrame(rows, schema=names, orient="row")


def points_of(theta):
    rows = [(2, c, s, float(value)) for (c, s), value in theta.items()]
    return pl.DataFrame(
        rows, schema=("ccode_hegemon", "ccode", "session", "ideal_point"), orient="row"
    ).cast({"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "session": pl.Int16})


def table_of(cells, allies, theta=None, regions=1):
    ccodes = sorted({c for c, _ in cells})
    sessions = sorted({s for _, s in cells})
    return compare(
        chunk=0,
        n_chunks=5,
        hegemon_support=support_of(cells),
        outside_ideal_point=points_of(theta or {(ccodes[0], sessions[0]): 0.0}),
        ally_tier=tiers_of(allies, ccodes, sessions),
        states=pl.DataFrame({"ccode": ccodes, "region": [str(c % regions) for c in ccodes]}),
    )


def row(table, estimator, vote_class="unpopular", window="whole", tier="core"):
    found = table.filter(estimator=estimator, vote_class=vote_class, window_name=window, tier=tier)
    assert found.height == 1
    return found.row(0, named=True)


# Two sessions. 20 and 200 are allies, 300 joins in the second; 400 to 420 are others.
TOY = {
    (20, 46): {"unpopular": (10, 9), "popular": (10, 10), "hegemon_specific": (10, 8)},
    (20, 47): {"unpopular": (30, 27), "popular": (10, 10), "hegemon_specific": (10, 8)},
    (200, 46): {"unpopular": (10, 5), "popular": (10, 9), "hegemon_specific": (10, 2)},
    (200, 47): {"unpopular": (30, 21), "popular": (10, 9), "hegemon_specific": (10, 2)},
    (300, 46): {"unpopular": (20, 4), "popular": (10, 8), "hegemon_specific": (10, 1)},
    (300, 47): {"unpopular": (20, 10), "popular": (10, 8), "hegemon_specific": (10, 3)},
    **{
        (c, s): {"unpopular": (20, c // 10 - 39), "popular": (10, 7), "hegemon_specific": (10, 1)}
        for c in (400, 410, 420)
        for s in (46, 47)
    },
}
ALLIES = {(20, 46), (20, 47), (200, 46), (200, 47), (300, 47)}


@pytest.fixture(scope="module")
def toy():
    return table_of(TOY, ALLIES)


def test_votes_are_pooled_by_the_status_of_the_session(toy):
    got = row(toy, "LP0")
    allies = [36 / 40, 26 / 40, 10 / 20]
    others = [4 / 20, 1 / 20, 2 / 20, 3 / 20]
    assert got["estimate"] == pytest.approx(np.mean(allies) - np.mean(others))
    assert (got["n_allies"], got["n_others"]) == (3, 4)
    assert (got["session_first"], got["session_last"]) == (46, 47)
    assert got["ci_low"] < got["estimate"] < got["ci_high"]
    assert got["inference"] == "state_bootstrap"


def test_lp1_is_the_premium_of_unpopular_votes_beyond_that_of_popular_ones(toy):
    popular = np.mean([1.0, 0.9, 0.8]) - np.mean([0.8, 0.7, 0.7, 0.7])
    assert row(toy, "LP0", "popular")["estimate"] == pytest.approx(popular)
    expected = row(toy, "LP0")["estimate"] - popular
    assert row(toy, "LP1")["estimate"] == pytest.approx(expected)


def test_lp1_in_logits_adds_one_half(toy):
    def logit(agreed, n):
        return np.log((agreed + 0.5) / (n - agreed + 0.5))

    lost = np.mean([logit(36, 40), logit(26, 40), logit(10, 20)])
    lost -= np.mean([logit(4, 20), logit(2, 40), logit(4, 40), logit(6, 40)])
    won = np.mean([logit(20, 20), logit(18, 20), logit(8, 10)])
    won -= np.mean([logit(8, 10), *[logit(14, 20)] * 3])
    assert row(toy, "LP1_logit")["estimate"] == pytest.approx(lost - won)


def test_lp2_is_the_premium_of_votes_of_the_hegemon_alone(toy):
    got = row(toy, "LP2", "hegemon_specific")
    assert got["estimate"] == pytest.approx(np.mean([0.8, 0.2, 0.3]) - 0.1)
    assert got["estimate"] == row(toy, "LP0", "hegemon_specific")["estimate"]


def test_lp4_follows_the_state_that_joined(toy):
    """One state changed sides: its change, less that of the others, is all there is to go by."""
    got = row(toy, "LP4")
    assert got["inference"] == "few_allies"
    long = pd.DataFrame(
        [
            {"ccode": c, "s": s, "n": v["unpopular"][0], "y": v["unpopular"][1] / v["unpopular"][0]}
            | {"ally": float((c, s) in ALLIES)}
            for (c, s), v in TOY.items()
        ]
    )
    fitted = pf.feols("y ~ ally | ccode + s", data=long, weights="n")
    assert got["estimate"] == pytest.approx(fitted.coef().iloc[0])


def test_what_needs_covariates_says_so(toy):
    got = row(toy, "LP5")
    assert (got["estimate"], got["null_reason"]) == (None, "covariates_missing")


def test_the_order_and_the_names_of_states_change_nothing(toy):
    ccodes = sorted({c for c, _ in TOY})
    backwards = dict(zip(ccodes, ccodes[::-1], strict=True))
    renamed = table_of(
        {(backwards[c], s): v for (c, s), v in TOY.items()}, {(backwards[c], s) for c, s in ALLIES}
    )
    for estimator in ("LP0", "LP1", "LP4"):
        got = row(renamed, estimator)["estimate"]
        assert got == pytest.approx(row(toy, estimator)["estimate"])


def test_allies_and_others_swapped_turn_the_sign(toy):
    swapped = table_of(TOY, set(TOY) - ALLIES)
    for estimator in ("LP0", "LP1", "LP1_logit", "LP4"):
        assert row(swapped, estimator)["estimate"] == pytest.approx(
            -row(toy, estimator)["estimate"]
        )
    assert row(swapped, "LP0")["p_value"] == row(toy, "LP0")["p_value"]


def world(seed, effect):
    """Agreement that follows the ideal point; allies have higher ones, and the effect on top."""
    rng = np.random.default_rng(seed)
    ccodes, sessions = range(100, 160), range(46, 52)
    allies = {(c, s) for c in ccodes if c < 115 for s in sessions}
    theta, cells = {}, {}
    for c in ccodes:
        point = rng.normal() + 0.5 * (c < 115)
        for s in sessions:
            theta[c, s] = point + 0.05 * rng.normal()
            expected = 0.4 + 0.15 * theta[c, s] + effect * (c < 115)
            agreed = rng.binomial(60, np.clip(expected, 0.02, 0.98))
            cells[c, s] = {"unpopular": (60, agreed), "popular": (60, 50)}
    return cells, allies, theta


def test_preferences_alone_make_a_raw_premium_but_no_residual():
    covered = 0
    for seed in range(4):
        cells, allies, theta = world(seed, 0.0)
        table = table_of(cells, allies, theta, regions=3)
        got = row(table, "LP3")
        covered += got["ci_low"] <= 0 <= got["ci_high"]
    assert covered >= 3
    assert row(table, "LP0")["estimate"] > 0.03


def test_an_effect_beyond_preferences_is_found():
    cells, allies, theta = world(3, 0.1)
    got = row(table_of(cells, allies, theta, regions=3), "LP3")
    assert got["ci_low"] > 0.03
    assert got["p_value"] < 0.05
    assert got["estimate"] == pytest.approx(0.1, abs=0.04)


def test_a_cubic_baseline_is_recovered_and_read_at_its_ends():
    theta = np.linspace(-2, 2, 15)[:, None]
    n = np.full((15, 1), 40.0)
    curve = 0.4 + 0.1 * theta - 0.02 * theta**2 + 0.01 * theta**3
    others = np.ones((15, 1), bool)
    others[-2:] = False  # two allies beyond the range of the others
    fit = fit_baseline(n, n * curve, theta, others)
    np.testing.assert_allclose(fit.residual[:13], 0, atol=1e-9)
    assert fit.is_outside[:, 0].tolist() == [False] * 13 + [True] * 2
    np.testing.assert_allclose(fit.residual[13:], 40 * (curve[13:] - curve[12]), atol=1e-9)


def test_sessions_with_few_others_have_no_baseline():
    theta = np.linspace(-1, 1, 12)[:, None]
    n = np.full((12, 1), 20.0)
    others = np.arange(12)[:, None] < 9
    assert fit_baseline(n, n / 2, theta, others).n_votes.sum() == 0


def test_influence_is_the_derivative_of_the_refitted_baseline():
    rng = np.random.default_rng(5)
    theta = rng.normal(size=(25, 3))
    n = rng.integers(10, 50, size=(25, 3)).astype(float)
    total = n * rng.random((25, 3))
    others = np.arange(25)[:, None] * np.ones(3) < 20
    fit = fit_baseline(n, total, theta, others)
    weights = np.where(others, 0.0, 1 / n.sum())
    effect = influence(fit, weights)
    assert effect.sum() == pytest.approx(0, abs=1e-9)
    step, base = 1e-6, np.sum(weights * fit.residual)
    for state in (0, 7, 19):
        factor = np.ones((25, 1))
        factor[state] += step
        moved = fit_baseline(n * factor, total * factor, theta, others)
        change = (base - np.sum(weights * moved.residual)) / step
        assert effect[state] == pytest.approx(change, rel=1e-3, abs=1e-9)


def test_intervals_of_a_states_residual():
    """Equal votes: the mean of sessions with its t interval; ½ and 1 in one session likewise."""
    residual = np.array([[2.0, 4.0, 9.0]])
    n = np.full((1, 3), 10.0)
    mean = residual.sum(axis=1) / 30
    expected = 4.302652729911275 * np.std([0.2, 0.4, 0.9], ddof=1) / np.sqrt(3)
    assert half_width_of_sessions(n, residual, mean)[0] == pytest.approx(expected)
    votes = np.array([1, 1, 0.5, 0, 0, 0, 0.5, 1, 0, 0, 0])
    args = (np.array([x]) for x in (11.0, votes.sum(), np.sum(votes**2)))
    expected = 2.2281388519649385 * np.std(votes, ddof=1) / np.sqrt(11)
    assert half_width_of_votes(*args)[0] == pytest.approx(expected)


def test_the_slope_between_states_is_least_squares():
    rng = np.random.default_rng(6)
    n = np.full((20, 2), 15.0)
    dose = rng.integers(0, 5, size=(20, 1)) * np.ones((1, 2))
    total = np.round(n * (0.2 + 0.1 * dose + 0.05 * rng.random((20, 2))))
    got = cross_section(n, total, dose, np.random.default_rng(7))
    expected = np.polyfit(dose[:, 0], total.sum(axis=1) / 30, 1)[0]
    assert got["estimate"] == pytest.approx(expected)
    assert got["ci_low"] < expected < got["ci_high"]


@given(st.integers(2, 90))
@settings(max_examples=30)
def test_windows_are_named_once_and_begin_within_the_data(last):
    found = windows(last)
    assert len({(w.first, w.last) for w in found}) == len(found)
    assert all(w.first <= w.last for w in found)
    assert {w.last for w in found if w.name in ("whole", "post_cold_war")} == {last}


@pytest.fixture(scope="module")
def joiners():
    rng = np.random.default_rng(3)
    sessions, ccodes = list(range(20, 76)), list(range(300, 360))
    entries = [1982, 1999, 2004, 2009, 2017, 1955]
    first_core = {c: entries[k % 6] for k, c in enumerate(ccodes[:24])}
    n = rng.integers(10, 60, size=(60, len(sessions))).astype(float)
    n[rng.random(n.shape) < 0.1] = 0
    share = np.clip(rng.random((60, 1)) * 0.4 + rng.normal(0.2, 0.1, n.shape), 0, 1)
    return joiners_of(
        ccodes=ccodes,
        sessions=sessions,
        n_votes=n,
        total=np.round(n * share),
        first_core=first_core,
    )


def test_later_joiners_are_controls_until_they_join_and_members_are_left_out(joiners):
    assert np.isnan(joiners.agreement[5]).all()  # joined in 1955
    assert (joiners.cohort[4], joiners.cohort[0]) == (0, 1982)
    known = joiners.years[~np.isnan(joiners.agreement[4])]
    assert known.max() < 2017
    own = joiners.years[~np.isnan(joiners.agreement[0])]
    assert (own.min(), own.max()) >= (1972, 1990)


def test_the_saturated_regression_is_that_of_pyfixest(joiners):
    found = sun_abraham(joiners, np.ones((1, 60)))
    at, on = np.nonzero(joiners.n_votes > 0)
    cohort, year = joiners.cohort[at], joiners.years[on]
    since = np.where(cohort > 0, year - cohort, -1)
    cell = np.where(since == -1, "base", [f"{g}_{k}" for g, k in zip(cohort, since, strict=True)])
    long = pd.DataFrame({"y": joiners.agreement[at, on], "n": joiners.n_votes[at, on]})
    long = long.assign(state=at, year=year, cell=cell)
    fitted = pf.feols("y ~ i(cell, ref='base') | state + year", data=long, weights="n").coef()
    assert len(fitted) == 4 * 20
    for name, value in fitted.items():
        ((cohort_of, time),) = re.findall(r"(\d{4})_(-?\d+)", name)
        got = found.effects[0, COHORTS.index(int(cohort_of)), TIMES.index(int(time))]
        assert got == pytest.approx(value, abs=1e-7)


def test_differences_of_differences_by_hand(joiners):
    found = callaway_santanna(joiners, np.ones((1, 60)))
    change = (
        joiners.agreement[:, joiners.years == 2006] - joiners.agreement[:, joiners.years == 2003]
    )
    change = change[:, 0]
    joined = np.nanmean(change[joiners.cohort == 2004])
    waiting = np.nanmean(change[(joiners.cohort == 0) | (joiners.cohort == 2009)])
    got = found.effects[0, COHORTS.index(2004), TIMES.index(2)]
    assert got == pytest.approx(joined - waiting, abs=1e-7)


def test_cohorts_go_by_the_first_core_tie_in_force():
    ties = pl.DataFrame(
        {
            "ccode_hegemon": [2, 2, 2],
            "ccode": [290, 290, 95],
            "tier": ["core", "core", "treaty"],
            "in_force_from": [dt.date(2004, 1, 1), dt.date(1999, 3, 12), dt.date(1948, 1, 1)],
        }
    )
    assert first_core_years(ties) == {290: 1999}
