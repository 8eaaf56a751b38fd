"""One page of the data dictionary: a table, or a view."""

import re
from collections.abc import Iterable, Iterator

from flows.dag import STEPS, Step
from flows.engine.coverage import CoverageError, declared_coverage
from warehouse.catalog.ready_queries import ready_queries
from warehouse.catalog.view_columns import ViewDescription
from warehouse.contracts.model import Column, Contract
from warehouse.load.views import view_sql

SOURCES = "../../../DATA_LICENSES.md"
"""The page on the sources, from the folder of the dictionary."""

_SHOWN = 7
"""Columns of the query to begin with."""


def table_page(contract: Contract) -> str:
    """The page of a table as Markdown: what a row is, where it comes from, columns, a query.

    Args:
        contract: The table's contract.
    """
    lines = [
        f"# {contract.table}",
        "",
        f"**{contract.title}**: {contract.grain}.",
        "",
        " ".join(contract.description.split()),
        "",
    ]
    if contract.usage_warnings:
        lines += ["## Mind", ""]
        lines += [f"* {' '.join(warning.split())}" for warning in contract.usage_warnings] + [""]
    lines += [
        "## Key, coverage, lineage",
        "",
        f"* Key: {', '.join(f'`{name}`' for name in contract.key)}; rows are stored in its order.",
        *_sources(contract),
        *_lineage(contract.table),
        "",
        "## Columns",
        "",
        "| column | type | unit | meaning | range or codes | NULL |",
        "|---|---|---|---|---|---|",
        *(_row(column) for column in contract.columns),
        "",
        *_examples(contract.table, contract.key, [c.name for c in contract.columns]),
    ]
    return "\n".join(lines) + "\n"


def view_page(view: ViewDescription) -> str:
    """The page of a view as Markdown.

    Args:
        view: The view, as `warehouse.catalog.view_columns` finds it.
    """
    code = re.sub(r"--[^\n]*", "", view.sql)
    read = sorted(set(re.findall(r"\b(?:FROM|JOIN)\s+((?:core|marts|metrics|meta)\.\w+)", code)))
    lines = [
        f"# {view.name}",
        "",
        view.comment,
        "",
        f"* A view over {_linked(read)}; its SQL is `warehouse/sql/views/{view.name}.sql`.",
        "",
        "## Columns",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
        *(f"| `{name}` | {kind} | {_cell(meaning)} |" for name, kind, meaning in view.columns),
        "",
        *_examples(view.name, (), [name for name, _, _ in view.columns]),
    ]
    return "\n".join(lines) + "\n"


def example_query(table: str, key: Iterable[str], columns: Iterable[str]) -> str:
    """A query to begin with: the key and the first columns after it, sorted.

    Args:
        table: Full name of a table, or a view.
        key: Columns by which the rows are sorted; all that are shown, where there is none.
        columns: All columns, in stored order.
    """
    keys = list(key)
    shown = [*keys, *(name for name in columns if name not in keys)][: max(_SHOWN, len(keys))]
    order = "ALL" if not keys else ", ".join(keys)
    return f"SELECT {', '.join(shown)}\nFROM {table}\nORDER BY {order}\nLIMIT 5"


def _examples(table: str, key: tuple[str, ...], columns: list[str]) -> list[str]:
    lines = ["## Example", "", "```sql", example_query(table, key, columns), "```"]
    asked = [query.name for query in ready_queries().values() if table in query.tables]
    if asked:
        links = ", ".join(f"[{name}](../queries.md#{name})" for name in asked)
        lines += ["", f"Ready queries: {links}."]
    return lines


def _sources(contract: Contract) -> list[str]:
    """The sources of a table, each with what it declares to cover."""
    if not contract.sources:
        return []
    covered = [f"`{slug}`{_covers(slug)}" for slug in contract.sources]
    lines = [f"* Sources: {', '.join(covered)} ([terms and citations]({SOURCES}))."]
    if contract.schema_name != "meta":
        lines.append(
            "* Coverage: of a build, [meta.coverage](meta.coverage.md) has the first and the last"
            " year or session of the rows, and why they end."
        )
    return lines


def _covers(name: str) -> str:
    """What a source or list declares to cover, in brackets; empty where it has no dates."""
    try:
        declared = declared_coverage(name)
    except CoverageError:
        return ""
    sessions = "sessions " if declared["unit"] == "session" else ""
    first = str(declared["from"])
    last = str(declared["to"]).replace("last_in_data", "the last in its file")
    return f" ({sessions}{first} to {last})" if first != last else f" ({sessions}{first})"


def _lineage(table: str) -> Iterator[str]:
    """What makes a table, from what, and what reads it."""
    makers = [step for step in STEPS if table in step.outputs]
    for step in makers:
        mart = f"warehouse/sql/marts/{table.split('.')[1]}.sql"
        yield f"* Made by `{step.function or mart}` from {_inputs(step)}."
    if not makers:
        yield "* Made when a build is assembled: it describes the build itself."
    readers = sorted({name for step in STEPS if table in step.reads for name in step.outputs})
    if readers:
        yield f"* Read by {_linked(readers)}."
    views = [name for name, sql in view_sql().items() if re.search(rf"\b{table}\b", sql)]
    if views:
        yield f"* Shown by the view{'s' if len(views) > 1 else ''} {_linked(views)}."


def _inputs(step: Step) -> str:
    parts = [_linked(step.reads)] if step.reads else []
    if step.source:
        parts.append(f"the file of `{step.source}`")
    if lists := sorted(set(step.references.values())):
        parts.append("the hand-coded " + ", ".join(f"`{name}`" for name in lists))
    return "; ".join(parts) or "nothing but its rules"


def _linked(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]({name}.md)" for name in names)


def _row(column: Column) -> str:
    meaning = column.description
    if column.formula is not None:
        meaning += " Computed from other columns when it is read."
    cells = [
        f"`{column.name}`",
        column.duckdb_type,
        column.unit or "",
        meaning,
        _values(column),
        column.null_when or "never",
    ]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _values(column: Column) -> str:
    """The codes, or else the range."""
    if column.codes:
        return "; ".join(f"`{code}` {meaning}" for code, meaning in column.codes.items())
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f"at least {column.minimum:g}"
    return "" if column.maximum is None else f"at most {column.maximum:g}"


def _cell(text: str) -> str:
    """A text that cannot break out of its cell."""
    return " ".join(text.split()).replace("|", "\\|")
