"""Bootstrap of ideal points in chunks: however it is cut, the same numbers."""

import numpy as np
import polars as pl
import pytest

from transforms.metrics.ideal_points import bootstrap
from transforms.metrics.ideal_points import standard_errors as uncertainty
from transforms.metrics.ideal_points.bootstrap import draw_points, first_fit, summarise
from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.ideal_point import record_of

N_STATES, N_SESSIONS, N_ROLL_CALLS = 14, 3, 25


@pytest.fixture(scope="module")
def votes():
    """States along a line that vote on questions along it."""
    random = np.random.default_rng(3)
    ccodes = np.array([2, 365, *range(400, 398 + N_STATES)])
    theta = np.linspace(2, -2, N_STATES)
    theta[[1, -1]] = theta[[-1, 1]]
    rows = []
    for session in range(1, N_SESSIONS + 1):
        for number in range(N_ROLL_CALLS):
            rcid = session * 100 + number
            slope, cut = random.normal(), random.normal(scale=0.5)
            latent = slope * theta + random.normal(size=N_STATES)
            choices = np.where(latent < cut - 0.3, "yes", np.where(latent < cut, "abstain", "no"))
            rows += [
                (rcid, int(c), session, choice, True)
                for c, choice in zip(ccodes, choices, strict=True)
            ]
    return pl.DataFrame(
        rows,
        schema={
            "rcid": pl.Int32,
            "ccode": pl.Int16,
            "session": pl.Int16,
            "choice": pl.String,
            "is_sovereign": pl.Boolean,
        },
        orient="row",
    )


@pytest.fixture(scope="module")
def inputs(votes):
    roll_calls = votes.group_by("rcid").agg(
        pl.lit(True).alias("in_final_only"),
        pl.lit(True).alias("in_all_recorded"),
        (pl.col("choice").n_unique() == 1).alias("is_unanimous"),
    )
    return {"votes": votes, "roll_calls": roll_calls, "vote_set": "final_only"}


@pytest.fixture(scope="module")
def fitted(inputs):
    return first_fit(**inputs)


def drawn(inputs, fitted, n_chunks, n_draws=6):
    return pl.concat(
        draw_points(chunk=k, n_chunks=n_chunks, n_draws=n_draws, fitted=fitted, **inputs)
        for k in range(n_chunks)
    )


@pytest.mark.parametrize("n_chunks", [2, 5, 6])
def test_however_it_is_cut_the_draws_are_the_same(inputs, fitted, n_chunks):
    assert drawn(inputs, fitted, n_chunks).equals(drawn(inputs, fitted, 1))


def test_draws_are_those_of_the_module_that_makes_them(inputs, fitted):
    record = record_of(inputs["votes"], inputs["roll_calls"], "final_only")
    fit = fit_ideal_points(record, Settings())
    whole = uncertainty.bootstrap_ideal_points(
        record, fit, Settings(), seed=bootstrap.SEED, draws=3
    )
    found = drawn(inputs, fitted, 1, n_draws=3)
    assert np.array_equal(found["ideal_point"].to_numpy().reshape(3, -1), whole)
    assert found["ccode"].to_list() == record.ccode.tolist() * 3


def test_the_summary_is_that_of_the_draws(inputs, fitted):
    draws = drawn(inputs, fitted, 3)
    table = summarise(fitted=fitted, chunks=draws, **inputs)
    assert table.height == N_STATES * N_SESSIONS
    usa = draws.filter(ccode=2, session=2)["ideal_point"]
    row = table.row(by_predicate=(pl.col("ccode") == 2) & (pl.col("session") == 2), named=True)
    assert row["bootstrap_se"] == pytest.approx(usa.std(), rel=1e-12)
    assert usa.min() <= row["ci_low"] <= row["ci_high"] <= usa.max()
    assert (row["n_draws"], row["seed"]) == (6, bootstrap.SEED)
    assert row["ideal_point"] > 0
