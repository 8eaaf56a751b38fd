"""Commands that only read: `tables`, `query`, `doctor`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import check_output, settings

commands = typer.Typer()


class Format(StrEnum):
    """How `query` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@commands.command(epilog="Example: `asymmetry tables core.votes`")
def tables(
    table: Annotated[str | None, typer.Argument(help="Full name, for example core.votes.")] = None,
) -> None:
    """List the tables of the published warehouse, or explain one table's columns."""
    from flows.reading import tell_tables

    tell_tables(settings().warehouse, table)


@commands.command(
    epilog='Example: `asymmetry query "SELECT year, cinc FROM core.capabilities WHERE ccode = 2"'
    " --format csv`"
)
def query(
    sql: Annotated[str, typer.Argument(help="SQL, or - to read it from standard input.")],
    format: Annotated[Format, typer.Option(help="table is for people.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    limit: Annotated[int, typer.Option(help="Rows that a table prints; 0 prints all.", min=0)] = 40,
) -> None:
    """Run SQL on the published warehouse, read-only."""
    if output:
        check_output(output)
    from flows.reading import answer_query

    text = sys.stdin.read() if sql == "-" else sql
    answer_query(settings().warehouse, text, format.value, output, limit)


@commands.command(epilog="Example: `asymmetry doctor`")
def doctor() -> None:
    """Check the installation, the home, the snapshots and the published warehouse."""
    from flows.doctor import examine

    raise SystemExit(examine(settings()))
