"""When a value counts as another one."""

from dataclasses import dataclass

import polars as pl

from expectations.releases.layout import TableLayout, ValueColumns

NEW = "__new"
"""Suffix of the columns of the new release, where rows of both stand side by side."""


@dataclass(frozen=True)
class Tolerances:
    """What counts as another value.

    Attributes:
        revision: Relative difference of two numbers up to which they are the same; of a column
            that has both signs, the difference in standard deviations of the earlier values.
        factor: Ratio from which on a number is in another unit, up or down.
    """

    revision: float
    factor: float


def is_revised(
    matched: pl.DataFrame, name: str, layout: TableLayout, columns: ValueColumns, revision: float
) -> pl.Expr:
    """Whether a value is another one; FALSE where it, or the one before, is NULL.

    Args:
        matched: Rows with the same key in both releases.
        name: The column.
        layout: Of the table.
        columns: Its columns.
        revision: As in `Tolerances`.
    """
    was, now = pl.col(name), pl.col(f"{name}{NEW}")
    if name in layout.growing:
        differs = now < was
    elif name in columns.quantities:
        scale = scale_of(matched[name])
        # as floating numbers: the absolute value of the least integer is none
        was, now = was.cast(pl.Float64), now.cast(pl.Float64)
        between = pl.max_horizontal(was.abs(), now.abs()) if scale is None else pl.lit(scale)
        differs = (now - was).abs() > revision * between
    else:
        differs = now != was
    return differs.fill_null(value=False)


def scale_of(values: pl.Series) -> float | None:
    """Standard deviation of a column that has both signs; None for one that has not."""
    found = values.drop_nulls().cast(pl.Float64)
    if not ((found < 0).any() and (found > 0).any()):
        return None
    return float(str(found.std()))
