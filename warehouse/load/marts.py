"""Runs the SQL of marts, one file each, over parquet files."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from warehouse.contracts.model import sql_literal


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
        # one thread: otherwise sums of floats would depend on how rows are split
        connection.execute("SET threads = 1")
        for schema in ("core", "marts"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name, path in inputs.items():
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({sql_literal(str(path))})")
        try:
            rows: pl.DataFrame = connection.sql(mart_sql(table)).pl()
        except duckdb.Error as error:
            name = table.split(".")[1]
            raise MartError(f"warehouse/sql/marts/{name}.sql: {error}") from error
    return rows
