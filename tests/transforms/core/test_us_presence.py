"""`core.us_bases` and `core.us_construction`: places become states."""

from datetime import date

import polars as pl
import pytest

from flows.engine.reference import read_reference
from transforms.core.us_bases import build_us_bases
from transforms.core.us_construction import build_us_construction
from warehouse.contracts.read import contracts

BASES, SITES = "core.us_bases", "staging.stg_us_bases__sites"
BUILT, PROJECTS = "core.us_construction", "staging.stg_us_construction__projects"
END, COUNTS_TO = date(2024, 12, 31), date(2100, 12, 31)


@pytest.fixture
def states() -> pl.DataFrame:
    codes = [2, 91, 255, 325, 490, 692, 983]
    return pl.DataFrame(
        {
            "ccode": codes,
            "valid_from": [date(1990, 10, 3)] * len(codes),
            "valid_to": [END] * len(codes),
            "counts_to": [COUNTS_TO] * len(codes),
        },
        schema_overrides={"ccode": pl.Int16},
    )


def rows(table: str, *of_rows: dict[str, object]) -> pl.DataFrame:
    schema = contracts()[table].polars_schema
    numbered = [dict.fromkeys(schema) | {"file_row": n + 1} | row for n, row in enumerate(of_rows)]
    return pl.DataFrame(numbered, schema=schema)


def site(name: str, code: int, base: str | None, latitude: float = 1.0) -> dict[str, object]:
    flags = {"is_base": True, "is_lilypad": False, "is_us_funded": False}
    place = {"place_name": name, "place_code": code, "base_name": base, "latitude": latitude}
    return place | {"longitude": 2.0} | flags


def test_a_base_that_is_listed_twice_is_one(states: pl.DataFrame) -> None:
    sites = rows(
        SITES,
        site("Italy", 325, "Naval Support Activity"),
        site("Italy", 325, "Naval Support Activity"),
        site("Italy", 325, "Naval Support Activity", latitude=3.0),
        site("Italy", 325, None),
        site("Italy", 325, None),
    )
    outcome = build_us_bases(sites=sites, states=states, us_places=read_reference("us_places"))
    bases = contracts()[BASES].conform(outcome.tables[BASES])
    assert bases["base_name"].to_list() == [
        *("Naval Support Activity", "Naval Support Activity (2)", "unnamed", "unnamed (2)")
    ]
    assert outcome.losses.select("reason", "ccode", "n_rows").rows() == [("duplicate_row", 325, 1)]


def test_a_territory_is_not_its_state_and_a_wrong_code_is_corrected(states: pl.DataFrame) -> None:
    sites = rows(
        SITES,
        site("Congo, Democratic Republic", 484, "Camp"),
        site("Guam", 2, "Field"),
        site("Greenland", 390, "Station"),
        site("Nowhere", 777, "Fort"),
    )
    outcome = build_us_bases(sites=sites, states=states, us_places=read_reference("us_places"))
    assert outcome.tables[BASES]["ccode_to"].to_list() == [490]
    lost = set(outcome.losses.select("reason", "code").rows())
    assert lost == {
        ("home_country", "Guam"),
        ("not_in_system", "Greenland"),
        ("unknown_code", "Nowhere"),
    }


def project(name: str, code: int | None, year: int, usd: float) -> dict[str, object]:
    place = {"place_name": name, "place_code": code, "year": year, "location_name": name}
    return place | {"construction_usd": usd}


def test_projects_of_a_state_and_year_are_added_up(states: pl.DataFrame) -> None:
    projects = rows(
        PROJECTS,
        project("Germany", 255, 2010, 1e6),
        project("Germany", 255, 2010, 1e6),
        project("Germany", 255, 2012, 3e6),
        project("Ho", None, 2008, 2e6),
        project("Bi", None, 2008, 4e6),
        project("Kwajalein", None, 2014, 5e6),
        project("United States", 2, 2010, 9e6),
        project("Unspecified Location", None, 2008, -9e6),
        project("Somewhere", None, 2008, 1e6),
    )
    outcome = build_us_construction(
        projects=projects, states=states, us_places=read_reference("us_places")
    )
    table = contracts()[BUILT].conform(outcome.tables[BUILT])
    columns = ("ccode_to", "year", "construction_usd", "n_projects", "n_locations")
    assert table.select(columns).rows() == [
        (91, 2008, 2e6, 1, 1),
        (255, 2010, 2e6, 2, 1),
        (255, 2012, 3e6, 1, 1),
        (692, 2008, 4e6, 1, 1),
        (983, 2014, 5e6, 1, 1),
    ]
    lost = dict(outcome.losses.select("reason", "n_rows").rows())
    assert lost == {
        "home_country": 1,
        "unspecified_place": 1,
        "no_code": 1,
        "added_to_same_state": 1,
    }
