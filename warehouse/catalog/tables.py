"""Answers about the tables of a warehouse file, and their columns."""

from collections.abc import Sequence

from warehouse.catalog.builds import Row
from warehouse.db import Connection


def list_tables(connection: Connection) -> list[Row]:
    """(table, rows, grain) of every table of a contract: metrics first, metadata last."""
    sizes = dict(
        connection.execute(
            "SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables()"
        ).fetchall()
    )
    grains = dict(
        connection.execute("SELECT DISTINCT table_name, grain FROM meta.dictionary").fetchall()
    )
    order = ("metrics", "marts", "core", "staging", "meta")
    names = sorted(grains, key=lambda name: (order.index(name.split(".")[0]), name))
    return [(name, sizes.get(name, sizes.get(f"{name}__stored")), grains[name]) for name in names]


def list_views(connection: Connection) -> list[Row]:
    """(view, comment) of every view made for people."""
    return connection.execute(
        """
        SELECT view_name, comment FROM duckdb_views()
        WHERE NOT internal AND schema_name = 'main' ORDER BY 1
        """
    ).fetchall()


def describe_table(connection: Connection, table: str) -> tuple[str, Sequence[Row]] | None:
    """The comment and the columns (column, type, meaning) of a table or view; None if unknown."""
    comment = connection.execute(
        """
        SELECT comment FROM duckdb_tables() WHERE schema_name || '.' || table_name = $1
        UNION ALL
        SELECT comment FROM duckdb_views()
        WHERE schema_name || '.' || view_name = $1 OR (schema_name = 'main' AND view_name = $1)
        """,
        [table],
    ).fetchall()
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
    return str(comment[0][0]), columns


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
