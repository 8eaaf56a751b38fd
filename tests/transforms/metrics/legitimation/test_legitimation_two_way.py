"""Errors by state and roll call, against regressions on single votes by statsmodels."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from transforms.inference.two_way_clustering import two_way_error
from transforms.metrics.legitimation.hegemon_support import build_hegemon_support, decided_votes
from transforms.metrics.legitimation.legitimation_two_way import TABLE, build_legitimation_two_way
from transforms.rollcall_matrix import by_session
from warehouse.contracts.read import contracts

CORE = {200: 1, 220: 1, 230: 2, 235: 3, 20: 2, 210: 4}
"""Ally to the session in which its treaty came into force; 4 is after the end."""

STATES = (2, *CORE, *range(600, 616))
N_SESSIONS, N_ROLL_CALLS = 3, 30


@pytest.fixture(scope="module")
def world():
    random = np.random.default_rng(11)
    lean = {c: random.normal(0.8 if c in CORE else -0.4, 0.5) for c in STATES}
    votes, roll_calls = [], []
    for rcid in range(1, N_SESSIONS * N_ROLL_CALLS + 1):
        session = 1 + (rcid - 1) // N_ROLL_CALLS
        roll_calls.append((rcid, session, True, dt.date(1945 + session, 11, 1)))
        side = random.normal(0, 1)
        for c in STATES:
            z = lean[c] + (side if c != 2 else abs(side)) + random.normal(0, 0.7)
            choice = "absent" if random.random() < 0.1 else "yes" if z > 0.3 else "no"
            votes.append((rcid, c, session, "abstain" if abs(z) < 0.3 else choice, True))
    tiers = [
        (2, c, 1945 + s, s >= since) for c, since in CORE.items() for s in range(1, N_SESSIONS + 1)
    ]
    schema: Any = {"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16}
    tables = {
        "votes": pl.DataFrame(votes, schema=[*schema, "choice", "is_sovereign"], orient="row").cast(
            schema
        ),
        "roll_calls": pl.DataFrame(
            roll_calls, schema=["rcid", "session", "in_final_only", "vote_month"], orient="row"
        )
        .cast({"rcid": pl.Int32, "session": pl.Int16})
        .with_columns(
            is_unanimous=pl.lit(False),
            is_important=pl.lit(False),
            importance_basis=pl.lit("coded"),
        ),
        "ally_tier": pl.DataFrame(
            tiers, schema=["ccode_hegemon", "ccode", "year", "tier_core"], orient="row"
        )
        .cast({"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "year": pl.Int16})
        .with_columns(tier_treaty="tier_core", tier_atop="tier_core", tier_guarantee="tier_core"),
    }
    support = build_hegemon_support(votes=tables["votes"], roll_calls=tables["roll_calls"])
    return tables | {"hegemon_support": support.tables["metrics.hegemon_support"]}


@pytest.fixture(scope="module")
def found(world):
    outcome = build_legitimation_two_way(**world)
    return contracts()[TABLE].conform(outcome.tables[TABLE])


@pytest.fixture(scope="module")
def single_votes(world):
    """One row per vote beside the United States, in the definition's own words."""
    rows = []
    counted = frozenset(world["roll_calls"]["rcid"].to_list())
    for ballots in by_session(world["votes"], world["roll_calls"]):
        others, own, rcids, ccodes = decided_votes(ballots, counted, 2)
        for v, rcid in enumerate(rcids):
            cast = {int(c): int(x) for c, x in zip(ccodes, others[:, v], strict=True) if x <= 3}
            for c, x in cast.items():
                rest = [y == own[v] for d, y in cast.items() if d != c]
                name = "unpopular" if np.mean(rest) < 0.5 else "popular"
                ally = float(CORE.get(c, 9) <= ballots.session)
                rows.append((rcid, c, ballots.session, name, 1 - abs(x - int(own[v])) / 2, ally))
    columns = ["rcid", "ccode", "session", "vote_class", "agreement", "ally"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def agree(row, rows, x, weights, *, place, by_which):
    """Estimate and errors against statsmodels; `by_which` clusters the error is the largest."""
    model = sm.WLS(rows["agreement"].to_numpy(), x, weights=weights)
    errors = {}
    for name, columns in {
        "state": ["ccode"],
        "roll_call": ["rcid"],
        "two_way": ["ccode", "rcid"],
    }.items():
        groups = {"groups": rows.select(columns).to_numpy().squeeze()}
        fit = model.fit(cov_type="cluster", cov_kwds=groups)
        assert row["estimate"] == pytest.approx(fit.params[place], abs=1e-9)
        errors[name] = fit.bse[place]
    assert max(errors, key=lambda name: errors[name]) == by_which
    assert row["std_error_state"] == pytest.approx(errors["state"], abs=1e-9)
    assert row["std_error_roll_call"] == pytest.approx(errors["roll_call"], abs=1e-9)
    assert row["std_error_two_way"] == pytest.approx(errors[by_which], abs=1e-9)


def one(found, vote_class, estimator):
    where = {"ccode_hegemon": 2, "tier": "core", "window_name": "whole"}
    return found.filter(**where, vote_class=vote_class, estimator=estimator).row(0, named=True)


def with_weights(rows):
    """Votes of states with ten of the class in their group, each state counting the same."""
    n = pl.len().over("ccode", "ally", "vote_class")
    rows = rows.with_columns(n=n).filter(pl.col("n") >= 10)
    return rows.with_columns(weight=1 / pl.col("n"))


@pytest.mark.parametrize(
    ("vote_class", "by_which"), [("unpopular", "two_way"), ("popular", "roll_call")]
)
def test_lp0_is_a_weighted_regression_of_votes(found, single_votes, vote_class, by_which):
    rows = with_weights(single_votes.filter(vote_class=vote_class))
    x = sm.add_constant(rows["ally"].to_numpy())
    row = one(found, vote_class, "LP0")
    agree(row, rows, x, rows["weight"].to_numpy(), place=1, by_which=by_which)
    assert row["n_votes_of_class"] == rows.height
    assert row["n_roll_calls"] == rows["rcid"].n_unique()


def test_lp1_is_the_interaction(found, single_votes):
    rows = with_weights(single_votes)
    ally, lost = rows["ally"].to_numpy(), (rows["vote_class"] == "unpopular").to_numpy()
    x = np.column_stack([np.ones(rows.height), ally, lost, ally * lost])
    row = one(found, "unpopular", "LP1")
    agree(row, rows, x, rows["weight"].to_numpy(), place=3, by_which="two_way")


def test_lp4_is_a_regression_with_states_and_sessions(found, single_votes):
    n = pl.len().over("ccode", "session")
    rows = single_votes.filter(vote_class="unpopular").filter(n >= 10)
    states = rows["ccode"].unique().sort().to_list()
    columns = [rows["ally"].to_numpy()]
    columns += [(rows["ccode"] == c).to_numpy() for c in states]
    columns += [(rows["session"] == s).to_numpy() for s in rows["session"].unique().sort()[1:]]
    x = np.column_stack(columns).astype(float)
    row = one(found, "unpopular", "LP4")
    agree(row, rows, x, np.ones(rows.height), place=0, by_which="two_way")


def test_placebos_without_allies_say_why(found):
    rows = found.filter(pl.col("ccode_hegemon") == 365)
    assert set(rows["null_reason"]) <= {"n_below_min", "out_of_coverage", "no_variation"}
    assert rows["estimate"].is_null().all()
    # without allies there is nobody to compare, which is no matter of who changed
    assert "no_variation" not in set(rows.filter(estimator="LP4")["null_reason"])


@pytest.mark.parametrize(("estimator", "n"), [("LP0", 5), ("LP4", 3)])
def test_an_interval_has_the_degrees_of_freedom_of_who_tells_of_the_estimate(found, estimator, n):
    # five are allies before the end, three of them not from the first session on
    row = one(found, "unpopular", estimator)
    half = stats.t.ppf(0.975, n - 1) * row["std_error_two_way"]
    assert row["ci_high"] - row["estimate"] == pytest.approx(half, abs=1e-8)


def test_an_error_needs_two_clusters_that_tell_of_the_estimate():
    assert (
        two_way_error(np.ones(1), np.ones(9), 1.0, n=9, n_coefficients=1, n_informative=5) is None
    )
    assert (
        two_way_error(np.ones(5), np.ones(9), 1.0, n=9, n_coefficients=1, n_informative=1) is None
    )
    found = two_way_error(np.ones(5), np.ones(9), 1.0, n=45, n_coefficients=2, n_informative=3)
    assert found is not None
    assert found.degrees_of_freedom == 2


@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=9),
    st.lists(st.floats(-1, 1), min_size=2, max_size=9),
    st.floats(0, 9),
)
def test_letting_votes_go_together_in_two_ways_never_makes_surer(first, second, squares):
    found = two_way_error(
        np.array(first), np.array(second), squares, n=100, n_coefficients=2, n_informative=9
    )
    assert found is not None
    assert found.both >= max(found.first, found.second)


def test_where_single_scores_vary_more_than_sums_the_larger_kind_of_clusters_counts():
    by_first, by_second = np.array([0.1, -0.1]), np.array([0.3, -0.1, -0.2])
    found = two_way_error(by_first, by_second, 9.0, n=100, n_coefficients=2, n_informative=2)
    assert found is not None
    assert found.both == found.second == pytest.approx((99 / 98 * 3 / 2 * 0.14) ** 0.5)
    little = two_way_error(by_first, by_second, 0.01, n=100, n_coefficients=2, n_informative=2)
    assert little is not None
    assert little.both**2 == pytest.approx(99 / 98 * (2 * 0.02 + 3 / 2 * 0.14 - 100 / 99 * 0.01))
