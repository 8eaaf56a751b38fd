"""Rank correlations of product and burden, and when there are none."""

import doctest
from itertools import permutations

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from transforms.inference import rank_correlation
from transforms.inference.rank_correlation import kendall_tau, permutation_p_value, spearman_rho
from transforms.metrics.alliances.burden_sharing import SEED, build_burden_sharing, burden_measures
from warehouse.contracts.read import contracts

TABLE = "metrics.burden_sharing"

# Olson and Zeckhauser 1966: product (billion dollars) and defence share (%) of 14 allies in 1964;
# Luxembourg and Portugal last
PRODUCT = (569.03, 88.87, 79.46, 73.40, 43.63, 38.14, 15.00, 13.43, 7.73, 6.69, 5.64, 4.31, 0.53, 2.88)  # fmt: skip # noqa: E501
DEFENCE = (9.0, 5.5, 7.0, 6.7, 4.1, 4.4, 4.9, 3.7, 3.3, 5.8, 3.9, 4.2, 1.7, 7.7)


def floats(values):
    return np.array(values, dtype=np.float64)


def measures(
    product: npt.NDArray[np.float64], defence: npt.NDArray[np.float64], seed: int = SEED
) -> dict[str, float | str | None]:
    """What is measured; there is something to measure."""
    found = burden_measures(product, defence, seed)
    assert found is not None
    return found


def test_examples_in_the_docstrings():
    tried = doctest.testmod(rank_correlation)
    assert tried.failed == 0
    assert tried.attempted >= 4


def test_olson_and_zeckhauser():
    found = measures(floats(PRODUCT), floats(DEFENCE))
    assert found["spearman_rho"] == pytest.approx(0.490110, abs=5e-7)
    assert found["kendall_tau"] == pytest.approx(0.384615, abs=5e-7)
    assert found["p_value_method"] == "monte_carlo"
    # .038 by Student's t; 9,999 permutations have a standard error of .002
    assert found["p_value"] == pytest.approx(0.038, abs=0.006)
    assert stats.spearmanr(PRODUCT, DEFENCE).pvalue == pytest.approx(0.0752, abs=5e-5)
    assert found["leader_gap"] == pytest.approx(9.0 - sum(DEFENCE[1:]) / 13)


def test_olson_and_zeckhauser_without_portugal():
    found = measures(floats(PRODUCT[:-1]), floats(DEFENCE[:-1]))
    assert found["spearman_rho"] == pytest.approx(0.725275, abs=5e-7)
    assert found["kendall_tau"] == pytest.approx(0.564103, abs=5e-7)


def test_many_draws_come_close_to_the_exact_value(monkeypatch):
    nine = floats(PRODUCT[:9]), floats(DEFENCE[:9])
    exact, method = permutation_p_value(*nine, SEED, 1)
    assert method == "exact"
    monkeypatch.setattr(rank_correlation, "EXACT_UP_TO", 8)
    drawn, method = permutation_p_value(*nine, SEED, 99_999)
    assert method == "monte_carlo"
    assert drawn == pytest.approx(exact, abs=0.005)


few = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=12
).filter(lambda p: all(len(set(x)) > 1 for x in zip(*p, strict=True)))  # fmt: skip


@given(few)
def test_scipy_finds_the_same(pairs):
    x, y = (floats(v) for v in zip(*pairs, strict=True))
    assert spearman_rho(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    assert kendall_tau(x, y) == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)


@settings(max_examples=30)
@given(few.filter(lambda p: len(p) <= 5))
def test_the_exact_p_value_counts_every_order(pairs):
    x, y = (floats(v) for v in zip(*pairs, strict=True))
    found = spearman_rho(x, y)
    all_rho = [spearman_rho(x, floats(order)) for order in permutations(y)]
    expected = np.mean([rho >= found - 1e-12 for rho in all_rho])
    p_value, method = permutation_p_value(x, y, SEED, 1)
    assert (p_value, method) == (pytest.approx(expected), "exact")


def test_a_constant_has_no_rank_correlation():
    assert np.isnan(spearman_rho(floats([1, 2, 3]), floats([5, 5, 5])))
    assert np.isnan(kendall_tau(floats([1, 2, 3]), floats([5, 5, 5])))


def test_the_draws_depend_on_the_seed_alone():
    one = measures(floats(PRODUCT), floats(DEFENCE), seed=7)
    assert measures(floats(PRODUCT), floats(DEFENCE), seed=7) == one
    assert measures(floats(PRODUCT), floats(DEFENCE), seed=8)["p_value"] != one["p_value"]


