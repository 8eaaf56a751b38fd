"""Where a table of a published file comes from, back to the bytes of the publishers."""

import re
from dataclasses import dataclass, field

from warehouse.db import Connection

_TABLE = re.compile(r"\b(?:staging|core|marts|metrics|meta)\.\w+")


@dataclass(frozen=True)
class Lineage:
    """A table, what it is made of, and what that is made of.

    Attributes:
        root: The table or view.
        inputs: Table or view to what it is made of, by name: tables, snapshots
            (`snapshot <id>`), hand-coded lists (their file) and files of the user.
        steps: Table to the step that makes it.
        addresses: `snapshot <id>` to where its bytes came from.
        carriers: Tables with a column of the asked name, where one was asked for.
    """

    root: str
    inputs: dict[str, tuple[str, ...]]
    steps: dict[str, str]
    addresses: dict[str, str]
    carriers: frozenset[str] = field(default_factory=frozenset)

    def depths(self) -> dict[str, int]:
        """Everything to its distance from the root, by the longest way."""
        found = {self.root: 0}
        waiting = [self.root]
        while waiting:
            name = waiting.pop(0)
            for of in self.inputs.get(name, ()):
                if found.get(of, -1) < found[name] + 1:
                    found[of] = found[name] + 1
                    waiting.append(of)
        return found


def lineage_of(connection: Connection, table: str, column: str | None = None) -> Lineage | None:
    """Reads the lineage of a table or view.

    A column is followed by its name: a step that reads tables with a column of that name passes it
    on, and where none has it, it is computed there.

    Args:
        connection: An open warehouse.
        table: Full name of a table, or the name of a view.
        column: One of its columns; only what carries it is followed.

    Returns:
        None where the file has no such table, or the table no such column.
    """
    steps, inputs, addresses = _known(connection)
    if table not in inputs:
        return None
    carriers = _with_column(connection, column) if column else frozenset()
    if column and table not in carriers:
        return None
    kept: dict[str, tuple[str, ...]] = {}
    waiting = [table]
    while waiting:
        name = waiting.pop()
        if name in kept or name not in inputs:
            continue
        carried = tuple(n for n in inputs[name] if n in carriers)
        kept[name] = carried if column and carried else inputs[name]
        if carried or not column:  # a column that nothing carries is computed of what is read
            waiting += kept[name]
    return Lineage(table, kept, steps, addresses, carriers)


def _known(
    connection: Connection,
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, str]]:
    steps: dict[str, str] = {}
    inputs: dict[str, tuple[str, ...]] = {}
    rows = connection.execute(
        "SELECT table_name, input_kind, input_name, step FROM meta.lineage ORDER BY ALL"
    ).fetchall()
    for table, kind, name, step in rows:
        steps[table] = step
        of = f"snapshot {name}" if kind == "snapshot" else name
        inputs[table] = (*inputs.get(table, ()), of)
    views = connection.execute(
        "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
    ).fetchall()
    for view, sql in views:
        inputs[view] = tuple(dict.fromkeys(t for t in _TABLE.findall(sql) if t in inputs))
    found = connection.execute("SELECT snapshot_id, url FROM meta.snapshots").fetchall()
    return steps, inputs, {f"snapshot {name}": url for name, url in found}


def _with_column(connection: Connection, column: str) -> frozenset[str]:
    rows = connection.execute(
        """
        SELECT CASE schema_name WHEN 'main' THEN table_name
            ELSE schema_name || '.' || replace(table_name, '__stored', '') END
        FROM duckdb_columns() WHERE NOT internal AND lower(column_name) = lower(?)
        """,
        [column],
    ).fetchall()
    return frozenset(str(row[0]) for row in rows)
