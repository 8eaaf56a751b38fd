"""`asymmetry query`: SQL on the published warehouse, read-only.

The process of the query opens the file; this one only prints, and imports neither DuckDB nor
Polars, unless it has something to suggest.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.home.build_files import fault_of_size
from flows.home.error_words import in_words
from flows.home.output_file import OutputError, output_target, replacing
from flows.runtime.interrupts import say_when_interrupted
from warehouse.export.bounded_query import NotBegunError, UnreadableError, run_bounded
from warehouse.export.limits import BeyondLimitError, Limits, RefusedError
from warehouse.export.shown import read_shown
from warehouse.export.wanted import FORMATS, SHOWN, Answered, Opened, Wanted

if TYPE_CHECKING:
    from warehouse.db import Connection

app = typer.Typer(rich_markup_mode="markdown")

_MOST_COUNTED = 1_000_000
"""Of an answer that is printed, so many rows are counted."""
_MOST_OF_A_TEXT = 100_000
"""Rows of a table for people that is written to a file."""
_MOST_BYTES_OF_SQL = 1_000_000
"""Of standard input, which may never end."""
_NO_LIMIT = 10**9


class Format(StrEnum):
    """How `query` writes its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"
    xlsx = "xlsx"
    dta = "dta"


FORMAT_OF_ENDING = {**{f".{name}": Format(name) for name in FORMATS}, ".txt": Format.table}
"""How a file is written whose name ends like that."""


