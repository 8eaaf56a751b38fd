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
from flows.cli.columns import Column, widths_of
from flows.cli.screen import Screen
from flows.cli.wishes import is_quiet
from flows.home.secrets import presentable, without_secrets

SIMULATED = "SIMULATED: this warehouse holds a made-up world; its figures say nothing about ours."

_WIDTH_OF_A_FILE = 120
_WIDTH_OF_A_LINE = 1_000_000_000
_WIDTH_OF_A_SCREEN = 100
_PADDING = 2
_MOST_OF_A_CELL = 1_000
"""Characters of a cell of an answer that are printed."""

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


def warn(text: str | None) -> None:
    """Prints to stderr what a person should know of an answer; nothing where there is nothing."""
    if text:
        err.print(text, style="bold yellow", markup=False, soft_wrap=True)


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

    On a terminal that has no room for it, each row is printed by itself, a line a cell: a number
    that loses its end is another number, and half an id is none.

    Args:
        columns: Headings.
        rows: Cells.
        title: Line above the table.
        wrap: Columns whose text runs over several lines where the output is no terminal; in
            a terminal any text may, numbers never.
    """
    if out.is_terminal and rows and _widths(columns, rows, wrap, out) is None:
        _print_one_by_one(columns, rows, title)
        return
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
    widths = _widths(columns, rows, wrap, console) if console.is_terminal else None
    for position, name in enumerate(columns):
        numeric = _is_numeric(rows, position)
        table.add_column(
            name,
            justify="right" if numeric else "left",
            no_wrap=widths is None and (numeric or name not in wrap),
            overflow="fold",
            width=widths[position] if widths else None,
        )
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    if wrap and not console.is_terminal:
        table.width = _WIDTH_OF_A_FILE
    return table


def _is_numeric(rows: Sequence[Sequence[Any]], position: int) -> bool:
    cells = [row[position] for row in rows if row[position] is not None]
    return bool(cells) and all(
        isinstance(c, int | float) and not isinstance(c, bool) for c in cells
    )


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], wrap: Sequence[str], console: Screen
) -> list[int] | None:
    n = len(columns)
    asked = [
        Column(name, [_cell(row[i]) for row in rows], _is_numeric(rows, i), name in wrap)
        for i, name in enumerate(columns)
    ]
    return widths_of(asked, console.width - n * _PADDING - (n - 1))


def _print_one_by_one(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None
) -> None:
    if title:
        out.print(title)
    for number, row in enumerate(rows):
        if number:
            out.print()
        for name, value in zip(columns, row, strict=True):
            left = Text(f"{name}: " if name else "", "dim")
            cell = _cell(value)
            out.print(
                left.append_text(cell if isinstance(cell, Text) else Text(presentable(cell))),
                soft_wrap=True,
            )


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
    shown = [[_cut(value) for value in row] for row in (rows[:limit] if limit else rows)]
    print_rows(columns, shown)
    if n_cut := sum(_is_cut(value) for row in rows[: len(shown)] for value in row):
        out.print(
            f"({n_cut:,} cell{'s' * (n_cut > 1)} with more than {_MOST_OF_A_CELL:,} characters"
            " end with …; --output FILE writes them whole)",
            style="dim",
        )
    total = f"{'more than ' if are_more else ''}{n_rows:,} row" + ("" if n_rows == 1 else "s")
    if len(shown) < n_rows:  # not only a hint: rows are missing
        out.print(
            f"(first {len(shown):,} of {total}; --limit 0 prints all)",
            style="dim",
        )
    else:
        hint(f"({total})")


def _is_cut(value: Any) -> bool:
    return not isinstance(value, int | float | None) and len(str(value)) > _MOST_OF_A_CELL


def _cut(value: Any) -> Any:
    return f"{str(value)[:_MOST_OF_A_CELL]}…" if _is_cut(value) else value


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
    is_taken = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    if inert(text) != text or not is_taken:
        # escapes of JSON's own, which a program reads as what they stand for
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
