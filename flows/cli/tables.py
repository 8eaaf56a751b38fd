"""`asymmetry tables`: the tables of the published warehouse, and what their columns mean."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.console import opened
from flows.cli.options import current_home
from warehouse.catalog.tables import describe_table, list_tables, list_views, nearest_tables
from warehouse.db import Connection

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry tables core.votes`")
def tables(
    table: Annotated[str | None, typer.Argument(help="Full name, for example core.votes.")] = None,
) -> None:
    """List the tables of the published warehouse, or explain one table's columns."""
    print_tables(current_home().warehouse, table)


def print_tables(warehouse: Path, table: str | None) -> None:
    """Prints the tables of the warehouse, or the columns of one.

    Args:
        warehouse: The published file.
        table: Full table name, or None for the list.
    """
    with opened(warehouse) as connection:
        if table is None:
            _print_all(connection)
        else:
            _print_one(connection, table)


def _print_all(connection: Connection) -> None:
    rows = [
        (t.table, ("" if t.n_rows is None else f"{t.n_rows:,}").rjust(9), t.covers, t.grain)
        for t in list_tables(connection)
    ]
    console.print_rows(["table", "rows", "covers", "grain"], rows, wrap=["grain"])
    if views := list_views(connection):
        console.print_rows(["view", "what it shows"], views, wrap=["what it shows"])
    console.hint("`asymmetry tables TABLE` explains a table's columns, and why it ends.")


def _print_one(connection: Connection, table: str) -> None:
    found = describe_table(connection, table)
    if found is None:
        names = ", ".join(nearest_tables(connection, table))
        console.fail(f"There is no table {table}. Near: {names}.", 2)
        return
    comment = found.comment
    for mark in ("Grain:", "Key:", "Warning:", "Sources:", "Covers:"):
        comment = comment.replace(f" {mark} ", f"\n{mark} ")
    console.out.print(comment, markup=False)
    console.print_rows(["column", "type", "meaning"], found.columns, wrap=["meaning"])
