"""`asymmetry query`: SQL on the published warehouse, read-only."""

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from flows.cli import console
from flows.cli.console import opened
from flows.cli.options import current_home
from flows.home.output_file import OutputError, output_target, write_output
from flows.runtime.interrupts import say_when_interrupted
from warehouse.db import UNREADABLE, Connection, QueryError, one_statement

app = typer.Typer(rich_markup_mode="markdown")


class Format(StrEnum):
    """How `query` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


FORMAT_OF_ENDING = {
    ".csv": Format.csv,
    ".json": Format.json,
    ".parquet": Format.parquet,
    ".txt": Format.table,
}
"""How a file is written whose name ends like that."""


@app.command(
    epilog='Example: `asymmetry query "SELECT year, cinc FROM core.capabilities WHERE ccode = 2"'
    " --output cinc.csv`"
)
def query(
    sql: Annotated[str, typer.Argument(help="SQL, or - to read it from standard input.")],
    format: Annotated[
        Format | None,
        typer.Option(help="By default a table, for people; of a file, what its ending says."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help="Write every row to this file: .csv, .json, .parquet or .txt (a table)."),
    ] = None,
    limit: Annotated[
        int, typer.Option(help="Rows of a table that are printed; 0 prints all.", min=0)
    ] = 40,
) -> None:
    """Run SQL on the published warehouse, read-only."""
    form, target = format or Format.table, None
    if output:
        try:
            target = output_target(output, current_home())
            form = format_of(output, format)
        except OutputError as error:
            console.fail(f"--output: {error}", 2)
    text = sys.stdin.read() if sql == "-" else sql
    answer_query(current_home().warehouse, text, form, target, limit)


def format_of(output: Path, asked: Format | None) -> Format:
    """How a file is written: as its ending says.

    Args:
        output: The file.
        asked: What --format says; needed where the ending says nothing.

    Raises:
        OutputError: The ending says nothing and nothing was asked for, or something else was.
    """
    of_ending = FORMAT_OF_ENDING.get(output.suffix.lower())
    if of_ending is None and asked is None:
        known = ", ".join(FORMAT_OF_ENDING)
        raise OutputError(
            f"The ending of {output.name} says no format: use one of {known}, or add --format."
            " Nothing was written."
        )
    if of_ending and asked and of_ending is not asked:
        raise OutputError(
            f"{output.name} would be written as {of_ending.value}, and --format says"
            f" {asked.value}: leave one of them out. Nothing was written."
        )
    return asked or of_ending or Format.table


def answer_query(warehouse: Path, sql: str, form: Format, target: Path | None, limit: int) -> None:
    """Runs SQL read-only and writes the answer; SQL that DuckDB refuses is wrong usage.

    Args:
        warehouse: The published file.
        sql: One statement.
        form: How it is written; JSON is one array of objects.
        target: File to write every row to (`flows.home.output_file.output_target`); standard
            output when None.
        limit: Most rows of a table that is printed; 0 for all.
    """
    with opened(warehouse) as connection:
        frame = _answer(connection, sql)
    if target is not None:
        try:
            write_output(target, _content(frame, form))
            say_when_interrupted(lambda: f"{target} was written")
        except OutputError as error:
            console.fail(f"--output: {error}", 1)
    elif form is Format.table:
        console.print_frame(frame, limit=limit)
    else:
        if form is Format.parquet and sys.stdout.isatty():
            console.fail("Parquet is no text: name a file with --output.", 2)
        sys.stdout.flush()
        sys.stdout.buffer.write(_content(frame, form))
        sys.stdout.buffer.flush()


def _answer(connection: Connection, sql: str) -> pl.DataFrame:
    try:
        relation = one_statement(connection, sql)
        if relation is not None:
            return _plain_numbers(relation.pl())
    except UNREADABLE:
        raise
    except QueryError as error:
        hint = "\n`asymmetry tables` lists the tables." if "Catalog Error" in str(error) else ""
        console.fail(f"{error}{hint}", 2)
    console.fail(
        "That statement returns no rows. The warehouse is read-only: use SELECT, FROM, DESCRIBE"
        " or SUMMARIZE.",
        2,
    )
    raise AssertionError  # fail has ended the program


def _plain_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums of integers come as DECIMAL(38,0), which other programs read as text."""
    whole = [n for n, t in frame.schema.items() if isinstance(t, pl.Decimal) and t.scale == 0]
    broken = [n for n, t in frame.schema.items() if isinstance(t, pl.Decimal) and t.scale != 0]
    return frame.with_columns(pl.col(whole).cast(pl.Int64), pl.col(broken).cast(pl.Float64))


def _content(frame: pl.DataFrame, form: Format) -> bytes:
    """Every row of a frame, as a file of that format holds them."""
    if form is Format.table:
        return console.table_text(frame).encode()
    content = io.BytesIO()
    if form is Format.parquet:
        frame.write_parquet(content)
    elif form is Format.csv:
        frame.write_csv(content)
    else:
        frame.write_json(content)
        content.write(b"\n")
    return content.getvalue()
