"""Contracts: what they refuse, and what is made from them."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.contracts.comments import column_comment, comment_on_table
from warehouse.contracts.model import ContractError
from warehouse.contracts.read import contracts, fields, read_contract
from warehouse.db import Connection
from warehouse.load.tables import create_schemas, load_table

MINIMAL = """
table: core.gdp
title: GDP
grain: one row per state and year
key: [ccode, year]
description: Test.
columns: [ccode, year]
"""


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A database with the schemas, for tables of all contracts."""
    with duckdb.connect() as connection:
        create_schemas(connection)
        yield connection


@pytest.mark.parametrize("table", list(contracts()))
def test_table_made_from_its_contract_has_its_columns_types_and_comments(
    connection: Connection, table: str
) -> None:
    contract = contracts()[table]
    load_table(connection, contract, pl.DataFrame(schema=contract.polars_schema))
    comment_on_table(connection, contract)
    schema, name = table.split(".")
    found = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()"
        " WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, name],
    ).fetchall()
    # a table with computed columns is a view, and a view's columns have no NOT NULL
    may_be_null = [c.null_when is not None or bool(contract.computed) for c in contract.columns]
    assert [
        (c.name, c.duckdb_type, nullable, column_comment(c))
        for c, nullable in zip(contract.columns, may_be_null, strict=True)
    ] == found


@pytest.mark.parametrize("table", list(contracts()))
def test_every_contract_is_written_for_a_reader(table: str) -> None:
    contract = contracts()[table]
    assert contract.grain.startswith("one row per ")
    assert len(contract.description) > 20
    for column in contract.columns:
        assert column.description.endswith((".", ")")), (column.name, column.description)


def test_no_field_is_defined_in_vain() -> None:
    used = {column.name for contract in contracts().values() for column in contract.columns}
    assert set(fields()) - used == set()


def test_unknown_column_is_refused_with_its_file() -> None:
    with pytest.raises(ContractError, match=r"gdp\.yml: no_such_field is not in contracts/fields"):
        read_contract(
            MINIMAL.replace("[ccode, year]\n", "[ccode, year, no_such_field]\n"), "gdp.yml"
        )


def test_key_must_be_among_the_columns() -> None:
    with pytest.raises(ContractError, match="key is not among them"):
        read_contract(MINIMAL.replace("columns: [ccode, year]", "columns: [ccode]"), "gdp.yml")


def test_rows_are_ordered_cast_and_sorted_by_key() -> None:
    contract = read_contract(MINIMAL, "gdp.yml")
    rows = contract.conform(pl.DataFrame({"year": [1990, 1989], "ccode": [2, 2]}))
    assert rows.schema == contract.polars_schema
    assert rows["year"].to_list() == [1989, 1990]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"ccode": [2]}), r"core\.gdp: the rows lack \['year'\]"),
        (pl.DataFrame({"ccode": [2], "year": [1], "x": [1]}), r"core\.gdp: \['x'\] are not in"),
        (pl.DataFrame({"ccode": [70000], "year": [1]}), r"core\.gdp: a value does not fit"),
    ],
)
def test_rows_that_break_the_contract_are_refused(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        read_contract(MINIMAL, "gdp.yml").conform(frame)


@given(st.lists(st.tuples(st.integers(2, 5), st.integers(1990, 1993)), unique=True))
def test_rows_come_out_in_key_order_whatever_their_order(keys: list[tuple[int, int]]) -> None:
    rows = pl.DataFrame(keys, schema=["ccode", "year"], orient="row")
    found = read_contract(MINIMAL, "gdp.yml").conform(rows)
    assert found.rows() == sorted(keys)
