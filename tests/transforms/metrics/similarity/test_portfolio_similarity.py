"""Alliance portfolios and their similarity: a published table, toys, identities."""

import json
import math
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau
from sklearn.metrics import cohen_kappa_score

from flows.engine.coverage import coverages
from transforms.contingency_tables import whole_weights
from transforms.metrics.similarity.alliance_portfolios import tie_ranks, year_portfolios
from transforms.metrics.similarity.portfolio_similarity import (
    MEASURES,
    build_portfolio_similarity,
    portfolio_measures,
)
from transforms.metrics.system_members import covered_years, system_members
from warehouse.contracts.read import contracts

GOLDEN = json.loads((Path(__file__).parents[3] / "golden" / "similarity.json").read_text("utf-8"))
PROMISES = ("defense", "offense", "neutral", "nonagg", "consul")
DEFENCE, CONSULTATION = {"defense": 1}, {"consul": 1}


def promises(*rows):
    """Rows of core.obligations: (from, to, promises), year 1950 and alliance 1 unless given."""
    base: dict[str, Any] = dict.fromkeys(PROMISES, 0) | {"year": 1950, "atopid": 1}
    base |= {"is_cow_dyad": True, "not_owed": None}
    records = [base | {"ccode_from": f, "ccode_to": t} | given_ for f, t, given_ in rows]
    schema: dict[str, Any] = dict.fromkeys(("ccode_from", "ccode_to", "year", *PROMISES), pl.Int16)
    more = {"atopid": pl.Int32, "is_cow_dyad": pl.Boolean, "not_owed": pl.String}
    return pl.DataFrame(records, schema=schema | more)


def mutual(a, b, given_):
    return (a, b, given_), (b, a, given_)


def members(*rows):
    """Rows of core.states: (ccode, region, first day, last day), 1950 unless given."""
    full = [(*row, date(1950, 1, 1), date(1950, 12, 31))[:2] + (row[2:] or
            (date(1950, 1, 1), date(1950, 12, 31))) for row in rows]  # fmt: skip
    schema = {"ccode": pl.Int16, "region": pl.String, "valid_from": pl.Date, "counts_to": pl.Date}
    return pl.DataFrame(full, schema=schema, orient="row")


