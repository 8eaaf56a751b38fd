"""Answers about the releases behind a build: its snapshots, and what they lost or changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.db import QueryError, read_published

if TYPE_CHECKING:
    import polars as pl

TABLE = "meta.releases"


@dataclass(frozen=True)
class PublishedSnapshot:
    """The bytes of a source that a build was made from."""

    slug: str
    snapshot_id: str
    sha256: str
    is_simulated: bool


def published_snapshots(path: Path) -> dict[str, PublishedSnapshot]:
    """Slug to the snapshot that a warehouse file was made from; none where it cannot be read."""
    if not path.is_file():
        return {}
    try:
        with read_published(path) as connection:
            rows = connection.execute(
                "SELECT slug, snapshot_id, sha256, is_simulated FROM meta.snapshots ORDER BY slug"
            ).fetchall()
    except QueryError:
        return {}
    return {row[0]: PublishedSnapshot(*row) for row in rows}


def release_rows(path: Path) -> "pl.DataFrame":
    """Rows of `meta.releases` of a warehouse file; none where it cannot be read or has none."""
    # here: what is asked of a published file as rows of Python needs neither
    import polars as pl

    from warehouse.contracts.read import contracts

    schema = pl.Schema(contracts()[TABLE].polars_schema)
    if not path.is_file():
        return pl.DataFrame(schema=schema)
    try:
        with read_published(path) as connection:
            found = pl.DataFrame(connection.sql(f"FROM {TABLE}").pl())
            return found.select(schema.names()).cast(schema)
    except (QueryError, pl.exceptions.PolarsError):  # a build of before there were any, of others
        return pl.DataFrame(schema=schema)


def compared_rows(path: Path) -> list[dict[str, Any]]:
    """Rows of `meta.releases` that compare two snapshots; none where they cannot be read.

    Without a data frame, whose import takes longer than all else that `asymmetry status` asks.
    """
    if not path.is_file():
        return []
    try:
        with read_published(path) as connection:
            read = connection.execute(
                """
                SELECT slug, snapshot_id, sha256, previous_snapshot_id, previous_sha256,
                       compared_at, is_accepted, accepted_by, because, finding, table_name,
                       column_name, n_found, n_compared, severity, examples, why
                FROM meta.releases WHERE previous_sha256 IS NOT NULL ORDER BY slug, ordinal
                """
            )
            names = [column[0] for column in read.description or ()]
            return [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    except QueryError:  # a build of before there were any, or of others
        return []


def stored_table(path: Path, table: str) -> "pl.DataFrame | None":
    """The rows of a table in a warehouse file; None where it cannot be read or has no such table.

    Args:
        path: The file.
        table: Full name.
    """
    import polars as pl

    schema, _, name = table.partition(".")
    try:
        with read_published(path) as connection:
            return pl.DataFrame(connection.sql(f'FROM "{schema}"."{name}"').pl())
    except (QueryError, FileNotFoundError):
        return None
