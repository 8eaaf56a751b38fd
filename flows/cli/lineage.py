"""`asymmetry lineage`: where a table, a column or a row comes from, back to publishers' bytes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from rich.tree import Tree

from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.cli.published import opened
from flows.home.output_file import OutputError, output_target, write_output
from flows.home.paths import Home
from flows.reports.lineage_drawing import DRAWN
from warehouse.catalog.lineage import Lineage, lineage_of
from warehouse.catalog.tables import nearest_columns, nearest_tables
from warehouse.db import Connection

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples: `asymmetry lineage metrics.vote_similarity` ·"
    " `asymmetry lineage core.votes.choice` · `asymmetry lineage claims --output claims.svg` ·"
    " `asymmetry lineage marts.state_year --row ccode=290 --row year=2003`"
)
def lineage(
    table: Annotated[
        str,
        typer.Argument(help="A table or view, or one of its columns.", metavar="TABLE[.COLUMN]"),
    ],
    output: Annotated[
        Path | None, typer.Option(help="Draw it into this file: .svg, .mmd (Mermaid) or .dot.")
    ] = None,
    row: Annotated[
        list[str] | None,
        typer.Option(
            help="Follow the rows with this value, to the lines of the publishers' files; may be"
            " repeated.",
            metavar="COLUMN=VALUE",
        ),
    ] = None,
    keys: Annotated[
        int, typer.Option(min=1, help="With --row: how many rows of each table are named.")
    ] = 3,
    form: FormOption = Form.table,
) -> None:
    """Tell where a table, a column or a row comes from: steps, tables, lists, publishers' bytes.

    A column is followed by its name: tables that have it pass it on, and where none has it, it is
    computed. With --row, rows are followed by the keys that tables share, and a row of an estimate
    by all rows that it rests on.
    """
    home = current_home()
    if row:
        if output:
            console.fail("--output draws tables, not rows: leave --row away.", 2)
        from flows.cli.row_lineage import print_rows_of  # which reads files, too

        with opened(home.readable()) as connection:
            print_rows_of(connection, home, table, row, n=keys, form=form)
        return
    target = _target(output, home) if output else None
    with opened(home.readable()) as connection:
        found = find_lineage(connection, table)
    if target:
        try:
            write_output(target, DRAWN[target.suffix.lower()](found).encode())
        except OutputError as error:
            console.fail(f"--output: {error}", 1)
    elif form is Form.json:
        print_json({k: v for k, v in asdict(found).items() if k != "carriers"})
    else:
        console.out.print(_tree(found, table), soft_wrap=True)


def _target(output: Path, home: Home) -> Path:
    if output.suffix.lower() not in DRAWN:
        console.fail(f"--output: {output.name} has to end with one of {', '.join(DRAWN)}.", 2)
    try:
        return output_target(output, home)
    except OutputError as error:
        console.fail(f"--output: {error}", 2)
        raise AssertionError from error  # fail has ended the program


def find_lineage(connection: Connection, name: str) -> Lineage:
    """The lineage of a table, a view or one of its columns; ends the program where there is none.

    Args:
        connection: An open warehouse.
        name: `schema.table`, `schema.table.column`, `view` or `view.column`.
    """
    if found := lineage_of(connection, name):
        return found
    table, _, column = name.rpartition(".")
    if found := lineage_of(connection, table, column):
        return found
    if table and lineage_of(connection, table):
        near = ", ".join(nearest_columns(connection, column, table))
        console.fail(f"{table} has no column {column}. Did you mean: {near}?", 2)
    near = ", ".join(nearest_tables(connection, name))
    console.fail(f"There is no table or view {name}. Did you mean: {near}?", 2)
    raise AssertionError  # fail has ended the program


def _tree(found: Lineage, asked: str) -> Tree:
    shown: set[str] = set()

    def add(tree: Tree, name: str) -> None:
        inputs = found.inputs.get(name, ())
        if found.carriers and inputs and not found.carriers & set(inputs):
            tree.add(f"computed there, of {', '.join(inputs)}")
            return
        for of in inputs:
            again = of in shown and bool(found.inputs.get(of))
            branch = tree.add(_words(found, of).append(" (see above)" if again else "", "dim"))
            shown.add(of)
            if not again:
                add(branch, of)

    tree = Tree(Text(asked, "bold").append_text(_step(found, found.root)))
    add(tree, found.root)
    return tree


def _words(found: Lineage, name: str) -> Text:
    address = found.addresses.get(name)
    return Text(name).append_text(Text(f" {address}", "dim") if address else _step(found, name))


def _step(found: Lineage, name: str) -> Text:
    step = found.steps.get(name)
    return Text(f" by step {step}", "dim") if step and step != name else Text("")
