"""Answers about the builds of a warehouse file: which it holds, and what made it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from warehouse.db import Connection, QueryError, read_published

if TYPE_CHECKING:
    import polars as pl

Profile = Literal["sample", "live", "mirror"]
ONLY = "only"
"""The parameter of a partial build: the tables that were asked for."""


@dataclass(frozen=True)
class PublishedBuild:
    """The build that a warehouse file holds. Read once, and passed on.

    Attributes:
        build_id: 64 hex digits.
        profile: Where its bytes came from: `sample`, `mirror` or `live`.
        is_simulated: Whether any source is simulated.
        built_at: When it was built, UTC.
        code_version: Version of the project that built it.
        library_versions: Library to the version that its numbers were computed with.
        parameters: Parameters that entered its id; hashes of user files among them.
        snapshots: Slug to snapshot id.
        step_hashes: Step name to hash.
    """

    build_id: str
    profile: Profile
    is_simulated: bool
    built_at: datetime
    code_version: str
    library_versions: Mapping[str, str]
    parameters: Mapping[str, object]
    snapshots: Mapping[str, str]
    step_hashes: Mapping[str, str]

    @property
    def only(self) -> tuple[str, ...]:
        """The tables that a partial build was made for; empty for a whole one."""
        asked: Any = self.parameters.get(ONLY, ())
        return tuple(asked)


def read_build(path: Path) -> PublishedBuild | None:
    """The build in a file; None where there is no file, or one that cannot be read.

    A damaged file must not stand in the way of the build that replaces it.
    """
    if not path.is_file():
        return None
    try:
        with read_published(path) as connection:
            return current_build(connection)
    except QueryError:
        return None


def current_build(connection: Connection) -> PublishedBuild | None:
    """The build in an open file; None where it holds none.

    Raises:
        QueryError: The file cannot be read, or is no warehouse.
    """
    row = connection.execute(
        """
        SELECT build_id, profile, is_simulated, built_at, code_version, library_versions,
               parameters
        FROM meta.builds WHERE is_current
        """
    ).fetchone()
    if row is None:
        return None
    build_id, profile, is_simulated, built_at, code_version, libraries, parameters = row
    snapshots = connection.execute("SELECT slug, snapshot_id FROM meta.snapshots ORDER BY slug")
    snapshot_ids = dict(snapshots.fetchall())
    steps = connection.execute("SELECT DISTINCT step, step_hash FROM meta.lineage ORDER BY step")
    return PublishedBuild(
        build_id=build_id,
        profile=profile,
        is_simulated=is_simulated,
        built_at=built_at,
        code_version=code_version,
        library_versions=json.loads(libraries),
        parameters=json.loads(parameters),
        snapshots=snapshot_ids,
        step_hashes=dict(steps.fetchall()),
    )


def require_build(path: Path) -> PublishedBuild:
    """The build in a file, for those who cannot go on without it.

    Raises:
        WarehouseMissingError: There is no file.
        QueryError: It cannot be read, or holds no build.
    """
    with read_published(path) as connection:
        build = current_build(connection)
    if build is None:
        raise QueryError(f"{path} holds no build")
    return build


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


def earlier_builds(path: Path) -> "pl.DataFrame":
    """Rows of `meta.builds` of the published file; none where it cannot be read."""
    # here, as below: most verbs only ask which build it is, and contracts and Polars take longer
    import polars as pl

    from warehouse.contracts.read import contracts

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
    from warehouse.contracts.read import contracts

    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, data_type in connection.execute(
        """
        SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns()
        WHERE NOT internal AND schema_name IN ('staging', 'core', 'marts', 'metrics', 'meta')
          AND NOT ends_with(table_name, '__stored') AND NOT starts_with(table_name, '_')
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
