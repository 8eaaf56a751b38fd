"""Troops per inhabitant and partners of one's own, in a world of a few states."""

from datetime import date

import polars as pl
import pytest

from transforms.metrics.security_hierarchy import build_security_hierarchy
from warehouse.contracts.read import contracts

TABLE = "metrics.security_hierarchy"
CCODES = (2, 200, 365, 395, 732, 740, 95)
TROOPS = {(395, 1995): 2000, (740, 1995): 40000, (732, 1995): 0, (395, 1955): 4000}
PEOPLE = {(395, 1995): 250.0, (740, 1995): 125_000.0, (732, 1995): 45_000.0, (395, 1955): 160.0}
# (from, to, year): promises of defence
PLEDGES = [
    *((2, c, y) for c in (395, 740, 200) for y in (1955, 1995)),
    (200, 2, 1995),
    (200, 395, 1995),
    (200, 732, 1995),
    (365, 95, 1995),
]


def build(troops=TROOPS, people=PEOPLE, pledges=PLEDGES, deployments=()):
    states = pl.DataFrame(
        [(c, date(1900, 1, 1), date(2100, 12, 31)) for c in CCODES]
        + [(260, date(1955, 5, 5), date(1990, 10, 2))],
        schema={
            "ccode": pl.Int16,
            "valid_from": pl.Date,
            "counts_to": pl.Date,
        },
        orient="row",
    )
    dyad = {"ccode_from": pl.Int16, "ccode_to": pl.Int16, "year": pl.Int16}
    outcome = build_security_hierarchy(
        us_troops=pl.DataFrame(
            [(2, c, y, n) for (c, y), n in troops.items()],
            schema=dyad | {"troops_persons": pl.Int64},
            orient="row",
        ),
        capabilities=pl.DataFrame(
            [(c, y, n) for (c, y), n in people.items()],
            schema={"ccode": pl.Int16, "year": pl.Int16, "tpop_thousand": pl.Float64},
            orient="row",
        ),
        obligations=pl.DataFrame(
            [(*p[:3], 1, True, p[3] if len(p) > 3 else 1) for p in pledges],
            schema=dyad | {"defense": pl.Int16, "is_cow_dyad": pl.Boolean, "atopid": pl.Int32},
            orient="row",
        ).with_columns(not_owed=pl.lit(None, pl.String)),
        states=states,
        wartime_deployments=pl.DataFrame(
            [tuple(map(str, d)) for d in deployments],
            schema=["ccode_from", "ccode_to", "year_from", "year_to"],
            orient="row",
        ).cast(pl.String),
    )
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def one(table, ccode_to, year=1995, ccode_from=2):
    return table.filter(ccode_from=ccode_from, ccode_to=ccode_to, year=year).row(0, named=True)


@pytest.fixture(scope="module")
def table():
    return build()


def test_troops_per_inhabitant(table):
    assert one(table, 395)["troops_per_capita"] == pytest.approx(2000 / 250_000)
    assert one(table, 740)["troops_per_capita"] == pytest.approx(40_000 / 125e6)
    assert one(table, 395)["troops_per_capita_normalized"] == 1
    assert one(table, 395, 1955)["troops_per_capita_normalized"] == pytest.approx(0.025 / 0.008)


def test_no_troops_are_none_and_no_count_is_unknown(table):
    nobody, unknown = one(table, 732), one(table, 95)
    assert (nobody["troops_persons"], nobody["troops_per_capita"]) == (0, 0)
    assert (unknown["troops_persons"], unknown["troops_null_reason"]) == (
        None,
        "unit_not_in_source",
    )


def test_independent_alliances_are_those_that_the_leader_does_not_share(table):
    # the United Kingdom's partners: 2 itself, 395 (shared), 732 (not shared)
    britain, iceland, korea = one(table, 200), one(table, 395), one(table, 732)
    assert (britain["n_independent_alliances"], britain["independence_index"]) == (1, 0.5)
    assert britain["independence_index_max1"] == 1
    assert (iceland["n_independent_alliances"], iceland["independence_index"]) == (0, 1)
    # no partner of the United States: 0, though it has a partner that is one
    assert (korea["is_defense_partner"], korea["independence_index"]) == (False, 0)
    assert korea["n_independent_alliances"] == 0


def test_either_direction_makes_a_partner():
    table = build(pledges=[(395, 2, 1995), (740, 395, 1995)])
    row = one(table, 395)
    assert (row["is_defense_partner"], row["n_independent_alliances"]) == (True, 1)


def test_the_index_is_the_mean_of_its_parts(table):
    iceland, japan = one(table, 395), one(table, 740)
    assert iceland["hierarchy_index"] == 1
    assert japan["hierarchy_index"] == pytest.approx((0.00032 / 0.008 + 1) / 2)


def test_each_leader_has_a_scale_of_its_own_and_troops_of_one_are_known(table):
    panama = one(table, 95, ccode_from=365)
    assert panama["independence_index_normalized"] == 1
    assert (panama["troops_null_reason"], panama["hierarchy_index"]) == ("unit_not_in_source", None)
    assert set(table["ccode_from"]) == {2, 200, 365}  # who of the leaders is in this world


def test_years_outside_the_sources():
    late = build(troops={**TROOPS, (395, 2003): 1500}, people=PEOPLE | {(395, 2002): 290.0})
    row = one(late, 395, 2003)
    assert row["troops_persons"] == 1500
    assert row["troops_null_reason"] == row["independence_null_reason"] == "out_of_coverage"
    assert row["n_independent_alliances"] is None
    assert late["year"].max() == 2003
    assert late["year"].min() == 1946


def test_a_host_without_a_population():
    row = one(build(people={**PEOPLE, (395, 1995): None}), 395)
    assert (row["troops_persons"], row["troops_null_reason"]) == (2000, "capability_missing")


def test_without_1995_nothing_is_normalised():
    row = one(build(troops={(395, 1955): 4000}, people={(395, 1955): 160.0}), 395, 1955)
    assert row["troops_per_capita"] == pytest.approx(0.025)
    assert (row["hierarchy_index"], row["null_reason"]) == (None, "out_of_coverage")


def test_states_are_there_while_they_are_in_the_system(table):
    germany = table.filter(ccode_from=2, ccode_to=260)["year"]
    assert (germany.min(), germany.max()) == (1955, 1990)


def test_wartime_deployments_are_marked():
    table = build(deployments=[(2, 732, 1950, 1953), (2, 732, 1953, 1954)])
    marked = table.filter("is_occupation_or_war")
    assert marked["ccode_to"].unique().to_list() == [732]
    assert marked["year"].to_list() == [1950, 1951, 1952, 1953, 1954]
    assert marked["ccode_from"].unique().to_list() == [2]


def test_the_clause_of_the_european_union_counts_in_one_index_and_not_in_the_other():
    row = one(build(pledges=[*PLEDGES, (200, 365, 1995, 4175), (200, 95, 1995, 7)]), 200)
    assert row["n_independent_alliances"] == 3  # 365, 95 and, as before, 732
    assert row["n_independent_alliances_without_eu"] == 2
    assert row["independence_index"] == pytest.approx(1 / 4)
    assert row["independence_index_without_eu"] == pytest.approx(1 / 3)
    assert row["is_defense_partner"]
