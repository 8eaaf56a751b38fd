"""LP5: allies and their nearest neighbours, by hand and in a world that fools LP0."""

import math
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from expectations.metrics.legitimation_premium import SUITES
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.legitimation_premium import SCHEMA, compare
from transforms.metrics.legitimation.nearest_neighbour_matching import Group, matched_effect
from transforms.metrics.legitimation.panel import Panel
from transforms.metrics.legitimation.pretreatment_covariates import histories_of, pool_of
from warehouse.contracts.read import contracts

CLASSES = [
    *("unpopular", "popular", "isolated", "unpopular_third", "hegemon_specific"),
    *("hegemon_specific_loo", "important"),
]
N_VOTES = 20


def group(outcome, x, block=None):
    return Group(
        np.array(outcome, float),
        np.array(x, float).reshape(len(outcome), -1 if len(outcome) else 1),
        np.array(block if block is not None else [0] * len(outcome)),
    )


def effect_of(allies, others):
    return matched_effect(allies, others, np.tile(others.outcome, (len(allies.x), 1)))


ALLIES = group([0.8, 0.7, 0.5], [0.9, 0.6, 0.5])
OTHERS = group([0.6, 0.3, 0.2], [0.85, 0.56, 0.1])


def test_six_states_by_hand():
    """0.9 → 0.85, 0.6 → 0.56, 0.5 → 0.56: gaps 0.2, 0.4, 0.2.

    The second of the others is a match twice; the nearest other to it is the first:
    σ² = (0.3 − 0.6)² / 2 = 0.045, and 2 · 1 · 0.045 = 0.09.
    """
    found = effect_of(ALLIES, OTHERS)
    assert found.estimate == pytest.approx(0.8 / 3)
    squares = 2 * (0.2 - 0.8 / 3) ** 2 + (0.4 - 0.8 / 3) ** 2
    assert found.std_error == pytest.approx(math.sqrt(squares + 0.09) / 3)
    assert (found.n_allies, found.n_matches) == (3, 2)


def test_a_match_is_of_the_same_region():
    allies = group([0.8, 0.7, 0.5], [0.9, 0.6, 0.5], [0, 0, 1])
    others = group([0.6, 0.3, 0.2], [0.85, 0.56, 0.1], [1, 0, 0])
    found = effect_of(allies, others)  # 0.3, 0.3 and 0.6
    assert found.estimate == pytest.approx((0.5 + 0.4 - 0.1) / 3)
    alone = group([0.8, 0.7, 0.5], [0.9, 0.6, 0.5], [0, 0, 2])
    assert effect_of(alone, others).n_allies == 2


def test_the_first_of_two_that_are_equally_near_is_the_match():
    allies = group([1.0], [0.5])
    assert effect_of(allies, group([0.2, 0.6], [0.3, 0.7])).estimate == pytest.approx(0.8)
    assert effect_of(allies, group([0.6, 0.2], [0.7, 0.3])).estimate == pytest.approx(0.4)


def test_units_and_repeated_covariates_change_nothing():
    rng = np.random.default_rng(5)
    x, z = rng.normal(size=(12, 3)), rng.normal(size=(25, 3))
    a, b = rng.random(12), rng.random(25)
    found = effect_of(group(a, x), group(b, z))
    scaled = effect_of(group(a, x * [1e6, -3, 1e-4] + 7), group(b, z * [1e6, -3, 1e-4] + 7))
    twice = effect_of(group(a, x[:, [0, 1, 2, 1]]), group(b, z[:, [0, 1, 2, 1]]))
    for other in (scaled, twice):
        assert other.estimate == pytest.approx(found.estimate)
        assert other.std_error == pytest.approx(found.std_error)


def test_nobody_to_match_is_no_estimate():
    for allies, others in (
        (ALLIES, group([], [])),
        (group([], []), OTHERS),
        (ALLIES, group([0.5], [0.5], [9])),
    ):
        found = effect_of(allies, others)
        assert math.isnan(found.estimate)
        assert (found.n_allies, found.n_matches) == (0, 0)


