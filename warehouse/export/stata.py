"""Stata files (format 118, Stata 14 and later), with labels.

NULL is `.`, and an empty text where the column is text: Stata has no missing text. Not-a-number is
`.`. Truth values are 0 and 1 with labels. Days are %td, times %tc. The file says nothing of when
it was written, so the same rows give the same bytes.
"""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from warehouse.export.limits import RefusedError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_RESERVED = re.compile(
    r"_all|_b|byte|_coef|_cons|double|float|if|in|int|long|_n|_N|_pi|_pred|_rc|_skip|strL|using"
    r"|with|str\d+"
)
_MOST_BYTES_OF_TEXT = 2045
_MOST_EXACT = 2**53
_LONG = 2_147_483_620
_LARGEST = 8.988465674311579e307
_LABEL = 80
_MOST_COLUMNS = 32_767
_RELEASE_118 = 14
"""As pyreadstat names it: the version of Stata that brought the format."""
_STAMP = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)
_NO_STAMP = b"<timestamp>\x1101 Jan 1980 00:00</timestamp>"


def write_stata(
    batches: Iterable[pl.DataFrame],
    path: Path,
    *,
    title: str = "",
    labels: Mapping[str, str] | None = None,
    codes: Mapping[str, Mapping[int | float, str]] | None = None,
) -> None:
    """Writes batches as a Stata file.

    Args:
        batches: Rows, at least one batch, which may be empty.
        path: A file that may be replaced.
        title: Label of the data.
        labels: Column to what it means; Stata keeps 80 characters of it.
        codes: Column of whole numbers to the meaning of each.

    Raises:
        RefusedError: Stata does not take a name, a text is too long, or a number too large.
    """
    import pyreadstat

    frame = pl.concat(list(batches), rechunk=False)
    refuse_names(frame.columns)
    labelled: dict[str, dict[int | float, str]] = {
        n: {0: "false", 1: "true"} for n, kind in frame.schema.items() if kind == pl.Boolean
    }
    labelled |= {name: dict(meanings) for name, meanings in (codes or {}).items()}
    pyreadstat.write_dta(
        frame.select(_as_stata_has_it(frame[name]) for name in frame.columns),
        str(path),
        file_label=title[:_LABEL],
        column_labels={n: (labels or {}).get(n, "")[:_LABEL] for n in frame.columns},
        version=_RELEASE_118,
        variable_value_labels=labelled,
    )
    _forget_when(path)


def refuse_names(names: Iterable[str]) -> None:
    """Refuses names that Stata does not take.

    Raises:
        RefusedError: One is longer than 32 characters, has others than A-Z, a-z, 0-9 and _,
            begins with a digit, or is a word of Stata's; or there are too many.
    """
    every = list(names)
    wrong = [n for n in every if not _NAME.fullmatch(n) or _RESERVED.fullmatch(n)]
    if wrong:
        listed = ", ".join(repr(n) for n in wrong[:5]) + (" …" if len(wrong) > 5 else "")
        raise RefusedError(
            f"Stata takes no such name of a column: {listed}. Names there have up to 32 letters"
            " (A-Z, without accents), digits and _, begin with no digit, and are no words of"
            " Stata's own (if, in, long): rename with AS, for example count(*) AS n."
        )
    if len(every) > _MOST_COLUMNS:
        raise RefusedError(f"A file of Stata has {_MOST_COLUMNS:,} columns: name fewer.")


def _as_stata_has_it(column: pl.Series) -> pl.Series:
    """A column in a type of Stata's.

    Raises:
        RefusedError: A text is too long, or a number too large.
    """
    name, kind = column.name, column.dtype
    if kind == pl.Boolean:
        return column.cast(pl.Int8)
    if kind == pl.String:
        longest = column.str.len_bytes().max()
        if isinstance(longest, int) and longest > _MOST_BYTES_OF_TEXT:
            raise RefusedError(
                f"Stata keeps {_MOST_BYTES_OF_TEXT:,} bytes of text, and column {name} has up to"
                f" {longest:,}: shorten it (left({name}, 500)), or write .csv or .parquet."
            )
        return column.fill_null("")
    if kind.is_integer():
        ends = [abs(v) for v in (column.min(), column.max()) if isinstance(v, int)]
        if max(ends, default=0) > _MOST_EXACT:
            raise RefusedError(
                f"Stata counts to 9,007,199,254,740,992 without a gap, and column {name} has larger"
                f" whole numbers: write CAST({name} AS VARCHAR), or .csv or .parquet."
            )
        return column if column.dtype in (pl.Int8, pl.Int16) else _whole(column)
    if kind.is_float():
        found = column.cast(pl.Float64).fill_nan(None)
        far = [v for v in (found.min(), found.max()) if isinstance(v, float)]
        if any(math.isinf(v) or abs(v) > _LARGEST for v in far):
            raise RefusedError(
                f"Stata has no infinity, and no number above {_LARGEST:.3g}; column {name} does:"
                f" write nullif({name}, 'inf'), or .csv or .parquet."
            )
        return found
    return column


def _whole(column: pl.Series) -> pl.Series:
    """Whole numbers as 32 bits where Stata's `long` holds all of them, or else as doubles."""
    low, high = column.min(), column.max()
    if isinstance(low, int) and isinstance(high, int) and low > -(2**31) and high <= _LONG:
        return column.cast(pl.Int32)
    return column.cast(pl.Float64)


def _forget_when(path: Path) -> None:
    """Replaces the time at which the file was written, which its head has."""
    with path.open("r+b") as file:
        head = file.read(512)
        found = _STAMP.search(head)
        if found is None:
            raise AssertionError(f"{path}: the head of a Stata file has no time")
        file.seek(found.start())
        file.write(_NO_STAMP)