@app.command(
    epilog='Example: `asymmetry query "SELECT year, cinc FROM core.capabilities WHERE ccode = 2"'
    " --output cinc.csv`"
)
def query(
    sql: Annotated[str, typer.Argument(help="SQL, or - to read it from standard input.")],
    *,
    format: Annotated[
        Format | None,
        typer.Option(help="By default a table, for people; of a file, what its ending says."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Write every row to this file: .csv, .parquet, .json, .xlsx (Excel), .dta (Stata)"
            " or .txt (a table)."
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(help="Rows of a table that are printed; 0 prints all.", min=0, max=_NO_LIMIT),
    ] = 40,
    spreadsheet_safe: Annotated[
        bool,
        typer.Option(
            "--spreadsheet-safe",
            help="Put ' before text in a .csv that a spreadsheet would run (=, +, -, @); numbers"
            " stay as they are.",
        ),
    ] = False,
    max_seconds: Annotated[
        float, typer.Option(help="End the query after so many seconds; 0 for never.", min=0)
    ] = 300,
    max_memory: Annotated[
        int, typer.Option(help="Megabytes of memory that the query may take.", min=64)
    ] = 4096,
    max_rows: Annotated[
        int, typer.Option(help="Refuse to write more rows than this; 0 for any number.", min=0)
    ] = 20_000_000,
) -> None:
    """Run SQL on the published warehouse, read-only."""
    form, target = format or Format.table, None
    if output:
        try:
            target = output_target(output, current_home())
            form = format_of(output, format)
        except OutputError as error:
            console.fail(f"--output: {error}", 2)
    if spreadsheet_safe and form not in (Format.csv, Format.xlsx):
        console.fail(
            "--spreadsheet-safe is for .csv (in .xlsx text is never run anyway): nothing else is"
            " opened as a spreadsheet. Nothing was written.",
            2,
        )
    text = _from_standard_input() if sql == "-" else sql
    limits = Limits(max_seconds or _NO_LIMIT, max_memory, max_rows or None)
    if form is Format.table:
        answer_as_table(text, limits, target, limit)
    else:
        answer_as_file(text, form, limits, target, spreadsheet_safe)


def _from_standard_input() -> str:
    """SQL that is piped in; ends the program where that is no text."""
    if sys.stdin is None:
        console.fail("There is no standard input to read SQL from.", 2)
    try:
        read = sys.stdin.buffer.read(_MOST_BYTES_OF_SQL + 1)
        if len(read) > _MOST_BYTES_OF_SQL:
            console.fail(
                f"Standard input has more than {_MOST_BYTES_OF_SQL:,} bytes, the most that SQL may"
                " have. Nothing was asked.",
                2,
            )
        return read.decode("utf-8")
    except OSError as error:
        console.fail(f"Standard input cannot be read ({in_words(error)}). Nothing was asked.", 2)
        raise AssertionError from error  # fail has ended the program
    except UnicodeDecodeError as error:
        console.fail(f"Standard input is no UTF-8 text ({error.reason} at byte {error.start}).", 2)
        raise AssertionError from error  # fail has ended the program


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


def answer_as_table(sql: str, limits: Limits, target: Path | None, limit: int) -> None:
    """Runs SQL and prints a table for people, or writes it whole to a file.

    Args:
        sql: One statement.
        limits: What it may use.
        target: File to write every row to; standard output when None.
        limit: Most rows that are printed; 0 for all.
    """
    if target is not None:
        n_shown, bound = None, Limits(limits.seconds, limits.memory_mb, _MOST_OF_A_TEXT)
    elif limit:
        n_shown, bound = limit, Limits(limits.seconds, limits.memory_mb, _MOST_COUNTED, cut=True)
    else:
        n_shown, bound = None, limits
    with tempfile.TemporaryDirectory() as folder, refusals_in_words():
        rows = Path(folder) / "rows"
        wanted = Wanted(sql, SHOWN, rows, bound, n_shown=n_shown)
        answered = _run(wanted)
        shown = read_shown(rows)
    if target is None:
        are_more = answered.is_cut
        console.print_first(shown.columns, shown.rows, limit, answered.n_rows, are_more=are_more)
        if not answered.n_rows:
            console.hint(_hint(lambda c: _hint_of_nothing(c, sql)))
        return
    try:
        with replacing(target) as partial:
            partial.write_text(console.table_text(shown.columns, shown.rows), "utf-8")
        say_when_interrupted(lambda: f"{target} was written")
    except OutputError as error:
        console.fail(f"--output: {error}", 1)


def answer_as_file(
    sql: str, form: Format, limits: Limits, target: Path | None, spreadsheet_safe: bool
) -> None:
    """Runs SQL and writes every row in a format for programs.

    Args:
        sql: One statement.
        form: The format.
        limits: What it may use.
        target: File to write to, complete or not at all; standard output when None.
        spreadsheet_safe: Whether text that a spreadsheet would run is quoted.
    """
    if target is None and form not in (Format.csv, Format.json) and sys.stdout.isatty():
        console.fail(f"A .{form.value} file is no text: name a file with --output.", 2)
    try:
        with _written_to(target) as partial, refusals_in_words():
            wanted = Wanted(sql, form.value, partial, limits, spreadsheet_safe=spreadsheet_safe)
            _run(wanted)
        if target is not None:
            say_when_interrupted(lambda: f"{target} was written")
    except OutputError as error:
        console.fail(f"--output: {error}", 1)


@contextmanager
def _written_to(target: Path | None) -> Iterator[Path]:
    if target is not None:
        with replacing(target) as partial:
            yield partial
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        yield path
        with path.open("rb") as written:
            console.print_bytes(iter(lambda: written.read(1 << 20), b""))


def _run(wanted: Wanted) -> Answered:
    home = current_home()
    warehouse = home.readable()

    def say(opened: Opened) -> None:
        if opened.fault:
            raise UnreadableError(opened.fault)
        if fault := fault_of_size(warehouse, opened.build_id, home):
            console.fail(fault, 1)
        console.warn_of(is_simulated=opened.is_simulated, only=opened.only)

    return run_bounded(warehouse, wanted, say)


def _hint(find: "Callable[[Connection], str]") -> str:
    """A hint of the published file; none where that has no tables to tell of."""
    from warehouse.db import QueryError, read_published  # here, since most answers need no hint

    try:
        with read_published(current_home().readable()) as connection:
            return find(connection)
    except QueryError:
        return "`asymmetry tables` lists the tables."


def _hint_of_nothing(connection: "Connection", sql: str) -> str:
    from flows.operations.name_hints import hint_of_nothing

    return hint_of_nothing(connection, sql)


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Ends the program where a query is refused: with 2 where other words would help, else 1."""
    raise_it = {
        "seconds": " --max-seconds gives it more time.",
        "memory": " --max-memory gives it more.",
        "rows": " --max-rows 0 lets all be written.",
    }
    try:
        yield
    except BeyondLimitError as error:
        console.fail(f"{error}{raise_it.get(error.limit, '')}", 1)
    except NotBegunError as error:
        console.fail(str(error), 1)
    except RefusedError as error:
        console.fail(str(error), 2)
    except Exception as error:
        _refuse(error)


def _refuse(error: Exception) -> None:
    """Says what DuckDB has refused, or why nothing can be read; other errors go on."""
    from flows.home.builds import unreadable  # here, since it imports DuckDB
    from flows.operations.name_hints import hint_of_error
    from warehouse.db import QueryError, WarehouseMissingError

    if isinstance(error, UnreadableError | WarehouseMissingError):
        console.fail(unreadable(current_home().readable(), error), 1)
    if isinstance(error, QueryError):
        message = str(error)
        console.fail(f"{message}\n{_hint(lambda c: hint_of_error(c, message))}".rstrip(), 2)
    raise error
