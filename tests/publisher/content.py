"""Contents that are plausible and wrong: what a file may say without looking broken.

Each case changes cells of a good file as it was read, and names what has to find it: a rule of a
gate, a rule across tables, or a finding of the comparison with the last release (`release: KIND`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

Raw = dict[str, pl.DataFrame]
"""Raw tables by name; every cell a text."""
Change = Callable[[Raw], Raw]


@dataclass(frozen=True)
class Content:
    """One case.

    Attributes:
        slug: The source.
        name: What is wrong with it, in words.
        change: Makes it so.
        found_by: What has to find it.
        is_told: Whether a warning is enough; otherwise nothing may be published.
    """

    slug: str
    name: str
    change: Change
    found_by: str
    is_told: bool = False

    def __str__(self) -> str:
        """Source and name, for the list of tests."""
        return f"{self.slug}: {self.name}"


# --- changes --------------------------------------------------------------------------------------


def on(table: str, *changes: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """Changes of one raw table, one after the other."""

    def change(raw: Raw) -> Raw:
        frame = raw[table]
        for each in changes:
            frame = each(frame)
        return raw | {table: frame}

    return change


def both(*changes: Change) -> Change:
    """Changes of several tables."""

    def change(raw: Raw) -> Raw:
        for each in changes:
            raw = each(raw)
        return raw

    return change


def exchanged(
    column: str, one: str, other: str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Two values of a column stand for each other."""
    value = pl.col(column)
    swapped = pl.when(value == one).then(pl.lit(other)).when(value == other).then(pl.lit(one))
    return changed(column, swapped.otherwise(value), where)


def columns_exchanged(
    one: str, other: str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Two columns stand for each other."""
    rows = pl.lit(value=True) if where is None else where

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(
            pl.when(rows).then(pl.col(other)).otherwise(pl.col(one)).alias(one),
            pl.when(rows).then(pl.col(one)).otherwise(pl.col(other)).alias(other),
        )

    return change


def changed(
    column: str, to: pl.Expr | str, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Cells of a column are others."""
    value = pl.lit(to) if isinstance(to, str) else to
    rows = pl.lit(value=True) if where is None else where
    return lambda frame: frame.with_columns(
        pl.when(rows).then(value).otherwise(pl.col(column)).alias(column)
    )


def times(
    column: str, factor: float, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Numbers of a column are some times what they were; what is no number stays."""
    number = (pl.col(column).cast(pl.Float64, strict=False) * factor).cast(pl.String)
    return changed(column, pl.coalesce(number, pl.col(column)), where)


def plus(
    column: str, summand: int, where: pl.Expr | None = None
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Whole numbers of a column are larger."""
    number = (pl.col(column).cast(pl.Int64, strict=False) + summand).cast(pl.String)
    return changed(column, pl.coalesce(number, pl.col(column)), where)


def without(where: pl.Expr) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Rows are gone."""
    return lambda frame: frame.filter(~where)


def repeated(n_rows: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Rows are there twice."""
    return lambda frame: pl.concat([frame, frame.head(n_rows)])


def since(least: int, column: str = "year") -> pl.Expr:
    return pl.col(column).cast(pl.Int64) >= least


def is_(column: str, value: str) -> pl.Expr:
    return pl.col(column) == value
