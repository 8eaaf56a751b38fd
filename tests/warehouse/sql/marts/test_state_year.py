"""marts.state_year over a small world: gaps keep their reason, no row is multiplied."""

from datetime import date

import polars as pl
import pytest

from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql, run_mart, tables_read_by

LIST_ENDS = date(1950, 12, 31)
STATES = [
    # France left the system for a while; Yugoslavia ends on the day on which Serbia begins.
    (2, "USA", "United States", "USA", 2, "americas", date(1938, 1, 1), date(1950, 12, 31)),
    (220, "FRN", "France", "FRA", 220, "europe", date(1938, 1, 1), date(1942, 11, 11)),
    (220, "FRN", "France", "FRA", 220, "europe", date(1944, 8, 26), date(1950, 12, 31)),
    (345, "YUG", "Yugoslavia", "YUG", 345, "europe", date(1938, 1, 1), date(1949, 6, 3)),
    (345, "SRB", "Serbia", "SRB", 340, "europe", date(1949, 6, 3), date(1950, 12, 31)),
]


def counts_to(last_day):
    return date(2100, 12, 31) if last_day == LIST_ENDS else last_day


def rows_for(table, rows):
    """Rows of a core table: named columns as given, all others NULL."""
    types = contracts()[table].polars_schema
    return pl.DataFrame(rows, schema_overrides=types).with_columns(
        pl.lit(None, dtype=t).alias(n) for n, t in types.items() if n not in rows[0]
    )


@pytest.fixture(scope="module")
def mart(tmp_path_factory):
    folder = tmp_path_factory.mktemp("core")
    names = [c.name for c in contracts()["core.states"].columns][:8]
    alliance = {"year_from": 1948, "year_to": 1949, "phase": 0}
    inputs = {
        "core.states": [
            dict(zip(names, row, strict=True)) | {"counts_to": counts_to(row[-1])} for row in STATES
        ],
        "core.capabilities": [
            {"ccode": 2, "year": 1946, "cinc": 0.36, "milex_currency": "USD"},
            {"ccode": 2, "year": 1948, "cinc": 0.30, "milex_currency": "USD"},
            {"ccode": 220, "year": 1946, "cinc": 0.05, "milex_currency": "USD"},
        ],
        "core.gdp": [{"ccode": 2, "year": 1948, "gdp_usd": 3e11}],
        "core.military_expenditure": [
            {"ccode": 345, "year": 1949, "milex_usd": None, "milex_usd_status": "not_converted"},
        ],
        "core.us_troops": [
            {"ccode_from": 2, "ccode_to": 220, "year": 1949, "troops_persons": 0},
            {"ccode_from": 2, "ccode_to": 345, "year": 1950, "troops_persons": 7},
        ],
        "core.ideal_points_published": [
            {"ccode": 2, "year": 1946, "ideal_point_published": 1.7, "n_votes_published": 25},
        ],
        "core.alliance_members": [
            # Only the United States promises defence in 10; 20 is a non-aggression pact.
            {"atopid": 10, "ccode": 2, "defense": 1, **alliance},
            {"atopid": 10, "ccode": 220, "defense": 0, **alliance},
            {"atopid": 10, "ccode": 220, "defense": 0, **(alliance | {"phase": 1})},
            {"atopid": 20, "ccode": 220, "defense": 0, **alliance},
            {"atopid": 20, "ccode": 345, "defense": 0, **alliance},
        ],
        "core.obligations": [
            {"ccode_from": 2, "ccode_to": 220, "year": year, "atopid": 10, "defense": 1}
            for year in range(alliance["year_from"], alliance["year_to"] + 1)
        ]
        + [
            {"ccode_from": 220, "ccode_to": 2, "year": alliance["year_from"], "defense": 0},
            # of two treaties with one partner, one partner
            {"ccode_from": 220, "ccode_to": 2, "year": alliance["year_from"], "defense": 1},
        ],
        "core.major_powers": [
            {"ccode": 2, "year_from": 1939, "year_to": 1947},
            {"ccode": 2, "year_from": 1948, "year_to": 1950},
        ],
    }
    assert set(tables_read_by(mart_sql("marts.state_year"))) == set(inputs)
    paths = {name: folder / f"{name}.parquet" for name in inputs}
    for name, rows in inputs.items():
        rows_for(name, rows).write_parquet(paths[name])
    return contracts()["marts.state_year"].conform(run_mart("marts.state_year", paths))


def one(mart, ccode, year):
    return mart.filter(ccode=ccode, year=year).row(0, named=True)


def test_one_row_per_state_and_year_of_membership(mart):
    assert mart.select("ccode", "year").is_unique().all()
    assert mart.height == 13 + 12 + 13
    assert mart.filter(ccode=220, year=1943).is_empty()
    assert mart.filter(ccode=345)["year"].to_list() == list(range(1938, 1951))
    # In the year of two spells the later one names the state.
    assert one(mart, 345, 1949)["state_name"] == "Serbia"
    assert one(mart, 345, 1948)["state_name"] == "Yugoslavia"


def test_membership_on_31_december(mart):
    ends = mart.filter(ccode=220).filter(~pl.col("is_in_system_on_31_dec"))
    assert ends["year"].to_list() == [1942]


def test_gaps_say_whether_the_source_covers_the_year(mart):
    reason = "capabilities_null_reason"
    assert one(mart, 2, 1946)[reason] is None
    assert one(mart, 345, 1947)[reason] == "unit_not_in_source"
    assert one(mart, 2, 1945)[reason] == "out_of_coverage"
    assert one(mart, 2, 1949)[reason] == "out_of_coverage"
    for value, why in (
        ("milex_currency", reason),
        ("gdp_usd", "gdp_null_reason"),
        ("milex_usd_status", "milex_usd_null_reason"),
        ("us_troops_persons", "us_troops_null_reason"),
        ("ideal_point_published", "ideal_point_null_reason"),
        ("n_alliances", "alliances_null_reason"),
    ):
        assert (mart[value].is_null() == mart[why].is_not_null()).all(), value


def test_zero_troops_are_a_count_and_home_is_no_host(mart):
    assert one(mart, 220, 1949)["us_troops_persons"] == 0
    assert one(mart, 345, 1949)["us_troops_null_reason"] == "unit_not_in_source"
    assert one(mart, 2, 1949)["us_troops_null_reason"] == "home_country"
    assert one(mart, 2, 1948)["us_troops_null_reason"] == "out_of_coverage"


def test_a_value_that_was_not_converted_stays_null_with_its_status(mart):
    row = one(mart, 345, 1949)
    assert (row["milex_usd"], row["milex_usd_status"]) == (None, "not_converted")


def test_alliances_are_counted_once_and_defence_by_either_side(mart):
    def counts(ccode, year):
        row = one(mart, ccode, year)
        return row["n_alliances"], row["n_defense_alliances"], row["n_defense_partners"]

    assert counts(2, 1948) == (1, 1, 1)
    assert counts(220, 1949) == (2, 1, 1)  # a partner in whose promise it stands
    assert counts(345, 1949) == (1, 0, 0)
    assert counts(2, 1950) == (None, None, None)


def test_major_power_status_is_unknown_outside_the_list(mart):
    status = dict(mart.filter(ccode=2).select("year", "is_major_power").rows())
    assert (status[1938], status[1939], status[1948]) == (None, True, True)
    assert one(mart, 220, 1939)["is_major_power"] is False
