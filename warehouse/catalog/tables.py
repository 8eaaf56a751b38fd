"""Answers about the tables of a warehouse file, and their columns."""

import re
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
        connection.execute(
            # views have no schema, and a file of their own for what they show
            "SELECT DISTINCT table_name, grain FROM meta.dictionary WHERE table_name LIKE '%.%'"
        ).fetchall()
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


def nearest_columns(connection: Connection, name: str, table: str | None = None) -> list[str]:
    """The three columns whose names are nearest, of one table or view or of all."""
    rows = connection.execute(
        """
        SELECT column_name FROM duckdb_columns()
        WHERE NOT internal AND ($2 IS NULL OR $2 IN (schema_name || '.' || table_name, table_name))
        GROUP BY column_name
        ORDER BY jaro_winkler_similarity(lower(column_name), lower($1)) DESC, column_name
        LIMIT 3
        """,
        [name, table],
    ).fetchall()
    return [str(row[0]) for row in rows]


def tables_with(connection: Connection, column: str, limit: int) -> list[str]:
    """Tables and views that have a column of this name, metrics and views first."""
    rows = connection.execute(
        """
        SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name
            AS name
        FROM duckdb_columns()
        WHERE NOT internal AND lower(column_name) = lower($1)
          AND NOT ends_with(table_name, '__stored')
        ORDER BY schema_name <> 'main', schema_name <> 'metrics', name LIMIT $2
        """,
        [column, limit],
    ).fetchall()
    return [str(row[0]) for row in rows]


class Found(NamedTuple):
    """What a search has found: a table, view or column, and what it means."""

    name: str
    meaning: str


def search(connection: Connection, text: str, limit: int) -> list[Found]:
    """Tables, views and columns whose names or descriptions have the words, best first.

    Those that have more of the words come first; then a word in the name of a table counts most,
    in that of a column next, and in a description least. A word counts where it begins one (art
    finds article, not part).

    Args:
        connection: An open warehouse.
        text: Words; case does not count.
        limit: Most that are returned.
    """
    words = [f"\\b{re.escape(word)}" for word in text.lower().replace("_", " ").split()]
    if not words:
        return []
    rows = connection.execute(
        """
        WITH relations AS (
            SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal
            UNION ALL
            SELECT schema_name, view_name, comment FROM duckdb_views() WHERE NOT internal
        ),
        things AS (
            SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name
                AS name, 3 AS weight, lower(replace(table_name, '_', ' ')) AS words, comment
            FROM relations
            UNION ALL
            SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name
                || '.' || column_name, 2, lower(replace(column_name, '_', ' ')), comment
            FROM duckdb_columns() WHERE NOT internal
        ),
        counted AS (
            SELECT name, comment, weight,
                len(list_filter($1::VARCHAR[], lambda w: regexp_matches(words, w))) AS n_in_name,
                len(list_filter($1::VARCHAR[], lambda w: regexp_matches(words, w)
                    OR regexp_matches(lower(comment), w))) AS n_found
            FROM things WHERE NOT contains(name, '__stored')
        )
        SELECT name, comment FROM counted WHERE n_found > 0
        ORDER BY n_found DESC, n_in_name * weight DESC, weight DESC, length(name), name LIMIT $2
        """,
        [words, limit],
    ).fetchall()
    return [Found(str(name), str(meaning or "")) for name, meaning in rows]