def shares(**cinc):
    rows = [(int(code[1:]), 1950, value) for code, value in cinc.items()]
    schema = {"ccode": pl.Int16, "year": pl.Int16, "cinc": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


COVERED = coverages(("atop", "cow_states"))
FOUR = members((1, "a"), (2, "a"), (3, "a"), (4, "b"))
WEIGHTS = shares(c1=0.5, c2=0.2, c3=0.2, c4=0.1)
TOY = promises(*mutual(1, 2, DEFENCE), *mutual(3, 4, CONSULTATION))


def similarity(obligations=TOY, states=FOUR, capabilities=WEIGHTS, **options):
    outcome = build_portfolio_similarity(
        obligations=obligations,
        states=states,
        capabilities=capabilities,
        coverage=COVERED,
        **options,
    )
    assert outcome.losses.is_empty()
    table = outcome.tables["metrics.portfolio_similarity"]
    return contracts()["metrics.portfolio_similarity"].conform(table)


def row(table, a, b, ranks="valued", scope="global"):
    chosen = table.filter(ccode1=a, ccode2=b, ranks=ranks, scope=scope)
    assert chosen.height == 1
    return chosen.row(0, named=True)


def test_published_table_of_germany_and_russia_in_1914():
    # Signorino and Ritter 1999, table 6.
    case = GOLDEN["portfolios"]["Germany and Russia 1914"]
    both = np.array([case["a"], case["b"]], np.int8)
    got = {k: v[0] for k, v in portfolio_measures(both, np.array(case["weights"])).items()}
    assert got["s_abs"] == pytest.approx(0.40, abs=1e-12)
    assert got["s_abs_cinc"] == pytest.approx(-0.46, abs=1e-11)
    assert got["tau_b"] == pytest.approx(0.03031695, abs=5e-9)
    assert got["kappa_sq"] == pytest.approx(-0.07758621, abs=5e-9)
    assert got["s_sq"] == pytest.approx(0.444444, abs=5e-7)
    assert got["pi_sq"] == pytest.approx(-0.086957, abs=5e-7)


def test_toy_of_four_states_from_promises_to_measures():
    table = similarity()
    assert row(table, 1, 3)["s_abs"] == pytest.approx(-0.833333, abs=5e-7)
    assert row(table, 3, 4)["s_abs"] == pytest.approx(0.666667, abs=5e-7)
    assert row(table, 1, 3)["kappa_sq"] == pytest.approx(-0.9375, abs=1e-12)
    assert row(table, 3, 4)["tau_b"] == pytest.approx(0.6, abs=1e-12)
    for (a, b), expected in {(1, 3): -0.933333, (1, 4): -0.866667, (3, 4): 0.8}.items():
        assert row(table, a, b)["s_abs_cinc"] == pytest.approx(expected, abs=5e-7)
    assert row(table, 1, 2)["s_abs"] == row(table, 1, 2)["kappa_sq"] == 1.0
    assert [row(table, *pair)["tie_rank"] for pair in ((1, 2), (3, 4), (1, 3))] == [3, 2, 0]


@pytest.mark.parametrize(
    ("given_", "rank"),
    [
        ({"defense": 1}, 3),
        ({"offense": 1}, 3),
        ({"defense": 1, "nonagg": 1, "consul": 1}, 3),
        ({"neutral": 1}, 2),
        ({"consul": 1}, 2),
        ({"consul": 1, "nonagg": 1}, 2),
        ({"nonagg": 1}, 1),
        ({}, 0),
    ],
)
def test_the_strongest_promise_is_the_rank(given_, rank):
    assert tie_ranks(promises((1, 2, given_)))["rank"].to_list() == [rank]


def test_the_strongest_of_several_alliances_counts():
    ties = promises((1, 2, {"nonagg": 1}), (1, 2, {"neutral": 1, "atopid": 2}))
    assert tie_ranks(ties)["rank"].to_list() == [2]


def test_a_one_way_pledge_ties_both_unless_portfolios_are_directed():
    one_way = promises((1, 2, DEFENCE), (2, 1, {}))
    both = row(similarity(one_way), 1, 2)
    assert (both["tie_rank"], both["s_abs"], both["has_unranked_alliance"]) == (3, 1.0, False)
    # Directed: (3, 3, 0, 0) against (0, 3, 0, 0).
    assert row(similarity(one_way, directed=True), 1, 2)["s_abs"] == 0.5


def test_an_alliance_without_a_ranked_promise_is_flagged():
    table = similarity(promises(*mutual(1, 2, {})))
    assert row(table, 1, 2)["has_unranked_alliance"]
    assert row(table, 1, 2)["tie_rank"] == 0
    assert not row(table, 1, 3)["has_unranked_alliance"]


def test_a_tie_to_who_is_no_member_does_not_count():
    outside = promises((1, 2, {"defense": 1, "is_cow_dyad": False}), (1, 999, DEFENCE | {
        "is_cow_dyad": False}))  # fmt: skip
    assert similarity(outside)["tie_rank"].to_list() == [0] * 18


def test_binary_ranks_tell_a_tie_from_none():
    table = similarity()
    binary = row(table, 3, 4, ranks="binary")
    assert (binary["s_abs"], binary["kappa_sq"], binary["tie_rank"]) == (1.0, 1.0, 1)
    assert row(table, 1, 3, ranks="binary")["s_abs"] == -1.0
    two = table.filter(ranks="binary")
    assert two["s_abs"].to_list() == two["s_sq"].to_list()


def test_a_region_is_compared_within_itself():
    table = similarity()
    regional = table.filter(scope="region", ranks="valued")
    assert regional.select("ccode1", "ccode2").rows() == [(1, 2), (1, 3), (2, 3)]
    assert regional["n_states"].to_list() == [3, 3, 3]
    # Ties to 4, in another region, do not count: (3, 3, 0) against (0, 0, 3).
    assert row(table, 1, 3, scope="region")["s_abs"] == -1.0
    assert table.filter(scope="global", ranks="valued").height == 6


def test_who_is_all_allied_has_no_variation():
    table = similarity(states=members((1, "a"), (2, "a"), (3, "b"), (4, "b")))
    allied = row(table, 1, 2, scope="region")
    assert (allied["s_abs"], allied["s_sq"], allied["s_abs_cinc"]) == (1.0, 1.0, 1.0)
    assert (allied["pi_sq"], allied["kappa_sq"], allied["tau_b"]) == (None, None, None)
    assert allied["null_reason"] == "no_variation"
    assert row(table, 1, 2)["null_reason"] is None


def test_a_state_without_capabilities_drops_out_of_weighted_s_only():
    table = similarity(capabilities=shares(c1=0.5, c2=0.2, c4=0.1, c3=None))
    pair = row(table, 1, 4)  # ranks differ by 3, 3 and 3 on weights .5, .2 and .1
    assert (pair["n_states"], pair["n_states_cinc"]) == (4, 3)
    assert pair["s_abs_cinc"] == pytest.approx(-1.0, abs=1e-12)
    assert pair["s_abs"] == row(similarity(), 1, 4)["s_abs"]
    nothing = similarity(capabilities=shares())
    assert set(nothing.filter(scope="global")["null_reason"]) == {"capability_missing"}
    assert nothing["s_abs_cinc"].null_count() == nothing.height
    assert nothing["n_states_cinc"].to_list() == [0] * nothing.height


def test_one_day_of_membership_makes_a_year():
    states = members(
        (1, "a", date(1949, 12, 31), date(1951, 1, 1)),
        (2, "a", date(1950, 6, 1), date(1950, 6, 1)),
        (2, "a", date(1950, 9, 1), date(1951, 3, 1)),
        (3, "a", date(1700, 1, 1), date(1815, 12, 31)),
        (4, "b", date(2018, 12, 31), date(2024, 12, 31)),
    )
    listed = system_members(states, covered_years(COVERED, TOY)).select("year", "ccode").rows()
    assert listed == [(1949, 1), (1950, 1), (1950, 2), (1951, 1), (1951, 2), (2018, 4)]
    table = similarity(promises(*mutual(1, 2, DEFENCE)), states=states)
    assert sorted(set(table["year"])) == [1950, 1951]


@pytest.mark.parametrize("states", [members((1, "a")), members((1, "a"), (2, "a"), (4, "b"))])
def test_a_tie_of_who_is_not_in_the_system_is_refused(states):
    with pytest.raises(ValueError, match=r"ccode_\w+ \d in 1950 is marked as a member"):
        similarity(states=states)


def test_nothing_in_nothing_out():
    assert similarity(TOY.clear(), members()).height == 0


def test_neither_order_of_rows_nor_codes_matter():
    shuffled = similarity(
        TOY.sample(fraction=1, shuffle=True, seed=1),
        FOUR.sample(fraction=1, shuffle=True, seed=2),
        WEIGHTS.sample(fraction=1, shuffle=True, seed=3),
    )
    assert shuffled.equals(similarity())
    swapped = {1: 4, 2: 3, 3: 2, 4: 1}
    renamed = similarity(
        TOY.with_columns(pl.col("ccode_from", "ccode_to").replace(swapped)),
        FOUR.with_columns(pl.col("ccode").replace(swapped)),
        WEIGHTS.with_columns(pl.col("ccode").replace(swapped)),
    )
    for a, b in ((1, 2), (1, 3), (1, 4), (2, 3), (3, 4)):
        new = tuple(sorted((swapped[a], swapped[b])))
        expected = {k: row(similarity(), a, b)[k] for k in MEASURES}
        assert {k: row(renamed, *new)[k] for k in MEASURES} == expected


def test_stored_measures_are_off_by_less_than_a_millionth_of_a_millionth():
    table = similarity().filter(scope="global", ranks="valued")
    (year,) = year_portfolios(TOY, FOUR, WEIGHTS, COVERED)
    for name, values in portfolio_measures(year.ranks, year.cinc).items():
        assert np.abs(table[name].to_numpy() - values).max() < 1e-12


@st.composite
def portfolios(draw, n_actors=2):
    n = draw(st.integers(2, 20))
    line = st.lists(st.integers(0, 3), min_size=n, max_size=n)
    weight = st.one_of(st.floats(0, 1, allow_subnormal=False), st.just(math.nan))
    weights = draw(st.lists(weight, min_size=n, max_size=n))
    return np.array([draw(line) for _ in range(n_actors)], np.int8), np.array(weights)


@given(portfolios())
def test_agrees_with_plain_sums_scikit_learn_and_scipy(case):
    (a, b), weights = case
    got = {
        name: values[0] for name, values in portfolio_measures(np.array([a, b]), weights).items()
    }
    assert got["s_abs"] == pytest.approx(1 - 2 * np.mean(np.abs(a - b) / 3), abs=1e-12)
    assert got["s_sq"] == pytest.approx(1 - 2 * np.mean((a - b) ** 2 / 9), abs=1e-12)
    known = ~np.isnan(weights)
    if weights[known].sum() > 0:
        expected = 1 - 2 * np.average(np.abs(a - b)[known] / 3, weights=weights[known])
        assert got["s_abs_cinc"] == pytest.approx(expected, abs=1e-10)
    else:
        assert math.isnan(got["s_abs_cinc"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tau = kendalltau(a, b).statistic
        if len(set(a) | set(b)) > 1:
            other = cohen_kappa_score(a, b, labels=[0, 1, 2, 3], weights="quadratic")
            assert got["kappa_sq"] == pytest.approx(other, abs=1e-12)
        else:
            assert math.isnan(got["kappa_sq"])
            assert math.isnan(got["pi_sq"])
    assert got["tau_b"] == pytest.approx(tau, abs=1e-12, nan_ok=True)


@given(portfolios(n_actors=4), st.randoms(use_true_random=False))
def test_bounds_and_no_bit_depends_on_the_order_of_states(case, random):
    ranks, weights = case
    order = list(range(len(weights)))
    random.shuffle(order)
    one = portfolio_measures(ranks, weights)
    other = portfolio_measures(np.ascontiguousarray(ranks[:, order]), weights[order])
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)
        assert np.all(np.isnan(values) | (np.abs(values) <= 1)), name


def test_weights_become_whole_numbers_in_proportion():
    weights = np.array([0.3, 5e-6, 0.0, np.nan, 0.1])
    whole = whole_weights(weights)
    assert np.array_equal(whole, np.rint(whole))
    assert 2**41 <= whole.max() <= 2**42
    np.testing.assert_allclose(whole / whole[0], [1, 5e-6 / 0.3, 0, 0, 1 / 3], atol=2.0**-41)
    assert not whole_weights(np.array([np.nan, 0.0])).any()
