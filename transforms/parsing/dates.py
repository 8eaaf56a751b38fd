"""Days written as text, refused with their row where they do not exist."""

from collections.abc import Collection

import polars as pl

from transforms.parsing.cells import refuse_cells


def parse_days(raw: pl.DataFrame, columns: Collection[str], *, table: str) -> pl.DataFrame:
    """Casts text columns of the form YYYY-MM-DD to Date.

    Args:
        raw: Frame in file order.
        columns: Text columns to cast; an empty cell is NULL.
        table: Table name for messages.

    Returns:
        The same rows.

    Raises:
        ValueError: A cell is no such day; names table, row (1 = first data row), column and
            value.
    """
    present = raw.with_columns(
        pl.when(pl.col(c) != "").then(pl.col(c)).name.keep() for c in columns
    )
    parsed = present.with_columns(pl.col(c).str.to_date("%Y-%m-%d", strict=False) for c in columns)
    for column in columns:
        refused = present[column].is_not_null() & parsed[column].is_null()
        refuse_cells(raw[column], refused, table=table, kind="day YYYY-MM-DD")
    return parsed
