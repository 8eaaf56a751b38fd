"""Answers about the tables of a warehouse file, and their columns."""

from dataclasses import dataclass
from typing import NamedTuple

from warehouse.db import Connection


class TableEntry(NamedTuple):
    """A table of a contract.

    `n_rows` is None where DuckDB does not know; `covers` is empty where its rows have no time, and
    in builds from before `meta.coverage`.
    """

    table: str
    n_rows: int | None
    covers: str
    grain: str


class ViewEntry(NamedTuple):
    """A view made for people."""

    view: str
    comment: str


class ColumnEntry(NamedTuple):
    """A column of a table or view."""

    column: str
    data_type: str
    meaning: str


@dataclass(frozen=True)
class TableDescription:
    """What a table or view holds."""

    comment: str
    columns: tuple[ColumnEntry, ...]


def list_tables(connection: Connection) -> list[TableEntry]:
    """Every table of a contract: metrics first, metadata last."""
    sizes = dict(
        connection.execute(
            "SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables()"
        ).fetchall()
    )
    grains = dict(
        connection.execute("SELECT DISTINCT table_name, grain FROM meta.dictionary").fetchall()
    )
    covers = _covered(connection)
    order = ("metrics", "marts", "core", "staging", "meta")
    names = sorted(grains, key=lambda name: (order.index(name.split(".")[0]), name))
    return [
        TableEntry(
            name,
            sizes.get(name, sizes.get(f"{name}__stored")),
            covers.get(name, ""),
            grains[name],
        )
        for name in names
    ]


def _covered(connection: Connection) -> dict[str, str]:
    """Table to its first and last year or session."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'coverage'"
    ).fetchall()
    if not there:
        return {}
    return dict(
        connection.execute(
            """
            SELECT table_name,
                CASE coverage_unit WHEN 'session' THEN 'sessions ' ELSE '' END
                || covered_from || '–' || covered_to
            FROM meta.coverage WHERE covered_to IS NOT NULL
            """
        ).fetchall()
    )


def list_views(connection: Connection) -> list[ViewEntry]:
    """Every view made for people, in alphabetical order."""
    rows = connection.execute(
        """
        SELECT view_name, comment FROM duckdb_views()
        WHERE NOT internal AND schema_name = 'main' ORDER BY 1
        """
    ).fetchall()
    return [ViewEntry(*row) for row in rows]


def describe_table(connection: Connection, table: str) -> TableDescription | None:
    """What a table or view holds, by its full name; None if it is unknown."""
    comment = connection.execute(
        """
        SELECT comment FROM duckdb_tables() WHERE schema_name || '.' || table_name = $1
        UNION ALL
        SELECT comment FROM duckdb_views()
        WHERE schema_name || '.' || view_name = $1 OR (schema_name = 'main' AND view_name = $1)
        """,
        [table],
    ).fetchone()
    if not comment:
        return None
    columns = connection.execute(
        """
        SELECT column_name, data_type, description FROM meta.dictionary
        WHERE table_name = ? ORDER BY ordinal
        """,
        [table],
    ).fetchall()
    if not columns:
        columns = connection.execute(
            """
            SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
            WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index
            """,
            [table],
        ).fetchall()
    return TableDescription(str(comment[0]), tuple(ColumnEntry(*column) for column in columns))


def nearest_tables(connection: Connection, name: str) -> list[str]:
    """The three tables or views whose names are nearest to a name that does not exist."""
    rows = connection.execute(
        """
        WITH names AS (
            SELECT DISTINCT table_name AS name FROM meta.dictionary
            UNION
            SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'
        )
        SELECT name FROM names
        ORDER BY greatest(jaro_winkler_similarity(name, $1),
                          jaro_winkler_similarity(string_split(name, '.')[-1], $1)) DESC, name
        LIMIT 3
        """,
        [name],
    ).fetchall()
    return [str(row[0]) for row in rows]
