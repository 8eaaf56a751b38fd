"""`metrics.coalition_unpopularity`: the exact test, its interval, and who is compared with whom."""

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from flows.engine.reference import read_reference
from tests.transforms.metrics.coalitions.test_coalition_model import world  # noqa: F401 - fixture
from transforms.metrics.coalitions.coalition_unpopularity import (
    EFFECTS,
    TABLE,
    build_coalition_unpopularity,
    slope_by_permutation,
)
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

RANKS = np.arange(1.0, 7.0)


def test_six_coalitions_in_order_have_the_least_p_of_720_permutations() -> None:
    found = slope_by_permutation(RANKS, np.array([0.1, 0.3, 0.6, 1.0, 1.5, 2.1]))
    assert found["p_value"] == pytest.approx(2 / 720)
    assert found["ci_low"] > 0
    assert found["n"] == 6


def test_slope_and_p_are_those_of_least_squares_over_all_orders() -> None:
    effects = np.array([3.9, 2.6, 3.2, 5.9, 2.2])
    ranks = np.arange(1.0, 6.0)
    slope = stats.linregress(ranks, effects).slope
    orders = [stats.linregress(np.array(o), effects).slope for o in permutations(ranks)]
    found = slope_by_permutation(ranks, effects)
    assert found["estimate"] == pytest.approx(slope)
    assert found["p_value"] == pytest.approx(np.mean(np.abs(orders) >= abs(slope) - 1e-9))


def test_the_interval_has_the_slopes_that_are_not_rejected() -> None:
    effects = np.array([0.3, 0.1, 0.9, 1.4, 1.1, 2.0])
    found = slope_by_permutation(RANKS, effects)
    for end, outward in ((found["ci_low"], -1), (found["ci_high"], 1)):
        for shift, rejected in ((1e-4, True), (-1e-4, False)):
            left = effects - (end + outward * shift) * RANKS
            assert (slope_by_permutation(RANKS, left)["p_value"] <= 0.05) == rejected


def test_four_coalitions_could_reject_nothing() -> None:
    found = slope_by_permutation(np.arange(1.0, 5.0), np.array([1.0, 2.0, 3.0, 4.0]))
    assert found == {"n": 4, "null_reason": "n_below_min"}


@pytest.fixture(scope="module")
def built(world) -> StepResult:  # noqa: F811
    columns = ("coalition_support", "states", "treaty_allies", "obligations", "ally_tier")
    years = pl.DataFrame({"year": [1990, 1999, 2001, 2011]}, schema={"year": pl.Int64})
    tiers = world["ally_tier"].filter(pl.col("year") == 2003).drop("year").join(years, how="cross")
    return build_coalition_unpopularity(
        **{name: world[name] for name in columns if name != "ally_tier"},
        ally_tier=pl.concat([world["ally_tier"], tiers.select(world["ally_tier"].columns)]),
        nato_aspirants=world["nato_aspirants"],
        coalition_operations=pl.DataFrame(
            {
                "coalition": ["gulf_1991"] * 4 + ["kosovo_1999"] * 2 + ["libya_2011"] * 3,
                "ccode": ["20", "200", "220", "940", "20", "200", "200", "616", "210"],
            }
        ),
        coalition_unpopularity=read_reference("coalition_unpopularity"),
    )


def of(built: StepResult, **where: object) -> dict[str, object]:
    table = contracts()[EFFECTS].conform(built.tables[EFFECTS])
    return table.filter(leader=2, **where).row(0, named=True)


def test_allies_of_the_day_are_compared_with_states_that_were_neither(built: StepResult) -> None:
    gulf = {"coalition": "gulf_1991", "tier": "core", "specification": "firth_bivariate"}
    found = of(built, **gulf)
    # four core allies of 1991, three of whom sent forces; Iraq and the leader are left out
    assert (found["n_ally_support"], found["n_ally_none"]) == (3, 1)
    yes, no = found["n_other_support"], found["n_other_none"]
    assert yes == 1
    assert found["estimate"] == pytest.approx(np.log(3.5 / 1.5) - np.log(1.5 / (no + 0.5)))  # type: ignore[operator]


def test_a_coalition_without_a_documented_list_has_its_row_and_no_estimate(
    built: StepResult,
) -> None:
    where = {"coalition": "afghanistan_2001", "tier": "core", "specification": "firth_aspirant"}
    found = of(built, **where)
    assert (found["estimate"], found["null_reason"]) == (None, "unit_not_in_source")
    assert found["unpopularity_rank"] == 1


def test_the_slope_is_over_the_coalitions_that_have_an_effect(built: StepResult) -> None:
    table = contracts()[TABLE].conform(built.tables[TABLE])
    found = table.filter(tier="core", specification="firth_bivariate").row(0, named=True)
    effects = built.tables[EFFECTS].filter(tier="core", specification="firth_bivariate")
    known = effects.drop_nulls("estimate").sort("unpopularity_rank")
    assert found["n"] == known.height == 5
    slope = stats.linregress(np.arange(1, 6), known["estimate"].to_numpy()).slope
    assert found["estimate"] == pytest.approx(slope)


def test_every_entry_of_the_lists_names_its_document() -> None:
    for name in ("coalition_operations", "coalition_unpopularity"):
        rows = read_reference(name)
        assert rows["document"].null_count() == 0
        assert rows["confidence"].is_in(["high", "medium", "low"]).all()
    operations = read_reference("coalition_operations")
    counts = dict(operations.group_by("coalition").len().iter_rows())
    assert counts == {"gulf_1991": 38, "kosovo_1999": 12, "libya_2011": 17}
    assert operations.select("coalition", "ccode").is_unique().all()
    assert "2" not in operations["ccode"].to_list()
