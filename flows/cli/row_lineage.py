"""What `asymmetry lineage --row` prints: rows, the rows that they come from, and lines of files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form
from flows.home.paths import Home
from flows.operations.row_lineage import FileRows, file_rows
from warehouse.catalog.row_lineage import RowLineage, Selection, row_lineage_of
from warehouse.catalog.tables import nearest_columns, nearest_tables
from warehouse.contracts.read import contracts
from warehouse.db import Connection

_VALUES = 12
_PLACES = 3


def print_rows_of(
    connection: Connection, home: Home, table: str, asked: Sequence[str], *, n: int, form: Form
) -> None:
    """Prints the lineage of rows; ends the program where there are none.

    Args:
        connection: The published file.
        home: Where the snapshots are.
        table: Full name of a table.
        asked: Texts `COLUMN=VALUE`.
        n: How many rows of each table are named.
        form: How.
    """
    values = {name: value for name, _, value in (part.partition("=") for part in asked)}
    _check(connection, table, values)
    found = row_lineage_of(connection, table, values, shown=n)
    if found is None or not found.n_asked:
        console.fail(f"{table} has no row with {shown(', '.join(asked))}.", 2)
        raise AssertionError  # fail has ended the program
    files = file_rows(connection, home, found)
    if form is Form.json:
        print_json(_facts(found, files))
    else:
        _print(found, files, n)
    if faults := dict.fromkeys(one.fault for one in files if one.fault):
        console.fail(
            "\n".join(f"No line is named of a file that is damaged: {f}" for f in faults), 1
        )


def _check(connection: Connection, table: str, values: Mapping[str, str]) -> None:
    if table not in contracts():
        near = ", ".join(nearest_tables(connection, table))
        console.fail(f"Rows are followed from a table (schema.table). Did you mean: {near}?", 2)
    columns = {column.name for column in contracts()[table].columns}
    for name in values:
        if name not in columns:
            near = ", ".join(nearest_columns(connection, name, table))
            console.fail(f"{table} has no column {name}. Did you mean: {near}?", 2)


def _facts(found: RowLineage, files: Sequence[FileRows]) -> dict[str, Any]:
    return {
        "table": found.tables.root,
        "n_rows": found.n_asked,
        "rows": list(found.asked),
        "made_of": [asdict(one) for one in found.direct.values()],
        "behind": [asdict(one) for one in found.selections.values()],
        "files": [asdict(one) for one in files],
    }


def _print(found: RowLineage, files: Sequence[FileRows], n: int) -> None:
    table = found.tables.root
    key = contracts()[table].key
    for row in found.asked:
        _say(f"{table} [{_named({name: row[name] for name in key})}]")
        values = [f"{c}={_value(v)}" for c, v in row.items() if c not in key and v is not None]
        more = f" · and {len(values) - _VALUES} more" if len(values) > _VALUES else ""
        console.hint(f"  {' · '.join(values[:_VALUES])}{more}")
    if found.n_asked > n:
        _say(f"… {found.n_asked:,} rows in all; all are followed.")
    step = found.tables.steps.get(table)
    _say(f"\nMade by the step {step} of")
    _print_selections(list(found.direct.values()))
    behind = [s for s in found.selections.values() if s.table not in {table, *found.direct}]
    if behind:
        _say("\nBehind these, with what else they rest on (totals, membership)")
        _print_selections(behind)
    lists = sorted(
        {of for i in found.tables.inputs.values() for of in i if of.endswith((".csv", ".yml"))}
    )
    if lists:
        _say(f"\nHand-coded lists: {', '.join(name.rpartition('/')[2] for name in lists)}")
    _print_files(files)


def _print_selections(selections: Sequence[Selection]) -> None:
    rows = []
    for one in (s for s in selections if s.n_rows):
        of = f"all {one.n_all:,}" if one.is_all else f"{one.n_rows:,} of {one.n_all:,}"
        named = "; ".join(_named(key) for key in one.keys)
        first = f"{named}; …" if named and one.n_rows > len(one.keys) else named
        by = one.by or "an estimate, or no key shared: it rests on all of them"
        rows.append([one.table, of, by, first])
    wrap = ["selected by", "the first"]
    console.print_rows(["table", "rows", "selected by", "the first"], rows, wrap=wrap)
    if none := [s.table for s in selections if not s.n_rows]:
        console.hint(f"Nothing of {', '.join(none)}.")


def _print_files(files: Sequence[FileRows]) -> None:
    seen: set[str] = set()
    for one in files:
        if one.snapshot_id not in seen:
            seen.add(one.snapshot_id)
            _say(f"\nsnapshot {one.snapshot_id}")
            console.hint(f"  {one.url}\n  sha256 {one.sha256}")
        if one.is_whole:
            _say(f"  {one.table}: the whole of it, {one.n_rows:,} rows")
            continue
        _say(f"  {one.table}: {one.n_rows:,} row{'s' * (one.n_rows > 1)}")
        for key, places in one.rows.items():
            _say(f"    {key}: {'its file is damaged' if one.fault else _places(places)}")


def _places(places: Sequence[str]) -> str:
    if not places:
        return "the snapshot is not here, or has another layout: its lines cannot be named"
    more = f", … ({len(places):,} in all)" if len(places) > _PLACES else ""
    return ", ".join(places[:_PLACES]) + more


def _value(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _named(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items())


def _say(text: str) -> None:
    console.out.print(text, markup=False, soft_wrap=True)
