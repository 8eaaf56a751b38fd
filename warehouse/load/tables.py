"""Creates and fills the tables of a build file from their contracts."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from warehouse.contracts.model import SCHEMAS, Contract, sql_literal
from warehouse.load.cursors import map_on_cursors

Connection = duckdb.DuckDBPyConnection


def create_schemas(connection: Connection) -> None:
    """Creates the schemas of the warehouse in a build file."""
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")


class FormulaMismatchError(RuntimeError):
    """A formula gives another value than the step that computed the column."""


def load_files(connection: Connection, files: Sequence[tuple[Contract, Path]]) -> dict[str, int]:
    """Creates tables from their contracts and fills them, several at a time (`map_on_cursors`).

    Args:
        connection: Connection to the build file.
        files: Contract and parquet file of each table, whose rows conform to the contract.

    Returns:
        Full table name to number of rows, in the order given.

    Raises:
        FormulaMismatchError: As in `load_table`.
    """
    for contract, _ in files:
        connection.execute(contract.ddl)

    def fill(cursor: Connection, file: tuple[Contract, Path]) -> int:
        return _fill(cursor, file[0], _parquet(file[1]))

    largest_first = sorted(files, key=lambda file: file[1].stat().st_size, reverse=True)
    # with one thread for each table row groups are full, and the file is half as large
    connection.execute("SET threads = 1")
    counts = map_on_cursors(connection, fill, largest_first)
    connection.execute("RESET threads")
    for contract, _ in files:
        if contract.computed:
            connection.execute(contract.view_ddl)
    found = {file[0].table: n_rows for file, n_rows in zip(largest_first, counts, strict=True)}
    return {contract.table: found[contract.table] for contract, _ in files}


def load_table(connection: Connection, contract: Contract, rows: Path | pl.DataFrame) -> int:
    """Creates one table from its contract and fills it.

    A table with formulas is a view over its stored columns (`<table>__stored`). The step computes
    the same columns in Polars or NumPy; before loading, both results are compared to the last bit.

    Args:
        connection: Connection to the build file.
        contract: The table's contract: DDL and the order of columns come from it.
        rows: A parquet file whose rows already conform to the contract, or a frame.

    Returns:
        Number of rows loaded.

    Raises:
        FormulaMismatchError: A formula of the contract gives another value than `rows` has.
    """
    connection.execute(contract.ddl)
    source = "incoming"
    if isinstance(rows, Path):
        source = _parquet(rows)
    else:
        connection.register(source, contract.conform(rows).to_arrow())
    connection.execute("SET threads = 1")
    count = _fill(connection, contract, source)
    connection.execute("RESET threads")
    if not isinstance(rows, Path):
        connection.unregister(source)
    if contract.computed:
        connection.execute(contract.view_ddl)
    return count


def _parquet(path: Path) -> str:
    return f"read_parquet({sql_literal(str(path))})"


def _fill(connection: Connection, contract: Contract, source: str) -> int:
    """Fills a table that is there, once its formulas are compared; returns the number of rows."""
    compare_formulas(connection, contract, source)
    names = ", ".join(f'"{c.name}"' for c in contract.stored)
    connection.execute(f"INSERT INTO {contract.stored_table} SELECT {names} FROM {source}")
    (count,) = connection.execute(f"SELECT count(*) FROM {contract.stored_table}").fetchall()[0]
    return int(count)


def compare_formulas(connection: Connection, contract: Contract, source: str) -> None:
    """Compares the contract's formulas with the values of a relation.

    Args:
        connection: Any connection that can read `source`.
        contract: The table's contract.
        source: SQL of a relation with all columns of the contract.

    Raises:
        FormulaMismatchError: They differ; the message names the first column and row.
    """
    if not contract.computed:
        return
    differs = {
        c.name: f'CAST({c.formula} AS {c.duckdb_type}) IS DISTINCT FROM "{c.name}"'
        for c in contract.computed
    }
    counts = ", ".join(f"count(*) FILTER ({differs[name]})" for name in differs)
    found = connection.execute(f"SELECT {counts} FROM {source}").fetchall()[0]
    for column, count in zip(contract.computed, found, strict=True):
        if count:
            row = connection.execute(
                f'SELECT {", ".join(contract.key)}, "{column.name}", {column.formula}'
                f" FROM {source} WHERE {differs[column.name]} LIMIT 1"
            ).fetchall()[0]
            key = ", ".join(f"{k} {v}" for k, v in zip(contract.key, row, strict=False))
            raise FormulaMismatchError(
                f"{contract.table}.{column.name}: the formula gives {row[-1]!r} where the rows"
                f" have {row[-2]!r} ({key}; {count} such rows). The formula in"
                " warehouse/contracts/formulas or the code that computes the column is wrong;"
                " the published warehouse is untouched"
            )
