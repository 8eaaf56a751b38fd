"""The macros of the published file, asked as in a DuckDB shell."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from warehouse.contracts.read import contracts
from warehouse.db import Connection
from warehouse.load.macros import create_macros
from warehouse.load.tables import create_schemas

SPELLS = """
    (255, 'GMY', 'Germany', 'DEU', '1816-01-01', '1945-05-08', false),
    (255, 'GMY', 'Germany', 'DEU', '1990-10-03', '2100-12-31', true),
    (260, 'GFR', 'German Federal Republic', 'DEU', '1955-05-05', '1990-10-02', false),
    (265, 'GDR', 'German Democratic Republic', 'DDR', '1954-03-25', '1990-10-02', false),
    (290, 'POL', 'Poland', 'POL', '1945-06-28', '2100-12-31', true),
    (345, 'YUG', 'Yugoslavia', 'YUG', '1944-10-20', '2006-06-03', false),
    (345, 'SRB', 'Serbia', 'SRB', '2006-06-03', '2100-12-31', true),
    (437, 'CDI', 'Ivory Coast', 'CIV', '1960-08-07', '2100-12-31', true),
    (730, 'KOR', 'Korea', NULL, '1887-01-01', '1905-11-17', false),
    (731, 'PRK', 'North Korea', 'PRK', '1948-09-09', '2100-12-31', true),
    (732, 'ROK', 'South Korea', 'KOR', '1949-06-29', '2100-12-31', true)
"""
OTHERS = """
    (260, 'Germany'), (260, 'West Germany'), (265, 'Germany'), (437, 'Côte d''Ivoire'),
    (731, 'Korea'), (732, 'Korea'), (732, 'Республика Корея')
"""


@pytest.fixture(scope="module")
def file() -> Iterator[Connection]:
    """Some states, their other names, and the macros."""
    with duckdb.connect() as connection:
        create_schemas(connection)
        for table in ("core.states", "meta.state_names"):
            columns = ", ".join(f'"{c.name}" {c.duckdb_type}' for c in contracts()[table].columns)
            connection.execute(f"CREATE TABLE {table} ({columns})")
        connection.execute(
            "INSERT INTO core.states (ccode, state_abb, state_name, iso3, valid_from, counts_to,"
            f" is_in_system_at_source_end) VALUES {SPELLS}"
        )
        connection.execute(f"INSERT INTO meta.state_names (ccode, name) VALUES {OTHERS}")
        create_macros(connection)
        yield connection


def value(file: Connection, sql: str) -> Any:
    row = file.execute(f"SELECT {sql}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Poland", 290),
        ("  the POLAND ", 290),
        ("POL", 290),
        ("côte d’ivoire", 437),
        ("Cote d Ivoire", 437),
        ("республика корея", 732),
        ("Germany", 255),  # of several the one that is there, and bears it on the list
        ("DEU", 255),
        ("West Germany", 260),
        ("Yugoslavia", 345),
    ],
)
def test_a_state_is_found_by_any_usual_name(file: Connection, name: str, code: int) -> None:
    assert file.execute("SELECT ccode_of(?)", [name]).fetchall() == [(code,)]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("ccode_of('Korea')", "several states have that name"),  # not that of 1905 in silence
        ("ccode_of('Narnia')", "no state has that name"),
        ("ccode_of('Germany', DATE '1970-01-01')", "several states had that name"),
        ("ccode_of('Poland', DATE '1942-01-01')", "on that day"),
    ],
)
def test_a_name_of_nobody_or_of_several_is_an_error(file: Connection, call: str, said: str) -> None:
    with pytest.raises(duckdb.Error, match=said):
        file.execute(f"SELECT {call}").fetchall()


def test_a_day_decides_between_states(file: Connection) -> None:
    assert value(file, "ccode_of('Germany', DATE '1930-01-01')") == 255
    assert value(file, "ccode_of('Korea', DATE '1900-01-01')") == 730


def test_names_by_code_and_day(file: Connection) -> None:
    assert value(file, "state_name(345)") == "Serbia"
    assert value(file, "state_name(345, DATE '1990-01-01')") == "Yugoslavia"
    assert value(file, "state_name(9999)") is None
    assert value(file, "state_name(290, DATE '1942-01-01')") is None


def test_they_work_on_columns_whatever_these_are_called(file: Connection) -> None:
    sql = """
        SELECT state_name(ccode), ccode_of(state_name)
        FROM (VALUES (290, 'POL'), (437, 'CIV')) AS t(ccode, state_name) ORDER BY 1
    """
    assert file.execute(sql).fetchall() == [("Ivory Coast", 437), ("Poland", 290)]
    found = file.execute("SELECT count(*) FROM core.states WHERE ccode = ccode_of('Poland')")
    assert found.fetchall() == [(1,)]
