"""The result of a step: its tables, and its lost rows, counted by reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

LOSS_SCHEMA = {
    "from_table": pl.String,
    "to_table": pl.String,
    "reason": pl.String,
    "ccode": pl.Int16,
    "n_rows": pl.Int64,
    "example": pl.String,
}


@dataclass(frozen=True)
class StepResult:
    """The result of one step.

    Attributes:
        tables: Full table name (`schema.table`) to its rows.
        losses: One row per (from_table, to_table, reason, ccode) with the number of rows
            that did not reach `to_table` and the key of one of them (`LOSS_SCHEMA`).
    """

    tables: dict[str, pl.DataFrame]
    losses: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LOSS_SCHEMA))


def count_losses(
    lost: pl.DataFrame, *, from_table: str, to_table: str, key: Iterable[str]
) -> pl.DataFrame:
    """Counts lost rows by reason and state.

    Args:
        lost: The rows that do not reach `to_table`; needs a column `reason` and the columns of
            `key`; a column `ccode`, where there is one, splits the count by state.
        from_table: The table whose rows these are.
        to_table: The table that they do not reach.
        key: Columns that name a row; the first row of each group is quoted as an example.

    Returns:
        Frame of `LOSS_SCHEMA`, sorted by reason and state. Empty when nothing was lost.
    """
    if lost.is_empty():
        return pl.DataFrame(schema=LOSS_SCHEMA)
    columns = list(key)
    quoted = pl.concat_str(
        [pl.format("{}={}", pl.lit(c), pl.col(c).cast(pl.String).fill_null("")) for c in columns],
        separator=" ",
    )
    state = pl.col("ccode") if "ccode" in lost.columns else pl.lit(None)
    return (
        lost.sort(columns)
        .with_columns(state.cast(pl.Int16).alias("ccode"), quoted.alias("example"))
        .group_by("reason", "ccode", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("n_rows"), pl.col("example").first())
        .with_columns(pl.lit(from_table).alias("from_table"), pl.lit(to_table).alias("to_table"))
        .select(LOSS_SCHEMA.keys())
        .sort("reason", "ccode", nulls_last=True)
    )
