"""`asymmetry tables`: the tables of the published warehouse, and what their columns mean."""

import textwrap
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.cli.published import opened
from warehouse.catalog.tables import describe_table, list_tables, list_views, nearest_tables
from warehouse.catalog.tables import search as search_tables
from warehouse.db import Connection

_LONGEST = 160

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry tables core.votes` · `asymmetry tables --search trade`")
def tables(
    table: Annotated[str | None, typer.Argument(help="Full name, for example core.votes.")] = None,
    search: Annotated[
        str | None,
        typer.Option(help="Words to look for in names and descriptions, best first."),
    ] = None,
    limit: Annotated[int, typer.Option(help="Most that --search shows.", min=1)] = 20,
    form: FormOption = Form.table,
) -> None:
    """List the tables of the published warehouse, explain one table's columns, or search all."""
    if table and search:
        console.fail("Name a table or --search, not both.", 2)
    print_tables(current_home().readable(), table, form, search=search, limit=limit)


def print_tables(
    warehouse: Path, table: str | None, form: Form, *, search: str | None, limit: int
) -> None:
    """Prints the tables of the warehouse, the columns of one, or what a search finds.

    Args:
        warehouse: The published file.
        table: Full table name, or None for the list.
        form: table or json.
        search: Words to look for instead.
        limit: Most that a search shows.
    """
    with opened(warehouse) as connection:
        if search is not None:
            _print_found(connection, search, limit, form)
        elif table is None:
            _print_all(connection, form)
        else:
            _print_one(connection, table, form)


def _print_found(connection: Connection, text: str, limit: int, form: Form) -> None:
    found = search_tables(connection, text, limit)
    if form is Form.json:
        print_json([one._asdict() for one in found])
        return
    if not found:
        console.fail(f"Nothing is named or described with any of: {text}.", 1)
    rows = [(one.name, textwrap.shorten(one.meaning, _LONGEST, placeholder=" …")) for one in found]
    console.print_rows(["table or column", "meaning"], rows, wrap=["meaning"])


def _print_all(connection: Connection, form: Form) -> None:
    if form is Form.json:
        print_json(
            [t._asdict() for t in list_tables(connection)]
            + [v._asdict() for v in list_views(connection)]
        )
        return
    rows = [
        (t.table, ("" if t.n_rows is None else f"{t.n_rows:,}").rjust(9), t.covers, t.grain)
        for t in list_tables(connection)
    ]
    console.print_rows(["table", "rows", "covers", "grain"], rows, wrap=["grain"])
    if views := list_views(connection):
        console.print_rows(["view", "what it shows"], views, wrap=["what it shows"])
    console.hint("`asymmetry tables TABLE` explains a table's columns, and why it ends.")


def _print_one(connection: Connection, table: str, form: Form) -> None:
    found = describe_table(connection, table)
    if found is None:
        names = ", ".join(nearest_tables(connection, table))
        console.fail(f"There is no table {table}. Near: {names}.", 2)
        return
    if form is Form.json:
        columns = [column._asdict() for column in found.columns]
        print_json({"table": table, "comment": found.comment, "columns": columns})
        return
    comment = found.comment
    for mark in ("Grain:", "Key:", "Warning:", "Sources:", "Covers:"):
        comment = comment.replace(f" {mark} ", f"\n{mark} ")
    console.out.print(comment, markup=False)
    console.print_rows(["column", "type", "meaning"], found.columns, wrap=["meaning"])
