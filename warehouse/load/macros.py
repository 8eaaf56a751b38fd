"""Creates the macros for people: each file of `sql/macros/` is SQL with its comments."""

from importlib.resources import files

import duckdb


def macro_sql() -> dict[str, str]:
    """Macro (or what macros need, which begins with _ and comes first) to its SQL."""
    folder = files("warehouse") / "sql" / "macros"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return {file.name.removesuffix(".sql"): file.read_text("utf-8") for file in found}


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the macros over the tables of a build file: core.states and meta.state_names.

    A macro looks for tables in the database that is in use: where the file is attached under a
    name, `USE` it first.
    """
    for sql in macro_sql().values():
        connection.execute(sql)
