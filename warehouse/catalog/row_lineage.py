"""From one row of a published table to the rows that it comes from, table by table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.catalog.cells import Row, rows_of
from warehouse.catalog.lineage import Lineage, lineage_of
from warehouse.catalog.row_links import link
from warehouse.contracts.read import contracts
from warehouse.db import Connection


@dataclass(frozen=True)
class Selection:
    """The rows of one table that the asked ones come from.

    Attributes:
        table: Its full name.
        n_rows: How many.
        n_all: How many the table has.
        by: What they are selected by, in words; empty where all rows count.
        keys: The keys of the first of them, in the order of the table.
    """

    table: str
    n_rows: int
    n_all: int
    by: str
    keys: tuple[Row, ...]

    @property
    def is_all(self) -> bool:
        """Whether the asked rows rest on the table as a whole."""
        return not self.by


@dataclass(frozen=True)
class RowLineage:
    """Rows and where they come from.

    Attributes:
        tables: The lineage of the table.
        asked: The first of the rows that were asked for, whole.
        n_asked: How many there are.
        direct: Input of the table to the rows that the asked ones are made of.
        selections: Table to all rows behind them, by whichever way; the asked table first.
        staged: Staging table to the first of its rows behind them, whole, where not all count.
    """

    tables: Lineage
    asked: tuple[Row, ...]
    n_asked: int
    direct: Mapping[str, Selection]
    selections: Mapping[str, Selection]
    staged: Mapping[str, tuple[Row, ...]]


def row_lineage_of(
    connection: Connection, table: str, values: Mapping[str, str], *, shown: int
) -> RowLineage | None:
    """Follows the rows of a table that have these values.

    Args:
        connection: An open warehouse.
        table: Full name of a table with a contract.
        values: Column to value, as text; `null` for none.
        shown: How many keys of each table are given.

    Returns:
        None where the file has no such table.
    """
    tables = lineage_of(connection, table)
    if tables is None or table not in contracts():
        return None
    walk = _Walk(connection, tables, shown)
    asked = walk.begin(values)
    depths = tables.depths()
    for name in sorted(depths, key=lambda n: (depths[n], n)):
        if name != table and name in contracts():
            walk.follow(name)
    inputs = [name for name in tables.inputs[table] if name in contracts()]
    direct = {name: walk.direct(name) for name in inputs}
    n_asked = walk.found[table].n_rows
    return RowLineage(tables, asked, n_asked, direct, walk.found, walk.staged())


class _Walk:
    """Selects rows of one table after the other, those that read it first."""

    def __init__(self, connection: Connection, tables: Lineage, shown: int) -> None:
        self._connection, self._tables, self._shown = connection, tables, shown
        self.found: dict[str, Selection] = {}

    def begin(self, values: Mapping[str, str]) -> tuple[Row, ...]:
        """Selects the asked rows."""
        table = self._tables.root
        conditions = [
            f'i."{name}" IS NULL' if value.lower() == "null" else f'i."{name}"::VARCHAR = ?'
            for name, value in values.items()
        ]
        parameters = [value for value in values.values() if value.lower() != "null"]
        self._select(
            table, " AND ".join(conditions) or "true", ", ".join(values) or "all", parameters
        )
        return tuple(rows_of(self._connection, f"FROM {_chosen(table)} LIMIT {self._shown}"))

    def follow(self, table: str) -> None:
        """Selects the rows of an input, from those of all tables that read it."""
        parts, words = [], []
        for reader, inputs in self._tables.inputs.items():
            if table not in inputs or reader not in self.found:
                continue
            found = link(contracts()[reader], contracts()[table])
            if self.found[reader].is_all or found is None:
                self._take_all(table)
                return
            condition, by = found
            parts.append(f"EXISTS (SELECT 1 FROM {_chosen(reader)} AS t WHERE {condition})")
            words.append(by)
        self._select(table, " OR ".join(parts), "; ".join(dict.fromkeys(words)), [])

    def _select(self, table: str, where: str, by: str, parameters: list[Any]) -> None:
        order = ", ".join(f"i.{name}" for name in contracts()[table].key)
        of = f"SELECT i.* FROM {table} AS i WHERE {where} ORDER BY {order}"
        into = f"CREATE OR REPLACE TEMP TABLE {_chosen(table)} AS {of}"
        self._connection.execute(into, parameters)
        names = ", ".join(contracts()[table].key)
        keys = rows_of(
            self._connection, f"SELECT {names} FROM {_chosen(table)} LIMIT {self._shown}"
        )
        n_rows = self._count(_chosen(table))
        self.found[table] = Selection(table, n_rows, self._count(table), by, tuple(keys))

    def direct(self, table: str) -> Selection:
        """The rows of an input of the asked table, without those that others need."""
        root, whole = self._tables.root, self.found[table]
        found = link(contracts()[root], contracts()[table])
        if found is None:
            return Selection(table, whole.n_all, whole.n_all, "", ())
        condition, by = found
        exists = f"EXISTS (SELECT 1 FROM {_chosen(root)} AS t WHERE {condition})"
        names = ", ".join(f"i.{name}" for name in contracts()[table].key)
        rows = rows_of(
            self._connection, f"SELECT {names} FROM {table} AS i WHERE {exists} ORDER BY {names}"
        )
        return Selection(table, len(rows), whole.n_all, by, tuple(rows[: self._shown]))

    def staged(self) -> dict[str, tuple[Row, ...]]:
        """Staging table to its first rows, whole, where not all of them count."""
        return {
            table: tuple(rows_of(self._connection, f"FROM {_chosen(table)} LIMIT {self._shown}"))
            for table, found in self.found.items()
            if contracts()[table].schema_name == "staging" and not found.is_all
        }

    def _take_all(self, table: str) -> None:
        n_rows = self._count(table)
        self.found[table] = Selection(table, n_rows, n_rows, "", ())

    def _count(self, relation: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


def _chosen(table: str) -> str:
    """The temporary table of the chosen rows."""
    return f"chosen_{table.replace('.', '__')}"
