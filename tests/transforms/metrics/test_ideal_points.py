"""The dynamic ordinal model of ideal points, on worlds whose truth is known."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from transforms.metrics.ideal_points import build_ideal_points, smoother
from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.items import first_items, log_prior
from transforms.metrics.ideal_points.likelihood import Items, evaluate
from transforms.metrics.ideal_points.model import (
    Point,
    improve,
    iterate,
    slope_precision,
    standardise,
)
from transforms.metrics.ideal_points.record import VotingRecord, voting_record
from transforms.metrics.ideal_points.step import ideal_point_distances
from transforms.metrics.ideal_points.uncertainty import (
    bootstrap_ideal_points,
    conditional_se,
    draw_choices,
)
from warehouse.contracts import contracts

CHOICES = np.array(["yes", "abstain", "no"])
N_STATES, N_SESSIONS, N_ROLL_CALLS = 60, 10, 60


def simulate(seed: int, *, absence: float = 0.15) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A world of states that wander; code 2 is at the upper end, 365 at the lower one.

    Some states join late, some are away for sessions, some roll calls have two categories.
    """
    random = np.random.default_rng(seed)
    ccodes = np.array([2, 365, *range(400, 400 + N_STATES - 2)])
    theta = np.empty((N_SESSIONS, N_STATES))
    theta[0] = random.normal(size=N_STATES)
    theta[0, :2] = 2.0, -2.0
    for s in range(1, N_SESSIONS):
        theta[s] = theta[s - 1] + 0.2 * random.normal(size=N_STATES)
    rows = []
    rcid = 0
    joins = random.integers(0, 4, N_STATES) * (ccodes >= 400)
    away = random.random((N_SESSIONS, N_STATES)) < 0.05
    away[:, :2] = False
    for s in range(N_SESSIONS):
        for _ in range(N_ROLL_CALLS):
            rcid += 1
            slope = random.normal(0, 1.5)
            low = slope * random.normal() + random.normal(0.3, 0.5)
            high = low + (random.exponential(0.8) if random.random() < 0.8 else 0)
            z = slope * theta[s] + random.normal(size=N_STATES)
            choice = CHOICES[(z >= low).astype(int) + (z >= high)]
            present = (random.random(N_STATES) >= absence) & (joins <= s) & ~away[s]
            for i in np.flatnonzero(present):
                rows.append((rcid, int(ccodes[i]), s + 1, str(choice[i]), True))
    columns = ["rcid", "ccode", "session", "choice", "is_sovereign"]
    votes = pl.DataFrame(rows, schema=columns, orient="row").cast(
        {"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16}
    )
    truth = pl.DataFrame(
        {
            "ccode": np.tile(ccodes, N_SESSIONS).astype(np.int16),
            "session": np.repeat(np.arange(1, N_SESSIONS + 1), N_STATES).astype(np.int16),
            "truth": theta.ravel(),
        }
    )
    return votes, truth


def true_values(record: VotingRecord, truth: pl.DataFrame) -> np.ndarray:
    units = pl.DataFrame({"ccode": record.ccode, "session": record.session})
    joined = units.join(truth, on=["ccode", "session"], how="left", maintain_order="left")
    return joined["truth"].to_numpy()


@pytest.fixture(scope="module")
def world():
    return simulate(1)


@pytest.fixture(scope="module")
def record(world):
    return voting_record(world[0])


@pytest.fixture(scope="module")
def fit(record):
    return fit_ideal_points(record)


@pytest.fixture(scope="module")
def drawn_point(record):
    """Parameters that are no solution."""
    random = np.random.default_rng(5)
    items = first_items(record)
    return Point(
        random.normal(size=record.n_units), Items(random.normal(size=record.n_items), items.cuts)
    )


# --- likelihood --------------------------------------------------------------------------


def test_probabilities_are_those_of_the_ordered_probit(record, drawn_point):
    slope, cuts = drawn_point.items.slope, drawn_point.items.cuts
    eta = slope[record.item] * drawn_point.theta[record.unit]
    first, second = cuts[record.item], cuts[record.item + record.n_items]
    low, three = np.where(record.counts[0] > 0, 1, 2)[record.item], record.has_two_cuts[record.item]
    log_p = np.where(record.choice == low, norm.logcdf(first - eta), norm.logsf(first - eta))
    middle = np.abs(norm.cdf(second - eta) - norm.cdf(first - eta))
    mirrored = np.abs(norm.sf(second - eta) - norm.sf(first - eta))
    middle = np.where(first + second > 2 * eta, mirrored, middle)
    with np.errstate(divide="ignore"):
        log_p = np.where(three & (record.choice == 2), np.log(middle), log_p)
    log_p = np.where(three & (record.choice == 3), norm.logsf(second - eta), log_p)
    expected = log_p.sum()
    found = evaluate(record, drawn_point.theta, drawn_point.items).log_likelihood
    assert found == pytest.approx(expected, rel=1e-10)


def test_far_tails_neither_overflow_nor_vanish(record):
    items = first_items(record)
    for size in (1.0, 60.0):
        theta = np.full(record.n_units, size)
        found = evaluate(record, theta, Items(np.ones(record.n_items), items.cuts))
        values = (found.tail_score, found.middle_score, *found.information())
        assert all(np.isfinite(v).all() for v in values)
        assert np.isfinite(found.log_likelihood)
        assert all((v >= -1e-12).all() and (v <= 1 + 1e-12).all() for v in found.information())


def test_expected_latent_of_an_abstention():
    votes = pl.DataFrame(
        {
            "rcid": [1, 1, 1],
            "ccode": [2, 3, 4],
            "session": [1, 1, 1],
            "choice": ["yes", "abstain", "no"],
            "is_sovereign": [True] * 3,
        }
    )
    tiny = voting_record(votes)
    theta, items = np.array([-0.3, 0.4, 0.9]), Items(np.array([1.5]), np.array([-0.2, 0.8]))
    eta = 1.5 * 0.4
    mass = quad(norm(eta).pdf, -0.2, 0.8)[0]
    mean = quad(lambda z: z * norm(eta).pdf(z), -0.2, 0.8)[0] / mass
    assert eta + evaluate(tiny, theta, items).middle_score[0] == pytest.approx(mean, abs=1e-9)


def test_restandardising_leaves_the_likelihood_as_it_is(record, drawn_point):
    moved = Point(2.5 * drawn_point.theta + 0.7, drawn_point.items)
    again = standardise(record, moved)
    before = evaluate(record, moved.theta, moved.items).log_likelihood
    assert evaluate(record, again.theta, again.items).log_likelihood == pytest.approx(before)
    assert again.theta.mean() == pytest.approx(0, abs=1e-12)
    assert again.theta.std() == pytest.approx(1, abs=1e-12)


def test_mirroring_leaves_the_likelihood_as_it_is(record, drawn_point):
    mirrored = Items(-drawn_point.items.slope, drawn_point.items.cuts)
    before = evaluate(record, drawn_point.theta, drawn_point.items).log_likelihood
    assert evaluate(record, -drawn_point.theta, mirrored).log_likelihood == pytest.approx(before)


# --- smoother ----------------------------------------------------------------------------


def test_smoother_is_the_gaussian_posterior_gaps_and_all():
    rows = [(1, 2), (2, 2), (5, 2), (2, 3), (3, 3)]
    votes = pl.DataFrame(
        [(s, c, s, v, True) for s, c in rows for v in ["yes"]],
        schema=["rcid", "ccode", "session", "choice", "is_sovereign"],
        orient="row",
    )
    extra = pl.DataFrame(
        {"rcid": [1, 2, 3, 5], "ccode": [9] * 4, "session": [1, 2, 3, 5], "choice": ["no"] * 4}
    ).with_columns(is_sovereign=pl.lit(True))
    gaps = voting_record(pl.concat([votes, extra], how="vertical_relaxed"))
    random = np.random.default_rng(3)
    d, h = random.uniform(0.5, 3, gaps.n_units), random.normal(size=gaps.n_units)
    found = smoother.smooth(gaps, d, h, 0.05)
    same = gaps.ccode[:, None] == gaps.ccode[None, :]
    begins = {c: gaps.session[gaps.ccode == c].min() for c in np.unique(gaps.ccode)}
    since = np.array([s - begins[c] for c, s in zip(gaps.ccode, gaps.session, strict=True)])
    prior = np.where(same, 1 + 0.05 * np.minimum(since[:, None], since[None, :]), 0)
    posterior = np.linalg.inv(np.linalg.inv(prior) + np.diag(d))
    assert found.mean == pytest.approx(posterior @ h, abs=1e-10)
    assert found.variance == pytest.approx(np.diag(posterior), abs=1e-10)
    theta = random.normal(size=gaps.n_units)
    other = np.zeros(gaps.n_units)
    precision = np.linalg.inv(prior)
    expected = -0.5 * (theta @ precision @ theta)
    found_prior = smoother.log_prior(gaps, theta, 0.05) - smoother.log_prior(gaps, other, 0.05)
    assert found_prior == pytest.approx(expected, abs=1e-9)


# --- the estimator -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("start", ["default", "random", "mirrored blocks", "by code"])
def test_truth_is_recovered_whatever_the_start(seed, start):
    votes, truth = simulate(seed)
    record = voting_record(votes)
    values = true_values(record, truth)
    blocks = np.where(record.session % 6 < 3, 1.0, -1.0)
    starts = {
        "default": None,
        "random": np.random.default_rng(100 + seed).normal(size=record.n_units),
        "mirrored blocks": values * blocks,
        "by code": record.ccode.astype(float),
    }
    fit = fit_ideal_points(record, start=starts[start])
    assert fit.is_converged
    assert np.corrcoef(fit.theta, values)[0, 1] >= 0.98


def test_no_iteration_lowers_what_it_climbs(record, drawn_point):
    """Log posterior minus ½ log |I + KD|, before standardisation: exact, from any point."""
    walk = Settings().innovation_variance
    same = record.ccode[:, None] == record.ccode[None, :]
    begins = {c: record.session[record.ccode == c].min() for c in np.unique(record.ccode)}
    since = record.session - np.array([begins[c] for c in record.ccode])
    prior = np.where(same, 1 + walk * np.minimum(since[:, None], since[None, :]), 0)

    def climbed(point):
        determinant = np.linalg.slogdet(
            np.eye(record.n_units) + prior * slope_precision(record, point.items)
        )[1]
        likelihood = evaluate(record, point.theta, point.items)
        of_points = smoother.log_prior(record, point.theta, walk)
        value = likelihood.log_likelihood + of_points + log_prior(point.items)
        return value - 0.5 * determinant, likelihood

    point, values = drawn_point, []
    for _ in range(25):
        value, likelihood = climbed(point)
        values.append(value)
        point = improve(record, point, likelihood, walk, is_linked=True)
    assert (np.diff(values) > -1e-9).all()


def test_penalised_log_posterior_does_not_fall(record):
    plain = fit_ideal_points(record, Settings(memory=0))
    after = plain.trace.filter(pl.col("iteration") > 5)
    posterior = after["log_posterior"].to_numpy()
    assert len(posterior) > 10
    assert (np.diff(posterior) >= -1e-6 * np.abs(posterior[1:])).all()


def test_acceleration_leads_to_the_same_point_sooner(record, fit):
    plain = fit_ideal_points(record, Settings(memory=0, tolerance=1e-6))
    fast = fit_ideal_points(record, Settings(tolerance=1e-6))
    assert np.abs(plain.theta - fast.theta).max() < 1e-4
    assert fast.trace.height < plain.trace.height


def test_at_the_end_an_iteration_changes_nothing_and_the_scale_holds(record, fit):
    again, _ = iterate(record, Point(fit.theta, fit.items), Settings().innovation_variance)
    assert np.abs(again.theta - fit.theta).max() < 2e-4
    assert fit.theta.mean() == pytest.approx(0, abs=1e-9)
    assert fit.theta.std() == pytest.approx(1, abs=1e-9)


def test_the_united_states_is_positive(world, fit):
    votes, _ = world
    swapped = votes.with_columns(ccode=pl.col("ccode").replace({2: 365, 365: 2}).cast(pl.Int16))
    record = voting_record(swapped)
    other = fit_ideal_points(record)
    assert other.theta[record.ccode == 2].mean() > 0
    assert other.theta[record.ccode == 365].mean() < 0


def test_no_united_states_no_direction(world):
    votes, _ = world
    with pytest.raises(ValueError, match="the United States"):
        fit_ideal_points(voting_record(votes.filter(pl.col("ccode") != 2)))


def test_nobody_differs_nothing_to_estimate(world):
    with pytest.raises(ValueError, match="on no roll call"):
        voting_record(world[0].with_columns(choice=pl.lit("yes")))


def test_order_of_rows_changes_no_digit(world, fit):
    votes, _ = world
    shuffled = fit_ideal_points(voting_record(votes.sample(fraction=1, shuffle=True, seed=9)))
    assert np.array_equal(shuffled.theta, fit.theta)


def test_number_of_threads_changes_no_digit(tmp_path, fit, world):
    import subprocess
    import sys

    votes, _ = world
    votes.write_parquet(tmp_path / "votes.parquet")
    code = (
        "import sys, numpy as np, polars as pl\n"
        "from transforms.metrics.ideal_points.fit import fit_ideal_points\n"
        "from transforms.metrics.ideal_points.record import voting_record\n"
        "folder, name = sys.argv[1:]\n"
        "fit = fit_ideal_points(voting_record(pl.read_parquet(f'{folder}/votes.parquet')))\n"
        "np.save(f'{folder}/{name}.npy', fit.theta)\n"
    )
    import os

    for n in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
        environment = os.environ | dict.fromkeys(names, n)
        subprocess.run([sys.executable, "-c", code, str(tmp_path), n], check=True, env=environment)
    one, two = (np.load(tmp_path / f"{n}.npy") for n in ("1", "2"))
    assert np.array_equal(one, two)
    assert np.array_equal(one, fit.theta)


def test_states_that_are_not_sovereign_do_not_define_the_scale(world):
    votes, _ = world
    dependent = votes.with_columns(is_sovereign=pl.col("ccode") < 430)
    record = voting_record(dependent)
    fit = fit_ideal_points(record)
    sovereign = fit.theta[record.is_sovereign]
    assert sovereign.mean() == pytest.approx(0, abs=1e-9)
    assert sovereign.std() == pytest.approx(1, abs=1e-9)
    assert len(fit.theta) > len(sovereign)


# --- items -------------------------------------------------------------------------------


def test_an_item_without_a_category_keeps_one_cutpoint(record, fit):
    two = (record.counts > 0).sum(axis=0) == 2
    assert two.any()
    assert np.array_equal(record.has_two_cuts, ~two)
    assert (fit.items.cuts[record.n_items :][two] == 0).all()
    first, second = fit.items.cuts[: record.n_items], fit.items.cuts[record.n_items :]
    assert (second[~two] > first[~two]).all()
    assert not np.isin(record.middle_item, np.flatnonzero(two)).any()


def test_bridged_roll_calls_are_one_item(world):
    votes, _ = world
    bridges = pl.DataFrame({"rcid": ["1", "61", "121"], "item": ["1", "1", "1"]})
    record = voting_record(votes, bridges)
    assert record.n_items == voting_record(votes).n_items - 2
    assert record.item_session[record.rcid == 1].tolist() == [0]
    partly = voting_record(votes.filter(pl.col("rcid") != 1), bridges)
    assert 61 in partly.rcid
    assert 1 not in partly.rcid


# --- uncertainty -------------------------------------------------------------------------


def test_standard_errors_cover_the_truth(world, record, fit):
    truth = true_values(record, world[1])
    centred = (truth - truth.mean()) / truth.std()
    error = np.abs(fit.theta - centred) / conditional_se(record, fit, Settings())
    assert 0.88 < np.mean(error < 1.96) < 0.99


def test_bootstrap_is_reproducible_and_may_be_made_in_parts(record, fit):
    def draw(seed, draws, first_draw=0):
        return bootstrap_ideal_points(
            record, fit, Settings(), seed=seed, draws=draws, first_draw=first_draw, iterations=10
        )

    whole = draw(7, 3)
    assert np.array_equal(whole, np.concatenate([draw(7, 1), draw(7, 2, first_draw=1)]))
    assert not np.array_equal(whole, draw(8, 3))


def test_bootstrap_draws_scatter_around_the_estimate(record, fit):
    draws = bootstrap_ideal_points(record, fit, Settings(), seed=1, draws=8)
    assert draws.shape == (8, record.n_units)
    assert np.corrcoef(draws.mean(axis=0), fit.theta)[0, 1] > 0.99
    rms = np.sqrt(np.mean((draws - fit.theta) ** 2))
    assert rms == pytest.approx(
        np.sqrt(np.mean(conditional_se(record, fit, Settings()) ** 2)), rel=0.35
    )


def test_drawn_votes_have_the_fitted_shares(record, fit):
    drawn = draw_choices(record, fit, np.random.default_rng(1))
    assert set(np.unique(drawn)) <= {1, 2, 3}
    assert np.mean(drawn == 1) == pytest.approx(np.mean(record.choice == 1), abs=0.01)
    no_abstention = record.counts[1][record.item] == 0
    assert not (drawn[no_abstention] == 2).any()


# --- the tables --------------------------------------------------------------------------


def roll_calls_of(votes: pl.DataFrame) -> pl.DataFrame:
    voted = pl.col("choice").is_in(["yes", "abstain", "no"])
    return votes.group_by("rcid").agg(
        pl.col("session").first(),
        in_final_only=(pl.col("rcid").first() % 5 > 0),
        is_unanimous=pl.col("choice").filter(voted).n_unique() == 1,
    )


@pytest.fixture(scope="module")
def outcome(world):
    """The world with a weak state, a silent one, session 19, and a roll call without dissent."""
    votes, _ = world
    columns = ["rcid", "ccode", "session", "choice", "is_sovereign"]
    first = votes.filter(pl.col("session") == 1)["rcid"].unique().sort().to_list()
    extra = [(r, 900, 1, "yes", True) for r in first[:3]]
    extra += [(r, 901, 1, "absent", True) for r in first]
    extra += [(r, 902, 1, "not_member", True) for r in first]
    extra += [(9000, c, 19, v, True) for c, v in ((2, "yes"), (365, "no"))]
    extra += [(9001, c, 1, "yes", True) for c in (2, 365, 400)]
    extra += [(first[0], 511, 1, "no", True)]
    added = pl.DataFrame(extra, schema=columns, orient="row").cast(votes.schema)
    votes = pl.concat([votes, added])
    published = pl.DataFrame(
        {
            "ccode": [2, 2],
            "year": [1946, 1990],
            "ideal_point_published": [1.74, 9.0],
            "published_release": ["a release"] * 2,
        },
        schema_overrides={"ccode": pl.Int16, "year": pl.Int16},
    )
    return build_ideal_points(
        votes=votes, roll_calls=roll_calls_of(votes), ideal_points_published=published
    )


def test_tables_keep_their_contracts(outcome):
    for name, frame in outcome.tables.items():
        conformed = contracts()[name].conform(frame)
        assert conformed.height == frame.height
        assert conformed.select(contracts()[name].key).is_duplicated().sum() == 0


def point(outcome, ccode, session=1, vote_set="all_recorded"):
    rows = outcome.tables["metrics.ideal_point"].filter(
        ccode=ccode, session=session, vote_set=vote_set
    )
    return rows.row(0, named=True) if rows.height else None


def test_few_votes_are_flagged(outcome):
    weak = point(outcome, 900)
    assert (weak["n_votes"], weak["is_weak"], weak["null_reason"]) == (3, True, None)
    assert weak["ideal_point"] is not None
    assert not point(outcome, 2)["is_weak"]


def test_silence_has_no_ideal_point_but_a_reason(outcome):
    silent = point(outcome, 901)
    assert (silent["ideal_point"], silent["ideal_point_se"]) == (None, None)
    assert (silent["n_votes"], silent["null_reason"]) == (0, "absent_all")
    assert point(outcome, 902) is None


def test_the_published_series_stands_beside(outcome):
    assert point(outcome, 2)["ideal_point_published"] == 1.74
    assert point(outcome, 2)["published_release"] == "a release"
    assert point(outcome, 2, session=2)["ideal_point_published"] is None
    assert point(outcome, 2, session=2)["ideal_point"] is not None


def test_what_is_left_out_is_counted(outcome, world):
    votes, _ = world
    unanimous = votes.filter(pl.col("choice").n_unique().over("rcid") == 1).height
    lost = dict(outcome.losses.group_by("reason").agg(pl.col("n_rows").sum()).rows())
    assert lost == {
        "single_roll_call_session": 2,
        "unanimous_roll_call": 3 + unanimous,
        "zanzibar_two_votes": 1,
    }
    assert point(outcome, 2, session=19) is None
    assert point(outcome, 511) is None


def test_vote_sets_differ(outcome):
    counts = outcome.tables["metrics.ideal_point"].group_by("vote_set").agg(pl.col("n_votes").sum())
    by_set = dict(counts.rows())
    assert 0.7 < by_set["final_only"] / by_set["all_recorded"] < 0.9


def test_distance_of_the_docstring():
    points = pl.DataFrame(
        {
            "ccode": [2, 200, 900],
            "session": [1, 1, 1],
            "vote_set": ["final_only"] * 3,
            "ideal_point": [1.5, -0.5, None],
            "ideal_point_se": [0.3, 0.4, None],
            "n_votes": [30, 4, 0],
        }
    )
    rows = ideal_point_distances(points).sort("ccode1", "ccode2").rows()
    assert rows == [
        (2, 200, 1, "final_only", 2.0, 0.5, 4, None),
        (2, 900, 1, "final_only", None, None, 0, "absent_all"),
        (200, 900, 1, "final_only", None, None, 0, "absent_all"),
    ]


def test_distances_are_of_all_pairs(outcome):
    points = outcome.tables["metrics.ideal_point"]
    n = points.group_by("session", "vote_set").len()["len"].cast(pl.Int64)
    assert outcome.tables["metrics.ideal_point_distance"].height == (n * (n - 1) // 2).sum()


def test_a_vote_without_its_roll_call_is_refused(world):
    votes, _ = world
    roll_calls = roll_calls_of(votes).filter(pl.col("rcid") != 7)
    empty = pl.DataFrame(
        schema={
            "ccode": pl.Int16,
            "year": pl.Int16,
            "ideal_point_published": pl.Float64,
            "published_release": pl.String,
        }
    )
    with pytest.raises(ValueError, match="rcid 7 belongs to no roll call"):
        build_ideal_points(votes=votes, roll_calls=roll_calls, ideal_points_published=empty)


def test_a_longer_gap_lets_a_state_move_further(record, fit):
    loose = replace(Settings(), innovation_variance=0.2)
    assert (
        conditional_se(record, fit, loose).mean() > conditional_se(record, fit, Settings()).mean()
    )
