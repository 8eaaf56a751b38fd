"""Text that a spreadsheet would run as a formula, quoted so that it stays text."""

import re

import polars as pl

_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with; the last four are full-width signs, which Excel takes for these."""
_RUNS = f"^[{re.escape(_STARTS)}]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def quoted_for_spreadsheets(frame: pl.DataFrame) -> pl.DataFrame:
    """Puts `'` before each text cell, and each heading, that a spreadsheet would run.

    Columns of numbers, dates and truth values stay as they are, and so does text that is a
    plain number: −0.5 is no formula.

    Args:
        frame: Rows.

    Returns:
        The same rows; text that was NULL is NULL.
    """
    runs = pl.col(pl.String).str.contains(_RUNS) & ~pl.col(pl.String).str.contains(_NUMBER)
    quoted = pl.when(runs).then("'" + pl.col(pl.String)).otherwise(pl.col(pl.String))
    return frame.with_columns(quoted.name.keep()).rename(_heading)


def _heading(name: str) -> str:
    return f"'{name}" if re.match(_RUNS, name) else name
