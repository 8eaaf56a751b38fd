"""What is known of a table or view of a built file: comments, contract, coverage, sources."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.contracts.model import Column, Contract
from warehouse.contracts.read import contracts
from warehouse.db import Connection, QueryError

_TABLE_IN_SQL = re.compile(r'"?\b(staging|core|marts|metrics|main)\b"?\."?(\w+)"?')


class UnknownTableError(QueryError):
    """The warehouse has no such table or view."""


@dataclass(frozen=True)
class ColumnFacts:
    """A column of a table or view.

    Attributes:
        name: Its name.
        duckdb_type: Its type.
        description: What it means; without unit, codes and null rule where `column` has them.
        column: Its column of a contract; None in a view, and where the file is of other code.
    """

    name: str
    duckdb_type: str
    description: str
    column: Column | None


@dataclass(frozen=True)
class TableFacts:
    """A table or view of a built file.

    Attributes:
        table: Full name; of a view for people its name alone.
        comment: All that the file says of it.
        columns: In the order of the file.
        contract: Its contract; None for a view, and where the file is of other code.
        covers: First and last year or session of its rows, and why it ends; may be empty.
        sources: Slugs of the datasets that it was made of, by lineage.
    """

    table: str
    comment: str
    columns: tuple[ColumnFacts, ...]
    contract: Contract | None
    covers: str
    sources: tuple[str, ...]

    @property
    def title(self) -> str:
        """A few words."""
        return self.contract.title if self.contract else self.comment.partition(". ")[0]

    @property
    def relation(self) -> str:
        """The name as SQL has it."""
        return ".".join(f'"{part}"' for part in self.table.split("."))


@dataclass(frozen=True)
class SourceFacts:
    """A dataset that a build was made of, as `meta.sources` and `meta.snapshots` have it."""

    slug: str
    title: str
    publisher: str
    version: str
    landing_page: str
    citation: str
    bibtex_key: str
    licence: str | None
    terms: str
    snapshot_id: str
    sha256: str
    is_simulated: bool


def exported_tables(connection: Connection) -> list[str]:
    """Full names of the tables that `export` writes when none is named: core, marts, metrics."""
    rows = connection.execute(
        """
        SELECT DISTINCT table_name FROM meta.dictionary
        WHERE split_part(table_name, '.', 1) IN ('core', 'marts', 'metrics') ORDER BY ALL
        """
    ).fetchall()
    return [str(row[0]) for row in rows]


def table_facts(connection: Connection, table: str) -> TableFacts:
    """What is known of a table or view.

    Args:
        connection: A built file.
        table: Full name (`core.votes`), or a view's.

    Raises:
        UnknownTableError: There is none of the name.
    """
    schema, _, name = table.rpartition(".")
    rows = connection.execute(
        """
        SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
        WHERE NOT internal AND schema_name = $1 AND table_name = $2 ORDER BY column_index
        """,
        [schema or "main", name],
    ).fetchall()
    if not rows:
        raise UnknownTableError(f"There is no table or view {table}")
    stated = {c.name: c for c in contracts()[table].columns} if table in contracts() else {}
    columns = []
    for column, data_type, comment in rows:
        of_contract = stated.get(column)
        if of_contract is not None and of_contract.duckdb_type != data_type:
            of_contract = None
        said = of_contract.description if of_contract else comment
        columns.append(ColumnFacts(column, data_type, said, of_contract))
    return TableFacts(
        table=table,
        comment=_comment(connection, schema or "main", name),
        columns=tuple(columns),
        contract=contracts().get(table),
        covers=_covers(connection, table),
        sources=tuple(sorted(_sources(connection, table))),
    )


def source_facts(connection: Connection) -> dict[str, SourceFacts]:
    """Slug to what the build says of the dataset, in alphabetical order."""
    rows = connection.execute(
        """
        SELECT slug, title, publisher, version, landing_page, citation, bibtex_key, licence, terms,
               snapshot_id, sha256, is_simulated
        FROM meta.sources JOIN meta.snapshots USING (slug) ORDER BY slug
        """
    ).fetchall()
    return {row[0]: SourceFacts(*row) for row in rows}


def _comment(connection: Connection, schema: str, name: str) -> str:
    found = connection.execute(
        """
        SELECT comment FROM duckdb_tables() WHERE schema_name = $1 AND table_name = $2
        UNION ALL
        SELECT comment FROM duckdb_views() WHERE schema_name = $1 AND view_name = $2
        """,
        [schema, name],
    ).fetchone()
    return str(found[0]) if found and found[0] else ""


def _covers(connection: Connection, table: str) -> str:
    row = connection.execute(
        "SELECT coverage_unit, covered_from, covered_to, end_reason FROM meta.coverage"
        " WHERE table_name = $1 AND covered_from IS NOT NULL",
        [table],
    ).fetchone()
    if row is None:
        return ""
    unit, first, last, reason = row
    return f"{unit}s {first} to {last}" + (f" ({reason})" if reason else "")


def _sources(connection: Connection, table: str) -> set[str]:
    """Slugs at the bottom of a table's lineage, or of the tables that a view reads."""
    lineage: dict[str, list[tuple[str, str]]] = {}
    for name, kind, made_of in connection.execute(
        "SELECT table_name, input_kind, input_name FROM meta.lineage"
    ).fetchall():
        lineage.setdefault(name, []).append((kind, made_of))
    views = _tables_of_views(connection)
    found, seen, waiting = set(), set(), [table]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        waiting += views.get(current, ()) if current not in lineage else ()
        for kind, made_of in lineage.get(current, ()):
            if kind == "snapshot":
                found.add(made_of.partition(".")[0])
            elif kind == "table":
                waiting.append(made_of)
    return found


def _tables_of_views(connection: Connection) -> Mapping[str, list[str]]:
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
    ).fetchall()
    names = [str(view) for view, _ in rows]
    found: dict[str, list[str]] = {}
    for view, sql in rows:
        found[view] = [
            name if schema == "main" else f"{schema}.{name}"
            for schema, name in _TABLE_IN_SQL.findall(sql)
        ]
        found[view] += [n for n in names if n != view and re.search(rf"\b{n}\b", sql)]
    return found
