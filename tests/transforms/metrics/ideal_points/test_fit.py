"""Ideal points of worlds whose truth is known."""

import numpy as np
import polars as pl
import pytest

from tests.transforms.metrics.ideal_points.wandering_states import simulate, true_values
from transforms.metrics.ideal_points import kalman_smoother as smoother
from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.item_parameters import log_prior
from transforms.metrics.ideal_points.likelihood import evaluate
from transforms.metrics.ideal_points.model import Point, improve, iterate, slope_precision
from transforms.metrics.ideal_points.vote_arrays import voting_record


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
        "from transforms.metrics.ideal_points.vote_arrays import voting_record\n"
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
