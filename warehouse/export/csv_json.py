"""CSV and JSON, written batch by batch: no more than one batch is in memory.

CSV: UTF-8, comma, a heading, lines end with LF. NULL is an empty cell, an empty text is `""`.
Numbers have all their digits, not-a-number is `NaN`. JSON: one array of objects; NULL is `null`,
and so are numbers that JSON does not have (not-a-number, infinity).
"""

from collections.abc import Iterable
from typing import BinaryIO

import polars as pl

from warehouse.export.spreadsheet_text import quoted_for_spreadsheets


def write_csv(batches: Iterable[pl.DataFrame], file: BinaryIO, *, safe: bool) -> None:
    """Writes batches as one CSV file.

    Args:
        batches: Rows, at least one batch, which may be empty.
        file: Where to.
        safe: Whether text that a spreadsheet would run is quoted.
    """
    for position, batch in enumerate(batches):
        rows = quoted_for_spreadsheets(batch) if safe else batch
        rows.write_csv(file, include_header=position == 0)


def write_json(batches: Iterable[pl.DataFrame], file: BinaryIO) -> None:
    """Writes batches as one JSON array of objects.

    Args:
        batches: Rows.
        file: Where to.
    """
    file.write(b"[")
    is_first = True
    for batch in batches:
        if batch.height:
            file.write(b"" if is_first else b",\n")
            file.write(batch.write_json().strip()[1:-1].encode())
            is_first = False
    file.write(b"]\n")
