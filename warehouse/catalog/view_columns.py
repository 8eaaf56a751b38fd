"""What the views show, found without a build: over the contracts' tables, empty."""

from dataclasses import dataclass

import duckdb

from warehouse.contracts.comments import view_column_comments
from warehouse.contracts.read import contracts
from warehouse.load.tables import create_schemas
from warehouse.load.views import create_views, view_sql


@dataclass(frozen=True)
class ViewDescription:
    """A view made for people.

    Attributes:
        name: Its name.
        comment: What it shows.
        columns: Column, DuckDB type, and meaning.
        sql: The statement that creates it.
    """

    name: str
    comment: str
    columns: tuple[tuple[str, str, str], ...]
    sql: str


def describe_views() -> list[ViewDescription]:
    """Every view, in alphabetical order."""
    with duckdb.connect() as connection:
        create_schemas(connection)
        for table, contract in contracts().items():
            columns = ", ".join(f'"{c.name}" {c.duckdb_type}' for c in contract.columns)
            connection.execute(f"CREATE TABLE {table} ({columns})")
        names = create_views(connection)
        asked = "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
        comments = dict(connection.execute(asked).fetchall())
        types = {name: connection.execute(f"DESCRIBE {name}").fetchall() for name in names}
    found = []
    for name in names:
        meanings = view_column_comments(name, [str(row[0]) for row in types[name]])
        columns_of = tuple((str(row[0]), str(row[1]), meanings[str(row[0])]) for row in types[name])
        found.append(ViewDescription(name, str(comments[name]), columns_of, view_sql()[name]))
    return found