def states_of(n):
    return [100 + i for i in range(n)]


def support(outcomes, sessions):
    """`metrics.hegemon_support`; `outcomes` are agreed votes of twenty, by state and session."""
    rows = [
        (2, c, s, "final_only", name, N_VOTES, int(outcomes[c, s]), 0, 30)
        for c, s in outcomes
        if s in sessions
        for name in CLASSES
    ]
    names = ["ccode_hegemon", "ccode", "session", "vote_set", "vote_class", "n_votes_of_class"]
    names += ["n_with_hegemon", "n_abstained", "n_roll_calls"]
    return pl.DataFrame(rows, schema=names, orient="row").cast(
        {"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "session": pl.Int16}
    )


NO_GDP = pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64})
NO_PEOPLE = pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "tpop_thousand": pl.Float64})
NO_TIES = pl.DataFrame(
    schema={
        **{"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "year": pl.Int16},
        "tier_atop": pl.Boolean,
    }
)
COVARIATES = {
    "ccode": pl.Int16,
    "year": pl.Int16,
    "polyarchy": pl.Float64,
    "aid_usd": pl.Float64,
    "trade_usd": pl.Float64,
    "trade_share": pl.Float64,
    "trade_total_usd": pl.Float64,
    "distance_km": pl.Float64,
    "colonial_tie": pl.Boolean,
    "region_eu": pl.Boolean,
}


def user_files(rows):
    return pl.DataFrame([dict.fromkeys(COVARIATES) | row for row in rows], schema=COVARIATES)


def table_of(outcomes, since, covariates, gdp=NO_GDP, people=NO_PEOPLE):
    """The premium of hegemon 2; `since` is the first session as an ally."""
    ccodes, sessions = sorted({c for c, _ in outcomes}), sorted({s for _, s in outcomes})
    ties = [(2, c, s + 1945, *[c in since and s >= since[c]] * 4) for c in ccodes for s in sessions]
    names = ["ccode_hegemon", "ccode", "year"]
    names += ["tier_core", "tier_treaty", "tier_atop", "tier_guarantee"]
    return compare(
        chunk=0,
        n_chunks=5,
        hegemon_support=support(outcomes, sessions),
        outside_ideal_point=pl.DataFrame(
            [(2, ccodes[0], sessions[0], 0.0)],
            schema=("ccode_hegemon", "ccode", "session", "ideal_point"),
            orient="row",
        ).cast({"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "session": pl.Int16}),
        ally_tier=pl.DataFrame(ties, schema=names, orient="row"),
        states=pl.DataFrame({"ccode": ccodes, "region": [str(c % 2) for c in ccodes]}),
        covariates=covariates,
        gdp=gdp,
        capabilities=people,
    )


def one(table, estimator="LP5", window="whole", vote_class="unpopular"):
    found = table.filter(
        estimator=estimator, window_name=window, vote_class=vote_class, tier="core"
    )
    return found.row(0, named=True)


def confounded_world(effect=0.1, n=160):
    """Support rises with democracy, and democracies become allies."""
    rng = np.random.default_rng(20260101)
    ccodes, sessions = states_of(n), range(46, 50)
    polyarchy = dict(zip(ccodes, rng.random(n), strict=True))
    chance = {c: 1 / (1 + math.exp(4 - 6 * polyarchy[c])) for c in ccodes}
    since = {c: 46 for c in ccodes if rng.random() < chance[c]}
    outcomes = {
        (c, s): rng.binomial(N_VOTES, 0.1 + 0.6 * polyarchy[c] + effect * (c in since))
        for c in ccodes
        for s in sessions
    }
    rows = [{"ccode": c, "year": y, "polyarchy": v} for c, v in polyarchy.items() for y in (1990,)]
    return outcomes, since, user_files(rows)


@pytest.fixture(scope="module")
def world():
    outcomes, since, covariates = confounded_world()
    return table_of(outcomes, since, covariates)


def test_a_known_effect_is_found_where_the_raw_difference_is_fooled(world):
    raw, matched = one(world, "LP0"), one(world)
    assert raw["ci_low"] > 0.2  # twice the effect
    assert matched["ci_low"] < 0.1 < matched["ci_high"]
    assert abs(matched["estimate"] - 0.1) < 0.04
    assert matched["p_value"] < 0.05
    assert (matched["inference"], matched["matched_on"]) == ("matching", "polyarchy")
    assert matched["n_draws"] == matched["n_permutations"] == 0
    assert 3 <= matched["n_others"] <= matched["n_allies"]


def test_without_an_effect_none_is_found():
    outcomes, since, covariates = confounded_world(effect=0.0)
    table = table_of(outcomes, since, covariates)
    assert one(table, "LP0")["ci_low"] > 0.1
    assert one(table)["ci_low"] < 0 < one(table)["ci_high"]


def test_all_other_numbers_are_the_same_without_a_file(world):
    outcomes, since, covariates = confounded_world()
    without = table_of(outcomes, since, covariates.clear())
    others = ~pl.col("estimator").str.starts_with("LP5")
    assert without.filter(others).equals(world.filter(others))
    rows = without.filter(~others)
    assert set(rows["null_reason"]) == {"covariates_missing", "out_of_coverage"}
    assert set(rows.filter(window_name="whole", tier="core")["null_reason"]) == {
        "covariates_missing"
    }
    assert rows["estimate"].null_count() == rows.height == world.filter(~others).height


def small_world(polyarchy_year=1990, joined=46):
    """Four allies and four others, of one vote's difference each."""
    ccodes = [102, 104, 106, 108, 202, 204, 206, 208]
    since = dict.fromkeys(ccodes[:4], joined)
    outcomes = {
        (c, s): 10 + (c < 200) * 5 + (s - 45) + i % 4
        for i, c in enumerate(ccodes)
        for s in (46, 47)
    }
    rows = [
        {"ccode": c, "year": polyarchy_year, "polyarchy": 0.1 * (i % 4 + 1)}
        for i, c in enumerate(ccodes)
    ]
    return outcomes, since, rows


def test_covariates_are_those_before_the_tie():
    """What a state is like once it is an ally plays no part."""
    outcomes, since, rows = small_world()
    rows += [{"ccode": c, "year": 1991, "polyarchy": 1 - i / 5} for i, c in enumerate(since)]
    got = one(table_of(outcomes, since, user_files(rows)))
    assert got["estimate"] == pytest.approx(5 / N_VOTES)
    assert (got["n_allies"], got["n_others"]) == (4, 4)
    assert got["ci_low"] == pytest.approx(got["ci_high"])
    after = user_files([r | {"year": 1992} for r in small_world()[2]])
    assert one(table_of(outcomes, since, after))["null_reason"] == "covariates_missing"


def test_values_of_more_than_five_years_before_do_not_count():
    outcomes, since, _ = small_world()
    for year, reason in ((1986, None), (1984, "covariates_missing")):
        rows = user_files(small_world(polyarchy_year=year)[2])
        assert one(table_of(outcomes, since, rows))["null_reason"] == reason


def test_distance_may_be_of_any_year():
    outcomes, since, rows = small_world()
    distances = [
        {"ccode": r["ccode"], "year": 2020, "distance_km": 1e4 * r["polyarchy"]} for r in rows
    ]
    got = one(table_of(outcomes, since, user_files(distances)))
    assert (got["estimate"], got["matched_on"]) == (pytest.approx(0.25), "distance_km")


def test_ally_and_match_are_compared_over_the_same_sessions():
    """They join in 47; all agree more then, the others too."""
    outcomes, since, rows = small_world(joined=47)
    outcomes |= {(c, 46): 0 for c, s in outcomes if s == 46}
    got = one(table_of(outcomes, since, user_files(rows)))
    assert got["estimate"] == pytest.approx(0.25)


def test_the_sources_covariates_suffice_and_what_nobody_has_is_named():
    """Democracy and total trade are known; aid, trade and ties with the leader are not."""
    outcomes, since, rows = small_world()
    rows = [r | {"trade_total_usd": 1e9 * (i % 4 + 1)} for i, r in enumerate(rows)]
    got = one(table_of(outcomes, since, user_files(rows)))
    assert got["matched_on"] == "polyarchy, trade_total_usd"
    assert got["not_matched_on"] == (
        "log_gdp_per_head, region_eu, aid_usd, trade_usd, trade_share, distance_km, colonial_tie"
    )
    coarse = one(table_of(outcomes, since, user_files(rows)), "LP5_cem")
    assert coarse["matched_on"] == "polyarchy"
    assert coarse["not_matched_on"] == (
        "log_gdp_per_head, region_eu, aid_usd, trade_share, colonial_tie"
    )


def test_the_distance_to_another_hegemon_is_that_between_the_capitals():
    place = (date(1816, 1, 1), date(2024, 12, 31), date(2100, 12, 31), True)
    rows = [(c, "State", "Capital", 0.0, float(c) / 10, *place) for c in (102, 104, 365)]
    capitals = pl.DataFrame(rows, schema=contracts()["core.capitals"].polars_schema, orient="row")
    panel = Panel(
        hegemon=365,
        ccodes=np.array([102, 104], np.int16),
        sessions=np.array([46], np.int16),
        is_listed=np.ones((2, 1), bool),
        n_roll_calls={},
        n_votes={},
        total={},
        status={},
    )
    covariates = user_files([{"ccode": 102, "year": 1990, "distance_km": 1.0}])
    histories = histories_of(covariates, NO_GDP, NO_PEOPLE, panel, capitals)
    pool = pool_of(histories, NO_TIES, panel, "atop", np.zeros(2, np.int64))
    values = pool.values(panel, np.zeros(2, bool))
    degrees = np.array([36.5 - 10.2, 36.5 - 10.4])
    assert values["distance_km"] == pytest.approx(np.log1p(np.radians(degrees) * 6371.0088))
    assert "colonial_tie" not in values


def test_fewer_than_three_matched_allies_are_too_few():
    outcomes, since, rows = small_world()
    known = [r for r in rows if r["ccode"] not in {102, 104}]
    got = one(table_of(outcomes, since, user_files(known)))
    assert (got["null_reason"], got["n_allies"], got["estimate"]) == ("n_below_min", 2, None)


def test_too_few_votes_of_the_class_are_no_lack_of_covariates():
    outcomes, since, rows = small_world()
    few = {key: value for key, value in outcomes.items() if key[0] > 106}
    got = one(table_of(few, since, user_files(rows)))
    assert got["null_reason"] == "n_below_min"


def test_gross_domestic_product_alone_is_nothing_handed_over_but_counts_beside_it():
    outcomes, since, rows = small_world()
    keys: Any = {"ccode": pl.Int16, "year": pl.Int16}
    gdp = pl.DataFrame([{"ccode": r["ccode"], "year": 1990, "gdp_usd": 1e9} for r in rows])
    people = [
        {"ccode": r["ccode"], "year": 1990, "tpop_thousand": 1e3 * r["polyarchy"]} for r in rows
    ]
    tables = (gdp.cast(keys), pl.DataFrame(people).cast(keys))
    got = one(table_of(outcomes, since, user_files(rows), *tables))
    assert got["matched_on"] == "log_gdp_per_head, polyarchy"
    elsewhere = user_files([{"ccode": 999, "year": 1990, "polyarchy": 0.5}])
    assert one(table_of(outcomes, since, elsewhere, *tables))["null_reason"] == "covariates_missing"


def test_the_rows_keep_the_promises_of_the_suite(world):
    (suite,) = SUITES
    assert world.schema == SCHEMA
    with pl.SQLContext(world=with_leader_and_edition(world, FIRST_EDITION)) as sql:
        for rule in suite.expectations:
            broken = f"SELECT count(*) AS n FROM world WHERE NOT ({rule.kwargs['condition']})"
            assert sql.execute(broken).collect().item() == 0, rule.kwargs["name"]
