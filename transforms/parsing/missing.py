"""What publishers write where they have no value, and how spellings of one mark are told.

Each staging module has one list, `MISSING`, of the marks of its source; an empty cell needs none.
A mark is compared without blanks, dots are dots however they are set (`…` is `...`), and the case
of letters does not count. Whatever else is no value stays refused: nothing is guessed.
"""

from collections.abc import Iterable

import polars as pl

R_DATA: tuple[str, ...] = ()
"""Marks of a missing value in R data: none. R's NA is no text, and its reader gives NULL."""
R_EXPORT = ("NA", "N/A", "NaN", "NULL")
"""What tables exported from R and its neighbours have; `NaN` would be read as a number."""
STATA_EXPORT = (".",)
DOTS = ("..", "...")
"""Statistical yearbooks: not available."""

_BLANKS = r"[\s\u{00A0}\u{2007}\u{200B}\u{202F}\u{2060}\u{FEFF}]+"


def spelling(cell: pl.Expr) -> pl.Expr:
    """The cell's text as marks are compared: no blanks, dots as dots, small letters."""
    dots = cell.str.replace_all("…", "...", literal=True)
    return dots.str.replace_all(_BLANKS, "").str.to_lowercase()


def marks_among(cells: pl.Series, marks: Iterable[str]) -> pl.Series:
    """The distinct cells of a column that are empty or a mark: cheap where few differ."""
    distinct = cells.drop_nulls().unique()
    return distinct.filter(distinct.to_frame("cell").select(is_mark(pl.col("cell"), marks))["cell"])


def is_mark(cell: pl.Expr, marks: Iterable[str]) -> pl.Expr:
    """Whether a cell (String) is empty or one of the marks, in any spelling; False where NULL.

    Args:
        cell: The text as published.
        marks: Marks of the source.
    """
    known = pl.DataFrame({"mark": ["", *marks]}, schema={"mark": pl.String})
    spelled = known.select(spelling(pl.col("mark"))).to_series()
    return spelling(cell).is_in(spelled.implode()).fill_null(False)
