"""The same small world, counted in five ways under every rule."""

from typing import Any

import polars as pl
import pytest

from transforms.core.obligations import OBLIGATION_ITEMS
from transforms.metrics.asymmetry.asymmetry_grid import LEADER_SHARES, RATIOS, build_asymmetry_grid
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry
from warehouse.contracts.read import contracts

TABLE = "metrics.asymmetry_grid"
PROMISES = ("defense", "offense", "neutral", "consul", "nonagg")
COLD_WAR = "1946-1991"
STATES = pl.DataFrame(schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date})
GDP = {"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64}
MAJORS = pl.DataFrame(
    [(365, 1816, 2024, None)],
    schema=dict.fromkeys(("ccode", "year_from", "year_to", "carried_forward_from_year"), pl.Int16),
    orient="row",
)


def world(alliances, values, gdp=()):
    """Alliances as (atopid, ccodes, first year, last year[, promise]); values by (ccode, year)."""
    rows, owed = [], []
    for atopid, ccodes, first, last, *promise in alliances:
        made = promise[0] if promise else "defense"
        flags = [int(p == made) for p in PROMISES]
        rows += [(atopid, c, first, last, *flags) for c in ccodes]
        owed += [
            (a, b, year, int(made == "defense"), int(made == "offense"), True)
            for year in range(first, last + 1)
            for a in ccodes
            for b in ccodes
            if a != b
        ]
    keys = {"atopid": pl.Int32, "ccode": pl.Int16, "year_from": pl.Int16, "year_to": pl.Int16}
    members = pl.DataFrame(rows, schema=keys | dict.fromkeys(PROMISES, pl.Int16), orient="row")
    dyad: dict[str, Any] = {"ccode_from": pl.Int16, "ccode_to": pl.Int16, "year": pl.Int16}
    dyad |= {"defense": pl.Int16, "offense": pl.Int16, "is_cow_dyad": pl.Boolean}
    cinc = [(c, year, x, x, x) for (c, year), x in values.items()]
    names = ("milex_thousand", "milper_thousand", "cinc")
    capabilities = pl.DataFrame(
        cinc,
        schema={"ccode": pl.Int16, "year": pl.Int16} | dict.fromkeys(names, pl.Float64),
        orient="row",
    )
    tables = {
        "alliance_members": members,
        "capabilities": capabilities,
        "gdp": pl.DataFrame(list(gdp), schema=GDP, orient="row"),
    }
    asymmetry = build_capability_asymmetry(**tables, major_powers=MAJORS, states=STATES)
    outcome = build_asymmetry_grid(
        **tables,
        capability_asymmetry=asymmetry.tables["metrics.capability_asymmetry"],
        obligations=pl.DataFrame(owed, schema=dyad, orient="row").with_columns(
            not_owed=pl.lit(None, pl.String)
        ),
    )
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def cell(table, unit, *, q=3, rule="none", period=COLD_WAR, variable="cinc"):
    row = table.filter(unit=unit, q=q, leader_share_rule=rule, period=period, variable=variable)
    return row.row(0, named=True)


def found(table, unit, **where):
    row = cell(table, unit, **where)
    return row["n"], pytest.approx(row["n_asymmetric"])


VALUES = {2: 8.0, 20: 2.0, 200: 4.0, 220: 3.0}
YEARS = (1950, 1951)
TWO_ALLIANCES = ((1, (2, 20, 200), 1950, 1951), (2, (200, 220), 1951, 1951))


@pytest.fixture(scope="module")
def grid():
    return world(TWO_ALLIANCES, {(c, y): x for c, x in VALUES.items() for y in YEARS})


def test_the_grid_is_whole(grid):
    assert grid.height == 5 * 4 * 5 * 7 * 3
    assert set(grid["q"]) == set(RATIOS)
    assert set(grid["leader_share_rule"]) == set(LEADER_SHARES)


def test_alliance_years(grid):
    # (8, 4, 2) twice: ratio 2, share 8/14; (4, 3) once: ratio 4/3, share 4/7
    assert found(grid, "alliance_year", q=1) == (3, 3)
    assert found(grid, "alliance_year", q=2) == (3, 2)
    assert found(grid, "alliance_year", q=3) == (3, 0)
    assert found(grid, "alliance_year", q=1, rule="0.5") == (3, 3)
    assert found(grid, "alliance_year", q=1, rule="0.6") == (3, 0)
    assert cell(grid, "alliance_year", q=2)["share"] == pytest.approx(2 / 3)


def test_cohorts_count_each_alliance_once(grid):
    assert found(grid, "formation_cohort", q=2) == (2, 1)


def test_dyad_years(grid):
    # a year: 8:2, 8:4, 4:2; in 1951 also 4:3
    assert found(grid, "dyad_year", q=1) == (7, 7)
    assert found(grid, "dyad_year", q=2) == (7, 6)
    assert found(grid, "dyad_year", q=3) == (7, 2)
    assert found(grid, "dyad_year", q=3, rule="0.8") == (7, 2)
    assert found(grid, "dyad_year", q=3, rule="0.9") == (7, 0)


def test_leader_dyads_leave_partners_among_themselves_out(grid):
    # 8:2 and 8:4 in two years, 4:3 in one
    assert found(grid, "leader_specific", q=2) == (5, 4)
    assert found(grid, "leader_specific", q=3) == (5, 2)


def test_states_share_their_weight_among_their_alliances(grid):
    # 1950: 2, 20, 200; 1951: 2, 20, 220, and 200 in both alliances
    assert found(grid, "state_weighted", q=1) == (7, 7)
    assert found(grid, "state_weighted", q=2) == (7, 5.5)


def test_two_treaties_of_the_same_states_are_one_dyad():
    values = {(c, 1950): VALUES[c] for c in (2, 20)}
    table = world(((1, (2, 20), 1950, 1950), (2, (2, 20), 1950, 1950)), values)
    assert found(table, "alliance_year") == (2, 2)
    assert found(table, "dyad_year") == found(table, "leader_specific") == (1, 1)


def test_only_defence_and_offence_count():
    values = {(c, 1950): VALUES[c] for c in (2, 20)}
    table = world(((1, (2, 20), 1950, 1950, "nonagg"), (2, (2, 20), 1950, 1950, "offense")), values)
    assert found(table, "alliance_year") == (1, 1)
    assert found(table, "dyad_year") == (1, 1)


def test_nothing_against_something_is_asymmetric_at_every_ratio():
    table = world(((1, (2, 20), 1950, 1950),), {(2, 1950): 5.0, (20, 1950): 0.0})
    for unit in ("alliance_year", "formation_cohort", "dyad_year", "leader_specific"):
        row = cell(table, unit, q=10, rule="0.9")
        assert (row["n"], row["n_asymmetric"], row["n_second_zero"]) == (1, 1, 1), unit


def test_what_cannot_be_measured_is_not_in_the_share():
    values = {(2, 1950): 8.0, (20, 1950): None, (200, 1950): 4.0}
    table = world(((1, (2, 20), 1950, 1950), (2, (2, 200), 1950, 1950)), values)
    for unit in ("alliance_year", "dyad_year"):
        row = cell(table, unit, q=2)
        assert (row["n"], row["n_unmeasured"], row["share"]) == (1, 1, 1.0), unit
    states = cell(table, "state_weighted", q=2)
    assert (states["n"], states["n_unmeasured"]) == (2, 1)


def test_1945_is_in_no_period_and_the_bounds_are():
    years = (1944, 1945, 1946, 1991, 1992)
    values = {(c, y): VALUES[c] for c in (2, 20) for y in years}
    table = world(tuple((y, (2, 20), y, y) for y in years), values)
    for unit in ("alliance_year", "formation_cohort", "dyad_year"):
        counts = [cell(table, unit, period=p)["n"] for p in ("1816-1944", COLD_WAR, "from 1992")]
        assert counts == [1, 2, 1], unit


def test_a_cohort_belongs_to_when_it_was_formed():
    values = {(c, y): VALUES[c] for c in (2, 20) for y in (1950, 1951)}
    late = world(((1, (2, 20), 1940, 1951), (2, (2, 20), 1948, 1951)), values)
    before = cell(late, "formation_cohort", period="1816-1944")
    after = cell(late, "formation_cohort")
    # formed in 1940, first measured in 1950: not measured in its own period
    assert (before["n"], before["n_unmeasured"]) == (0, 1)
    assert (after["n"], after["n_unmeasured"]) == (1, 0)


def test_reasons(grid):
    assert cell(grid, "alliance_year", variable="gdp")["null_reason"] == "out_of_coverage"
    assert cell(grid, "alliance_year", period="1816-1944")["null_reason"] == "out_of_coverage"
    gdp = [(2, 1950, 9.0), (20, 1950, 1.0)]
    values = {(c, 1950): VALUES[c] for c in (2, 20, 200)}
    table = world(((1, (2, 20), 1950, 1950, "nonagg"), (2, (20, 200), 1950, 1950)), values, gdp)
    assert cell(table, "alliance_year", variable="gdp")["null_reason"] == "out_of_coverage"
    assert cell(table, "alliance_year")["null_reason"] is None


def test_the_order_of_rows_does_not_matter():
    values = {(c, y): x for c, x in VALUES.items() for y in YEARS}
    backwards = dict(reversed(values.items()))
    assert world(TWO_ALLIANCES, values).equals(world(TWO_ALLIANCES[::-1], backwards))


def test_items_read_of_obligations_are_there():
    assert {"defense", "offense"} <= set(OBLIGATION_ITEMS)
