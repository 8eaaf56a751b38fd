"""Creates the views for people: each file of `sql/views/` is one CREATE VIEW with its comment."""

from importlib.resources import files

import duckdb


def view_sql() -> dict[str, str]:
    """View to its SQL, in alphabetical order."""
    folder = files("warehouse") / "sql" / "views"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return {file.name.removesuffix(".sql"): file.read_text("utf-8") for file in found}


def create_views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Creates the views over the tables of a build file, and returns their names.

    Comments of their columns are added by `warehouse.contracts.comments.comment_on_view`.
    """
    for sql in view_sql().values():
        connection.execute(sql)
    return list(view_sql())
