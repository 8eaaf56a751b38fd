"""From parquet files to tables: runs mart SQL, and loads a build file from its contracts."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from warehouse.contracts import SCHEMAS, Contract
from warehouse.db import Connection
from warehouse.views import column_comments


class MartError(RuntimeError):
    """A mart's SQL cannot be run; the message names the file and DuckDB's reason."""


def mart_sql(table: str) -> str:
    """The SQL of one mart, from `sql/marts/<name>.sql`."""
    name = table.split(".")[1]
    return (files("warehouse") / "sql" / "marts" / f"{name}.sql").read_text("utf-8")


def tables_read_by(sql: str) -> list[str]:
    """Full names of the core tables and marts that a SQL text reads, comments aside."""
    code = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", sql, flags=re.DOTALL)
    return sorted(set(re.findall(r"\b(?:FROM|JOIN)\s+((?:core|marts)\.\w+)", code, re.IGNORECASE)))


def run_mart(table: str, inputs: Mapping[str, Path]) -> pl.DataFrame:
    """Runs one mart's SQL over parquet files.

    Args:
        table: Full name of the mart.
        inputs: Full table name to the parquet file that holds it.

    Returns:
        The mart's rows, in no particular order.

    Raises:
        MartError: DuckDB refuses the SQL.
    """
    with duckdb.connect(":memory:") as connection:
        # One thread: sums of floats would otherwise depend on how the rows were split.
        connection.execute("SET threads = 1")
        for schema in ("core", "marts"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name, path in inputs.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({_literal(str(path))})")
        try:
            rows: pl.DataFrame = connection.sql(mart_sql(table)).pl()
        except duckdb.Error as error:
            name = table.split(".")[1]
            raise MartError(f"warehouse/sql/marts/{name}.sql: {error}") from error
    return rows


def create_schemas(connection: Connection) -> None:
    """Creates the schemas of the warehouse in a build file."""
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")


class FormulaMismatchError(RuntimeError):
    """A formula gives another value than the step that made the table."""


def load_table(connection: Connection, contract: Contract, rows: Path | pl.DataFrame) -> int:
    """Creates one table from its contract and fills it.

    Columns with a formula are not stored: the table is then a view that computes them over
    the stored ones. Their values in `rows` were computed by other means (NumPy), so the two are
    compared, to the last bit, before anything is loaded.

    Args:
        connection: Connection to the build file.
        contract: The table's contract: DDL, comments and key order come from it.
        rows: A parquet file whose rows already conform to the contract, or a frame.

    Returns:
        Number of rows loaded.

    Raises:
        FormulaMismatchError: A formula of the contract gives another value than `rows` has.
    """
    connection.execute(contract.ddl)
    names = ", ".join(f'"{c.name}"' for c in contract.stored)
    if isinstance(rows, Path):
        source = f"read_parquet({_literal(str(rows))})"
    else:
        connection.register("incoming", contract.conform(rows).to_arrow())
        source = "incoming"
    compare_formulas(connection, contract, source)
    # With one thread the rows keep whole row groups: the file is half as large.
    connection.execute("SET threads = 1")
    connection.execute(f"INSERT INTO {contract.stored_table} SELECT {names} FROM {source}")
    connection.execute("RESET threads")
    if not isinstance(rows, Path):
        connection.unregister("incoming")
    connection.execute("BEGIN")  # one commit for all comments, not one each
    kind = "TABLE"
    if contract.computed:
        kind = "VIEW"
        connection.execute(contract.view_ddl)
        told = f"The stored columns of {contract.table}; query that, which has all of them."
        connection.execute(f"COMMENT ON TABLE {contract.stored_table} IS {_literal(told)}")
    connection.execute(f"COMMENT ON {kind} {contract.table} IS {_literal(contract.comment)}")
    for column in contract.columns:
        connection.execute(
            f'COMMENT ON COLUMN {contract.table}."{column.name}" IS {_literal(column.comment)}'
        )
    connection.execute("COMMIT")
    (count,) = connection.execute(f"SELECT count(*) FROM {contract.stored_table}").fetchall()[0]
    return int(count)


def compare_formulas(connection: Connection, contract: Contract, source: str) -> None:
    """Compares what the contract's formulas give with the values that a relation has.

    Args:
        connection: Any connection that can read `source`.
        contract: The table's contract.
        source: SQL of a relation with all columns of the contract.

    Raises:
        FormulaMismatchError: They differ; the message has the first column and row.
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


def create_views(connection: Connection) -> list[str]:
    """Creates the views of `sql/views/*.sql`, with the comments of their columns.

    Each file is one CREATE VIEW with its comment; `sql/views/columns.yml` has the columns.
    """
    folder = files("warehouse") / "sql" / "views"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    for file in found:
        connection.execute(file.read_text("utf-8"))
        view = file.name.removesuffix(".sql")
        columns = [str(row[0]) for row in connection.execute(f'DESCRIBE "{view}"').fetchall()]
        for column, comment in column_comments(view, columns).items():
            connection.execute(f'COMMENT ON COLUMN "{view}"."{column}" IS {_literal(comment)}')
    return [f.name.removesuffix(".sql") for f in found]


def dictionary_rows(contracts: Iterable[Contract]) -> pl.DataFrame:
    """Rows of `meta.dictionary`: one per column of every contract."""
    return pl.DataFrame(
        [
            {
                "table_name": contract.table,
                "ordinal": position,
                "column_name": column.name,
                "data_type": column.duckdb_type,
                "description": column.comment,
                "grain": contract.grain,
            }
            for contract in contracts
            for position, column in enumerate(contract.columns, start=1)
        ]
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
