"""Tables are filled several at a time, each as its contract says, in the order of their files."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse.contracts.read import contracts
from warehouse.db import write_build
from warehouse.load.cursors import map_on_cursors
from warehouse.load.tables import create_schemas, load_files

TABLES = ("core.gdp", "core.trade", "core.capitals", "core.contiguity")


def file_of(table: str, folder: Path, n_rows: int) -> Path:
    """Rows of no meaning in the types of a contract, the key counted downwards."""
    schema = contracts()[table].polars_schema
    numbers = pl.int_range(n_rows, 0, -1, eager=True).cast(pl.Int32)
    columns = {}
    for name, dtype in schema.items():
        column = contracts()[table].columns[list(schema).index(name)]
        if column.codes:
            columns[name] = pl.Series([next(iter(column.codes))] * n_rows, dtype=dtype)
        else:
            columns[name] = (numbers.cast(pl.String) if dtype == pl.String else numbers).cast(dtype)
    path = folder / f"{table}.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def test_every_table_has_the_rows_of_its_file_in_their_order(tmp_path: Path) -> None:
    sizes = {table: 20 + 3_000 * i for i, table in enumerate(TABLES)}
    files = [(contracts()[table], file_of(table, tmp_path, n)) for table, n in sizes.items()]
    with write_build(tmp_path / "build.duckdb") as connection:
        create_schemas(connection)
        assert load_files(connection, files) == sizes
        threads = connection.execute("SELECT current_setting('threads')").fetchall()
    assert (
        threads
        == duckdb.connect(":memory:").execute("SELECT current_setting('threads')").fetchall()
    )  # what a connection has that nobody has limited
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        for contract, path in files:
            stored = connection.sql(f"FROM {contract.stored_table}").pl()
            written = pl.read_parquet(path).select(stored.columns)
            assert stored.equals(written.cast(dict(stored.schema)))


def test_items_are_done_two_at_a_time_and_answered_in_order() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("ATTACH ':memory:' AS build; USE build; CREATE TABLE t (n INTEGER)")

        def insert(cursor: duckdb.DuckDBPyConnection, n: int) -> int:
            cursor.execute("INSERT INTO t VALUES (?)", [n])
            return n * n

        assert map_on_cursors(connection, insert, range(9)) == [n * n for n in range(9)]
        assert connection.execute("SELECT n FROM t ORDER BY n").fetchall() == [
            (n,) for n in range(9)
        ]


def test_the_first_error_in_order_ends_it_and_the_rest_is_left() -> None:
    begun = []

    def fail(_: duckdb.DuckDBPyConnection, n: int) -> None:
        begun.append(n)
        raise ValueError(f"item {n}")

    with duckdb.connect(":memory:") as connection:
        with pytest.raises(ValueError, match="item 0"):
            map_on_cursors(connection, fail, range(500))
        assert len(begun) < 500
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
