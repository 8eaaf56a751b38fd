"""Answers about the builds of a warehouse file: which it holds, and what made it."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.contracts.read import contracts
from warehouse.db import Connection, QueryError, read_published

Row = tuple[Any, ...]


def current_build(connection: Connection) -> Row | None:
    """The build that the file holds: (build_id, profile, is_simulated, built_at)."""
    rows = connection.execute(
        "SELECT build_id, profile, is_simulated, built_at FROM meta.builds WHERE is_current"
    ).fetchall()
    return rows[0] if rows else None


def published_build(path: Path) -> Row | None:
    """As `current_build`; None too where there is no file, or one that cannot be read.

    A damaged file must not stand in the way of the build that replaces it.
    """
    if not path.is_file():
        return None
    try:
        with read_published(path) as connection:
            return current_build(connection)
    except QueryError:
        return None


def hashes_of_steps(path: Path) -> dict[str, str]:
    """Step name to hash, of the published build; none where there is no file to read."""
    if not path.is_file():
        return {}
    try:
        with read_published(path) as connection:
            rows = connection.execute("SELECT DISTINCT step, step_hash FROM meta.lineage")
            return dict(rows.fetchall())
    except QueryError:
        return {}


def parameters_of_build(path: Path) -> dict[str, object]:
    """Parameters of the build in a file; none where there is no file to read."""
    if not path.is_file():
        return {}
    try:
        with read_published(path) as connection:
            sql = "SELECT parameters FROM meta.builds WHERE is_current"
            row = connection.execute(sql).fetchone()
    except QueryError:
        return {}
    found: dict[str, object] = json.loads(row[0]) if row else {}
    return found


def snapshots_of_build(path: Path) -> dict[str, str]:
    """Slug to snapshot id, of the build in a file."""
    with read_published(path) as connection:
        rows = connection.execute("SELECT slug, snapshot_id FROM meta.snapshots ORDER BY slug")
        return dict(rows.fetchall())


def read_through(connection: Connection) -> dict[str, int]:
    """Reads every value of every table, so that a damaged block is found.

    Returns:
        Full table name to number of rows.

    Raises:
        QueryError: A block is damaged.
    """
    names = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL"
    ).fetchall()
    rows = {}
    for schema, table in names:
        sql = f'SELECT count(*), bit_xor(hash(t)) FROM "{schema}"."{table}" AS t'
        rows[f"{schema}.{table}"] = int(connection.execute(sql).fetchall()[0][0])
    return rows


def earlier_builds(path: Path) -> pl.DataFrame:
    """Rows of `meta.builds` of the published file; none where it cannot be read."""
    schema = pl.Schema(contracts()["meta.builds"].polars_schema)
    if not path.is_file():
        return pl.DataFrame(schema=schema)
    try:
        with read_published(path) as connection:
            return pl.DataFrame(connection.sql("SELECT * FROM meta.builds").pl())
    except QueryError:
        return pl.DataFrame(schema=schema)


def column_drift(connection: Connection) -> list[str]:
    """Where the file's tables differ from their contracts; empty when they agree."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, data_type in connection.execute(
        """
        SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()
        WHERE NOT internal AND schema_name IN ('staging', 'core', 'marts', 'metrics', 'meta')
          AND NOT ends_with(table_name, '__stored')
        ORDER BY 1, column_index
        """
    ).fetchall():
        found.setdefault(table, []).append((column, data_type))
    stated = {
        name: [(c.name, c.duckdb_type) for c in contract.columns]
        for name, contract in contracts().items()
    }
    drift = [f"{name} is missing" for name in stated if name not in found]
    drift += [f"{name} has no contract" for name in found if name not in stated]
    drift += [
        f"{name} has other columns"
        for name in stated
        if name in found and found[name] != stated[name]
    ]
    return drift