@pytest.mark.parametrize("product", [[4.0, 3, 2, 1], [1.0, 5, 4, 3, 2]])
def test_too_few_members_or_no_leader_first_are_refused(product):
    with pytest.raises(ValueError, match="largest first"):
        measures(floats(product), floats(product))


# --- the table ------------------------------------------------------------------------------

PROMISES = ("defense", "offense", "neutral", "consul", "nonagg")
GDP = {2: 500.0, 200: 90.0, 220: 80.0, 260: 70.0, 325: 40.0, 20: 30.0}
SHARE = {2: 0.09, 200: 0.07, 220: 0.05, 260: 0.06, 325: 0.03, 20: 0.04}
YEAR = 1964


def build(ccodes=GDP, gdp=GDP, share=SHARE, years=(YEAR, YEAR)):
    keys = {"atopid": pl.Int32, "ccode": pl.Int16, "year_from": pl.Int16, "year_to": pl.Int16}
    state_year = {"ccode": pl.Int16, "year": pl.Int16}
    spells = ("ccode", "year_from", "year_to", "carried_forward_from_year")
    outcome = build_burden_sharing(
        alliance_members=pl.DataFrame(
            [(1, c, *years, 1, 0, 0, 0, 0) for c in ccodes],
            schema=keys | dict.fromkeys(PROMISES, pl.Int16),
            orient="row",
        ),
        military_expenditure=pl.DataFrame(
            [(c, YEAR, x * gdp.get(c, 1.0)) for c, x in share.items()],
            schema=state_year | {"milex_usd": pl.Float64},
            orient="row",
        ),
        gdp=pl.DataFrame(
            [(c, YEAR, x) for c, x in gdp.items()],
            schema=state_year | {"gdp_usd": pl.Float64},
            orient="row",
        ),
        major_powers=pl.DataFrame(
            [(2, 1898, 2016, None)], schema=dict.fromkeys(spells, pl.Int16), orient="row"
        ),
    )
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def without(values, *ccodes):
    return {c: x for c, x in values.items() if c not in ccodes}


def test_an_alliance_year():
    row = build().row(0, named=True)
    assert (row["leader_ccode"], row["n_members"], row["n_observed"]) == (2, 6, 6)
    ranked = stats.spearmanr(list(GDP.values()), list(SHARE.values())).statistic
    assert row["spearman_rho"] == pytest.approx(ranked)
    assert row["p_value_method"] == "exact"
    assert row["leader_burden"] == pytest.approx(0.09)
    assert row["partner_mean_burden"] == pytest.approx(0.05)
    assert row["leader_gap"] == pytest.approx(0.04)
    assert row["mean_burden"] == pytest.approx(0.34 / 6)
    above = [x - 0.34 / 6 for x in SHARE.values() if x > 0.34 / 6]
    assert row["excess_burden"] == pytest.approx(sum(above))
    rest = stats.spearmanr(list(GDP.values())[1:], list(SHARE.values())[1:]).statistic
    assert row["spearman_rho_without_leader"] == pytest.approx(rest)


def test_without_the_leader_five_must_be_left():
    row = build(ccodes=without(GDP, 20)).row(0, named=True)
    assert row["spearman_rho"] is not None
    assert row["spearman_rho_without_leader"] is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"ccodes": [2]}, "single_member"),
        ({"years": (1959, 1959)}, "out_of_coverage"),
        ({"ccodes": [2, 200, 220, 260]}, "n_below_min"),
        ({"share": without(SHARE, 200, 220)}, "n_below_min"),
        ({"share": without(SHARE, 2)}, "capability_missing"),
        ({"ccodes": [*GDP, 350]}, None),
        ({"ccodes": [*GDP, 350, 640]}, "capability_missing"),
        ({"gdp": dict.fromkeys(GDP, 1.0)}, "no_variation"),
        ({"share": dict.fromkeys(SHARE, 0.0)}, "no_variation"),
    ],
)
def test_reasons(arguments, reason):
    row = build(**arguments).row(0, named=True)
    assert row["null_reason"] == reason
    assert (row["spearman_rho"] is None) == (reason is not None)


def test_no_armed_forces_are_a_burden_of_zero():
    row = build(share={**SHARE, 20: 0.0}).row(0, named=True)
    assert (row["n_observed"], row["partner_mean_burden"]) == (6, pytest.approx(0.21 / 5))
