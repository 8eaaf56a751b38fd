"""Workbooks for Excel: one sheet, the heading kept in sight.

Text is written as text, so nothing in it is run. NULL is an empty cell. A column with a day before
1900, which Excel does not have, is written as ISO text throughout. Not-a-number is #NUM!, infinity
#DIV/0!. The file says nothing of when it was written, so the same rows give the same bytes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.export.limits import RefusedError

MOST_ROWS = 1_048_575
"""Of a sheet, without the heading."""
_MOST_COLUMNS = 16_384
_MOST_CHARACTERS = 32_767
_MOST_EXACT = 2**53
_FIRST_DAY = datetime(1900, 3, 1)
"""Excel believes in 29 February 1900, so days before that would be off by one."""
_CREATED = datetime(1980, 1, 1)
_WIDEST = 40


def write_workbook(batches: Iterable[pl.DataFrame], path: Path) -> None:
    """Writes batches as a workbook.

    Args:
        batches: Rows, at least one batch, which may be empty.
        path: A file that may be replaced.

    Raises:
        RefusedError: There are more rows or columns than a sheet has, a text is longer than a
            cell, or a whole number has more digits than Excel keeps.
    """
    import xlsxwriter

    frame = _collected(batches)
    _refuse_what_does_not_fit(frame)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
        "tmpdir": str(path.parent),
    }
    book = xlsxwriter.Workbook(str(path), options)
    try:
        book.set_properties({"created": _CREATED})
        formats = {
            "heading": book.add_format({"bold": True, "bottom": 1}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(frame.columns):
            sheet.set_column(column, column, min(_WIDEST, max(10, len(name) + 2)))
        for column, name in enumerate(frame.columns):
            sheet.write_string(0, column, name, formats["heading"])
        prepared = frame.with_columns(_before_excel(frame))
        write = [_cell_writer(sheet, kind, formats) for kind in prepared.dtypes]
        for row, cells in enumerate(prepared.iter_rows(), start=1):
            for column, cell in enumerate(cells):
                if cell is not None:
                    write[column](row, column, cell)
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        reason = error.args[0] if error.args else error
        raise reason if isinstance(reason, OSError) else OSError(str(reason)) from error


def _collected(batches: Iterable[pl.DataFrame]) -> pl.DataFrame:
    found, n = [], 0
    for batch in batches:
        n += batch.height
        if n > MOST_ROWS:
            raise RefusedError(
                f"A sheet of Excel has {MOST_ROWS:,} rows below its heading, and the answer has"
                " more: ask for fewer (WHERE, LIMIT), or write .csv, .parquet or .dta."
            )
        found.append(batch)
    return pl.concat(found, rechunk=False)


def _refuse_what_does_not_fit(frame: pl.DataFrame) -> None:
    if frame.width > _MOST_COLUMNS:
        raise RefusedError(f"A sheet of Excel has {_MOST_COLUMNS:,} columns: name fewer.")
    for name, kind in frame.schema.items():
        column = frame[name]
        if kind == pl.String and (column.str.len_chars().max() or 0) > _MOST_CHARACTERS:  # type: ignore[operator]
            raise RefusedError(
                f"A cell of Excel holds {_MOST_CHARACTERS:,} characters, and column {name} has"
                f" longer text: shorten it (left({name}, 1000)), or write .csv or .parquet."
            )
        if kind.is_integer() and _largest(column) > _MOST_EXACT:
            raise RefusedError(
                f"Excel keeps 15 digits, and column {name} has whole numbers with more: write"
                f" CAST({name} AS VARCHAR), or .csv or .parquet."
            )


def _largest(column: pl.Series) -> int:
    return max((abs(int(v)) for v in (column.min(), column.max()) if v is not None), default=0)  # type: ignore[arg-type]


def _before_excel(frame: pl.DataFrame) -> list[pl.Expr]:
    """Columns with a day that Excel does not have, as ISO text."""
    found = []
    for name, kind in frame.schema.items():
        if kind == pl.Date or isinstance(kind, pl.Datetime):
            days = frame[name].cast(pl.Datetime("us"))
            first, last = days.min(), days.max()
            if first is not None and (first < _FIRST_DAY or last.year > 9999):  # type: ignore[operator,union-attr]
                found.append(pl.col(name).cast(pl.String))
    return found


def _cell_writer(
    sheet: Any, kind: pl.DataType, formats: dict[str, Any]
) -> Callable[[int, int, Any], object]:
    if kind == pl.Date or isinstance(kind, pl.Datetime):
        shown = formats["day" if kind == pl.Date else "time"]
        return lambda row, column, cell: sheet.write_datetime(row, column, cell, shown)
    of_kind = {pl.String(): sheet.write_string, pl.Boolean(): sheet.write_boolean}
    writer: Callable[[int, int, Any], object] = of_kind.get(kind, sheet.write_number)
    return writer
