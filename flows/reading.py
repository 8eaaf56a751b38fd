"""Reads the published warehouse for a person or a program: `query` and `tables`."""

import sys
from pathlib import Path

import polars as pl

from flows import console
from flows.opening import opened
from warehouse.catalog import describe_table, list_tables, list_views, nearest_tables
from warehouse.db import UNREADABLE, Connection, QueryError, one_statement


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


def tell_tables(warehouse: Path, table: str | None) -> None:
    """Prints the tables of the warehouse, or the columns of one.

    Args:
        warehouse: The published file.
        table: Full table name, or None for the list.
    """
    with opened(warehouse) as connection:
        if table is None:
            _tell_all(connection)
        else:
            _tell_one(connection, table)


def _tell_all(connection: Connection) -> None:
    counted = [(t, "" if n is None else f"{n:,}", grain) for t, n, grain in list_tables(connection)]
    rows = [(table, count.rjust(9), grain) for table, count, grain in counted]
    console.print_rows(["table", "rows", "grain"], rows, wrap=["grain"])
    if views := list_views(connection):
        console.print_rows(["view", "what it shows"], views, wrap=["what it shows"])
    console.out.print("`asymmetry tables TABLE` explains a table's columns.", style="dim")


def _tell_one(connection: Connection, table: str) -> None:
    found = describe_table(connection, table)
    if found is None:
        names = ", ".join(nearest_tables(connection, table))
        console.fail(f"There is no table {table}. Near: {names}.", 2)
        return
    comment, columns = found
    for mark in ("Grain:", "Key:", "Warning:", "Sources:"):
        comment = comment.replace(f" {mark} ", f"\n{mark} ")
    console.out.print(comment, markup=False)
    console.print_rows(["column", "type", "meaning"], columns, wrap=["meaning"])
