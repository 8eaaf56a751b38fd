"""What differs between two builds: tables, rows and figures, counted by key.

A table that the same step made from the same ingredients is the same table, so only those
whose step's hash differs are looked at; and of these only the ones with other content are
compared row by row. Columns that a view computes from the stored ones are not looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.contracts.model import Contract
from warehouse.contracts.read import contracts
from warehouse.db import Connection

SCHEMAS = ("staging", "core", "marts", "metrics")


@dataclass(frozen=True)
class TableDiff:
    """How one table differs from what it was.

    Attributes:
        table: Full name.
        before: Rows that it had; None where the table is new.
        after: Rows that it has; None where the table is gone.
        added: Rows whose key was not there.
        removed: Rows whose key is no longer there.
        changed: Rows with the same key and at least one other value.
        figures: Column to number of rows in which its value differs, without those that differ
            nowhere.
    """

    table: str
    before: int | None
    after: int | None
    added: int = 0
    removed: int = 0
    changed: int = 0
    figures: Mapping[str, int] | None = None

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return (self.before is None) != (self.after is None) or bool(
            self.added or self.removed or self.changed
        )


def compare_builds(before: Path, after: Path, *, trusts_steps: bool = True) -> list[TableDiff]:
    """Compares two build files, table by table.

    Args:
        before: The earlier file.
        after: The later file.
        trusts_steps: Whether tables that one and the same step has made are taken to be equal;
            otherwise the rows of all are compared.

    Returns:
        The tables that differ, in the order of the contracts; tables that the contracts no
        longer know come last.

    Raises:
        QueryError: A file cannot be read.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET autoinstall_known_extensions = false")
        for name, path in (("before", before), ("after", after)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS \"{name}\" (READ_ONLY)")
        made = {name: _makers(connection, name) for name in ("before", "after")}
        tables = [t for t in contracts() if t.split(".")[0] in SCHEMAS]
        tables += sorted(set(made["before"]) - set(tables))
        found = [
            _compare(connection, table, contracts().get(table))
            for table in tables
            if not trusts_steps or made["before"].get(table) != made["after"].get(table)
        ]
    finally:
        connection.close()
    return [diff for diff in found if diff.differs]


def _makers(connection: Connection, database: str) -> dict[str, str]:
    sql = f'SELECT DISTINCT table_name, step_hash FROM "{database}".meta.lineage'
    return dict(connection.execute(sql).fetchall())


@dataclass(frozen=True)
class _Stored:
    """A table as one of the two files holds it."""

    relation: str
    columns: tuple[str, ...]
    n_rows: int
    content: object


def _compare(connection: Connection, table: str, contract: Contract | None) -> TableDiff:
    before, after = _stored(connection, "before", table), _stored(connection, "after", table)
    if before is None or after is None:
        n_before = before.n_rows if before else None
        n_after = after.n_rows if after else None
        return TableDiff(table, n_before, n_after, n_after or 0, n_before or 0)
    if (before.columns, before.content) == (after.columns, after.content):
        return TableDiff(table, before.n_rows, after.n_rows)
    key = contract.key if contract else ()
    if not key or not set(key) <= set(before.columns) & set(after.columns):
        return TableDiff(table, before.n_rows, after.n_rows, after.n_rows, before.n_rows)
    return _compare_rows(connection, table, key, before, after)


def _compare_rows(
    connection: Connection, table: str, key: Sequence[str], before: _Stored, after: _Stored
) -> TableDiff:
    values = [c for c in after.columns if c in before.columns and c not in key]
    differs = [f'b."{c}" IS DISTINCT FROM a."{c}"' for c in values]
    wanted = ["count(*)", f"count(*) FILTER ({' OR '.join(differs) or 'false'})"]
    wanted += [f"count(*) FILTER ({test})" for test in differs]
    on = " AND ".join(f'b."{c}" = a."{c}"' for c in key)
    matched, changed, *by_column = connection.execute(
        f"SELECT {', '.join(wanted)} FROM {before.relation} AS b JOIN {after.relation} AS a ON {on}"
    ).fetchall()[0]
    figures = {c: n for c, n in zip(values, by_column, strict=True) if n}
    added, removed = after.n_rows - matched, before.n_rows - matched
    return TableDiff(table, before.n_rows, after.n_rows, added, removed, changed, figures)


def _stored(connection: Connection, database: str, table: str) -> _Stored | None:
    schema, _, name = table.partition(".")
    found = connection.execute(
        """
        SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
        WHERE database_name = $1 AND schema_name = $2 AND table_name IN ($3, $3 || '__stored')
        GROUP BY table_name ORDER BY table_name DESC LIMIT 1
        """,
        [database, schema, name],
    ).fetchall()
    if not found:
        return None
    relation = f'"{database}"."{schema}"."{found[0][0]}"'
    # a sum of the rows' hashes: the same rows in any order have the same
    n_rows, content = connection.execute(
        f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {relation} AS t"
    ).fetchall()[0]
    return _Stored(relation, tuple(found[0][1]), n_rows, content)
