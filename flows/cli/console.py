"""What a person sees in the terminal: tables, the SIMULATED banner, plain errors.

Every verb imports this, and most of them neither DuckDB nor Polars.
"""

import io
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from expectations.shown_text import inert
from flows.cli.screen import Screen
from flows.cli.wishes import is_quiet
from flows.home.secrets import without_secrets

SIMULATED = "SIMULATED: this warehouse holds a made-up world; its figures say nothing about ours."

_WIDTH_OF_A_FILE = 120
_WIDTH_OF_A_LINE = 1_000_000
_WIDTH_OF_A_SCREEN = 100

out = Screen(soft_wrap=False)
if not out.is_terminal:
    # into a file or a pipe nothing is cut off, however long the line
    out = Screen(soft_wrap=False, width=_WIDTH_OF_A_LINE)
err = Screen(stderr=True, soft_wrap=True)


def hint(text: str) -> None:
    """Prints what to do next, dimmed; nothing where only answers are wanted."""
    if text and not is_quiet():
        out.print(text, style="dim", markup=False, soft_wrap=True)


def fail(message: str, code: int) -> None:
    """Prints an error to stderr and ends the program with this exit code."""
    err.print(message, style="red", markup=False)
    raise SystemExit(code)


def warn_of(*, is_simulated: bool, only: Sequence[str]) -> None:
    """Prints the banner to stderr where a build is simulated, and another where it is partial."""
    if is_simulated:
        err.print(SIMULATED, style="bold yellow", markup=False)
    if only:
        err.print(partial_words(only), style="bold yellow", markup=False)


def partial_words(tables: Sequence[str]) -> str:
    """What is said of a partial build, wherever a person looks at it."""
    return f"PARTIAL: this file holds {', '.join(tables)} and what that needs, nothing else."


def print_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    title: str | None = None,
    wrap: Sequence[str] = (),
) -> None:
    """Prints rows as a table; numbers to the right, NULL dimmed.

    Args:
        columns: Headings.
        rows: Cells.
        title: Line above the table.
        wrap: Columns whose text runs over several lines where the output is no terminal; in
            a terminal any text may, numbers never.
    """
    out.print(_table(columns, rows, title=title, wrap=wrap, console=out))


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Prints texts with what they are about on the left, said once where it is the same."""
    width = min(out.width, _WIDTH_OF_A_SCREEN)
    table = Table(box=None, show_header=False, pad_edge=False, width=width)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    before = None
    for left, text in facts:
        table.add_row("" if left == before else left, Text(text))
        before = left
    out.print(table)


def table_text(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as `print_rows` prints them into a file."""
    written = io.StringIO()
    console = Screen(file=written, width=_WIDTH_OF_A_LINE)
    console.print(_table(columns, rows, console=console))
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


def _table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    console: Screen,
    title: str | None = None,
    wrap: Sequence[str] = (),
) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for position, name in enumerate(columns):
        cells = [row[position] for row in rows if row[position] is not None]
        numeric = bool(cells) and all(
            isinstance(c, int | float) and not isinstance(c, bool) for c in cells
        )
        table.add_column(
            name,
            justify="right" if numeric else "left",
            no_wrap=numeric or (name not in wrap and not console.is_terminal),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    if wrap and not console.is_terminal:
        table.width = _WIDTH_OF_A_FILE
    return table


def print_first(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    limit: int,
    n_rows: int,
    *,
    are_more: bool = False,
) -> None:
    """Prints an answer's first rows and says how many more there are.

    Args:
        columns: Headings.
        rows: Cells.
        limit: Most rows to print; 0 prints all.
        n_rows: Rows that there are, of which the first may be here only.
        are_more: Whether there are even more, which nobody has counted.
    """
    shown = rows[:limit] if limit else rows
    print_rows(columns, shown)
    total = f"{'more than ' if are_more else ''}{n_rows:,} row" + ("" if n_rows == 1 else "s")
    if len(shown) < n_rows:  # not only a hint: rows are missing
        out.print(
            f"(first {len(shown):,} of {total}; --limit 0 prints all)",
            style="dim",
        )
    else:
        hint(f"({total})")


def _cell(value: Any) -> str | Text:
    if value is None:
        return Text("NULL", "dim")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def print_json(value: object) -> None:
    """Prints a value as JSON, dates as ISO 8601."""
    text = json.dumps(value, indent=1, ensure_ascii=False, default=str)
    if inert(text) != text:  # escapes of JSON's own, which a program reads as what they stand for
        text = json.dumps(value, indent=1, default=str)
    print(without_secrets(text))


def print_bytes(blocks: Iterable[bytes]) -> None:
    """Writes an answer for programs to standard output, every byte as it is.

    Where somebody looks at it, in a terminal, what acts there is an escape.
    """
    if sys.stdout.isatty():
        sys.stdout.write(inert(b"".join(blocks).decode("utf-8", "backslashreplace")))
        return
    sys.stdout.flush()
    for block in blocks:
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()
