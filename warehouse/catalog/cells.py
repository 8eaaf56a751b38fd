"""Rows of published tables by key: some at random, those of a key, and all keys."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.contracts.read import contracts
from warehouse.db import Connection

Row = dict[str, Any]


def tables_there(connection: Connection) -> set[str]:
    """Full names of the tables and views with a contract that the file has."""
    rows = connection.execute(
        """
        SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT internal
        UNION SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal
        """
    ).fetchall()
    return {str(name) for (name,) in rows} & set(contracts())


def random_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    *,
    n: int,
    seed: int,
    where: str = "true",
) -> list[Row]:
    """Rows of a table at random, the same for the same seed and the same table.

    Args:
        connection: An open warehouse.
        table: Full name.
        columns: The columns that are wanted; the key comes first.
        n: How many rows, at most.
        seed: Of the choice.
        where: SQL over the table that says which rows may be chosen.
    """
    contract = contracts()[table]
    stored = contract.stored_table
    if where == "true":
        n_rows = connection.execute(f"SELECT count(*) FROM {stored}").fetchall()[0][0]
        numbers: Sequence[int] = range(int(n_rows))
    else:
        found = connection.execute(f"SELECT rowid FROM {stored} WHERE {where} ORDER BY rowid")
        numbers = [int(number) for (number,) in found.fetchall()]
    drawn = random.Random(f"{seed} {table}").sample(numbers, min(n, len(numbers)))
    if not drawn:
        return []
    key = ", ".join(contract.key)
    of = f"SELECT {key} FROM {stored} WHERE rowid IN ({', '.join(map(str, drawn))})"
    sql = f"SELECT * FROM {table} SEMI JOIN ({of}) USING ({key}) ORDER BY {key}"
    return rows_of(connection, f"SELECT {_names(contract.key, columns)} FROM ({sql})")


def rows_of_key(
    connection: Connection, table: str, columns: Sequence[str], values: Mapping[str, str]
) -> list[Row]:
    """The rows of a table that have these values, which are given as text.

    Args:
        connection: An open warehouse.
        table: Full name.
        columns: The columns that are wanted beside the key.
        values: Column to value.
    """
    key = contracts()[table].key
    conditions = [f'"{name}"::VARCHAR = ?' for name in values] or ["true"]
    sql = (
        f"SELECT {_names(key, columns)} FROM {table}"
        f" WHERE {' AND '.join(conditions)} ORDER BY {', '.join(key)}"
    )
    return rows_of(connection, sql, list(values.values()))


def keys_of(connection: Connection, table: str, where: str = "true") -> list[tuple[Any, ...]]:
    """Every key of a table."""
    key = ", ".join(contracts()[table].key)
    return connection.execute(f"SELECT {key} FROM {table} WHERE {where}").fetchall()


def columns_of(connection: Connection, table: str) -> list[str]:
    """The columns that a table of the file has."""
    found = connection.execute(f"SELECT * FROM {table} LIMIT 0")
    return [str(column[0]) for column in found.description or ()]


def count_rows(connection: Connection, table: str, where: str = "true") -> int:
    """How many rows a table has."""
    return int(connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchall()[0][0])


def rows_of(connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """What a query finds, each row with its columns' names."""
    found = connection.execute(sql, list(parameters))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _names(key: Sequence[str], columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in dict.fromkeys([*key, *columns]))
