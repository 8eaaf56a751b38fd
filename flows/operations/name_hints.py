"""What is suggested where a query names what is not there: a table, a column, a state."""

import re

from warehouse.catalog.tables import nearest_columns, nearest_tables, tables_with
from warehouse.db import Connection

_TABLE = re.compile(r"Table with name (\S+) does not exist")
_COLUMN = re.compile(r'(?:Referenced column|column named) "([^"]+)"')
_STATE = re.compile(r"\b\w*(?:name|leader|partner)\s*(?:=|IN\s*\()\s*'([^']+)'", re.IGNORECASE)
_PLACES = 3


def hint_of_error(connection: Connection, message: str) -> str:
    """What to try where DuckDB knows a table or a column not; empty where that is not the matter.

    Args:
        connection: An open warehouse.
        message: What DuckDB said.
    """
    if found := _TABLE.search(message):
        name = found[1].strip('"!')
        near = ", ".join(nearest_tables(connection, name))
        return f"Near {name}: {near}. `asymmetry tables --search WORD` looks in all of them."
    if found := _COLUMN.search(message):
        name = found[1]
        if places := tables_with(connection, name, _PLACES):
            return f"{name} is a column of {', '.join(places)}."
        near = ", ".join(nearest_columns(connection, name))
        return f"No table has a column {name}. Near: {near}."
    return ""


def hint_of_nothing(connection: Connection, sql: str) -> str:
    """What to say of an answer without rows where a state is named as no table names it.

    Args:
        connection: An open warehouse.
        sql: The query.
    """
    for name in dict.fromkeys(_STATE.findall(sql)):
        known = connection.execute(
            "SELECT 1 FROM core.states WHERE state_name = ? LIMIT 1", [name]
        ).fetchone()
        if known:
            continue
        near = connection.execute(
            """
            SELECT state_name FROM core.states GROUP BY state_name
            ORDER BY greatest(jaro_winkler_similarity(lower(state_name), lower($1)),
                              CAST(starts_with(lower(state_name), lower($1)) AS DOUBLE)) DESC, 1
            LIMIT 2
            """,
            [name],
        ).fetchall()
        return (
            f"No state is named '{name}' in core.states. Near: {', '.join(n for (n,) in near)}."
            f" ccode_of('{name}') finds a state by any usual name."
        )
    return ""
