"""`asymmetry queries`: ready queries, each a scholar's question with its caveat."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened
from flows.cli.query import Format
from flows.cli.query import query as ask
from warehouse.catalog.ready_queries import (
    ReadyQuery,
    ReadyQueryError,
    ready_queries,
    ready_query,
)
from warehouse.db import single_statement

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Example: `asymmetry queries closest_partners`. To change one: `asymmetry queries"
    " closest_partners --sql > mine.sql`, then `asymmetry query - < mine.sql`."
)
def queries(
    name: Annotated[
        str | None, typer.Argument(help="The query; without it all are listed.")
    ] = None,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the SQL, to change it or to pass it on.")
    ] = False,
    format: Annotated[
        Format | None,
        typer.Option(help="By default a table, for people; of a file, what its ending says."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write every row to this file, as `asymmetry query` does.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Rows that are printed; 0 prints all.", min=0)] = 40,
) -> None:
    """List the ready queries, or ask the published warehouse one of them."""
    if name is None:
        _print_all(as_json=format is Format.json)
        return
    try:
        asked = ready_query(name)
    except ReadyQueryError as error:
        console.fail(f"{error}\n`asymmetry queries` lists them.", 2)
        return
    if sql:
        console.print_bytes([asked.text.encode()])
    elif output or format not in (None, Format.table):
        ask(asked.text, format=format, output=output, limit=limit)
    else:
        _print_answer(asked, limit)


def _print_all(*, as_json: bool) -> None:
    if as_json:
        shown = ("name", "question", "gives", "caveat", "tables")
        listed = ready_queries().values()
        console.print_json([{part: getattr(query, part) for part in shown} for query in listed])
        return
    rows = [(query.name, query.question) for query in ready_queries().values()]
    console.print_rows(["query", "question"], rows, wrap=["question"])
    console.out.print(
        "`asymmetry queries NAME` asks one; --sql prints it, so that you can change it.",
        style="dim",
    )


def _print_answer(query: ReadyQuery, limit: int) -> None:
    with opened(current_home().warehouse) as connection:
        relation = single_statement(connection, query.text)
        assert relation is not None, f"{query.name} is no SELECT"
        columns, rows = relation.columns, relation.fetchall()
    for part in (query.question, f"Gives: {query.gives}", f"Caveat: {query.caveat}"):
        console.out.print(part, markup=False)
    console.out.print()
    console.print_first(columns, rows, limit, len(rows))
