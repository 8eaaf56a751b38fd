"""`asymmetry query`: SQL on the published warehouse, read-only."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from flows.cli import console
from flows.cli.console import opened
from flows.cli.options import check_output, current_home
from warehouse.db import UNREADABLE, Connection, QueryError, one_statement

app = typer.Typer(rich_markup_mode="markdown")


class Format(StrEnum):
    """How `query` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@app.command(
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

    text = sys.stdin.read() if sql == "-" else sql
    answer_query(current_home().warehouse, text, format.value, output, limit)


def answer_query(warehouse: Path, sql: str, form: str, output: Path | None, limit: int) -> None:
    """Runs SQL read-only and writes the answer; SQL that DuckDB refuses is wrong usage.

    Args:
        warehouse: The published file.
        sql: One statement.
        form: `table`, `csv`, `json` (one array of objects) or `parquet`.
        output: File to write to; standard output when None.
        limit: Most rows of a table; 0 for all.
    """
    with opened(warehouse) as connection:
        frame = _answer(connection, sql)
    if form == "table" and output is None:
        console.print_frame(frame, limit=limit)
        return
    _write(frame, form, output)


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


def _write(frame: pl.DataFrame, form: str, output: Path | None) -> None:
    if form == "parquet":
        if output is None and sys.stdout.isatty():
            console.fail("Parquet is no text: name a file with --output.", 2)
        frame.write_parquet(output or sys.stdout.buffer)
        return
    if form == "table":
        text = str(frame)
    else:
        text = frame.write_csv() if form == "csv" else frame.write_json() + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, "utf-8")
