"""The result of a step: its tables, and what it lost on the way, counted by reason.

A row is lost where it does not reach the next table. A value is lost where its row does and the
value does not. Neither happens in silence: rows in = rows out + rows lost, and the same of values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

LOSS_SCHEMA = {
    "from_table": pl.String,
    "to_table": pl.String,
    "reason": pl.String,
    "ccode": pl.Int16,
    "code": pl.String,
    "column_name": pl.String,
    "n_rows": pl.Int64,
    "n_values": pl.Int64,
    "example": pl.String,
}


@dataclass(frozen=True)
class StepResult:
    """The result of one step.

    Attributes:
        tables: Full table name (`schema.table`) to its rows.
        losses: One row per (from_table, to_table, reason, ccode, code, column_name), `LOSS_SCHEMA`:
            the number of rows that did not reach `to_table` or, where `column_name` names a
            column, of its values that did not, and the key of one of them. `code` is the
            publisher's code or name of the state, where the step knows it by that.
    """

    tables: dict[str, pl.DataFrame]
    losses: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LOSS_SCHEMA))


def count_losses(
    lost: pl.DataFrame,
    *,
    from_table: str,
    to_table: str,
    key: Iterable[str],
    code: str | None = None,
    values: Iterable[str] = (),
) -> pl.DataFrame:
    """Counts lost rows by reason, state and code.

    Args:
        lost: The rows that do not reach `to_table`; needs a column `reason` and the columns of
            `key`; a column `ccode`, where there is one, splits the count by state.
        from_table: The table whose rows these are.
        to_table: The table that they do not reach.
        key: Columns that name a row; the first row of each group is quoted as an example.
        code: Column with the publisher's code or name of the state; splits the count where no
            COW code is known, so that an unknown code is named.
        values: Columns whose values, where not NULL, are counted with their rows.

    Returns:
        Frame of `LOSS_SCHEMA`, sorted by reason, state and code; `n_values` is NULL where no
        column of values was named. Empty when nothing was lost.
    """
    counted = list(values)
    if lost.is_empty():
        return pl.DataFrame(schema=LOSS_SCHEMA)
    ccode = pl.col("ccode") if "ccode" in lost.columns else pl.lit(None)
    named = pl.when(ccode.is_null()).then(pl.col(code).cast(pl.String)) if code else pl.lit(None)
    present = [pl.col(c).is_not_null().cast(pl.Int64) for c in counted]
    return _count(
        lost.with_columns(
            ccode.cast(pl.Int16).alias("ccode"),
            named.cast(pl.String).alias("code"),
            pl.lit(None, pl.String).alias("column_name"),
            pl.lit(1, pl.Int64).alias("n_rows"),
            (pl.sum_horizontal(present) if present else pl.lit(None, pl.Int64)).alias("n_values"),
        ),
        from_table,
        to_table,
        list(key),
    )


def count_lost_values(
    lost: pl.DataFrame, *, column: str, from_table: str, to_table: str, key: Iterable[str]
) -> pl.DataFrame:
    """Counts values that are lost although their rows are not.

    Args:
        lost: The rows whose value does not reach `to_table`; needs `reason` and the columns of
            `key`; a column `ccode` splits the count by state.
        column: The column of `to_table` that lacks the value.
        from_table: The table that has it.
        to_table: The table that lacks it.
        key: Columns that name a row.

    Returns:
        Frame of `LOSS_SCHEMA` with `n_rows` 0 and `column_name`; the example begins with it.
    """
    if lost.is_empty():
        return pl.DataFrame(schema=LOSS_SCHEMA)
    ccode = pl.col("ccode") if "ccode" in lost.columns else pl.lit(None)
    return _count(
        lost.with_columns(
            ccode.cast(pl.Int16).alias("ccode"),
            pl.lit(None, pl.String).alias("code"),
            pl.lit(column).alias("column_name"),
            pl.lit(0, pl.Int64).alias("n_rows"),
            pl.lit(1, pl.Int64).alias("n_values"),
        ),
        from_table,
        to_table,
        list(key),
    )


def _count(lost: pl.DataFrame, from_table: str, to_table: str, key: list[str]) -> pl.DataFrame:
    """Adds up `n_rows` and `n_values` by what splits the account; quotes the first of each."""
    split = ["reason", "ccode", "code", "column_name"]
    quoted = [pl.format("{}={}", pl.lit(c), pl.col(c).cast(pl.String).fill_null("")) for c in key]
    example = pl.concat_str(["column_name", *quoted], separator=" ", ignore_nulls=True)
    n_values = pl.col("n_values")
    return (
        lost.sort(key)
        .with_columns(example.alias("example"))
        .group_by(split, maintain_order=True)
        .agg(
            pl.col("n_rows").sum(),
            pl.when(n_values.count() > 0).then(n_values.sum()).alias("n_values"),
            pl.col("example").first(),
        )
        .with_columns(pl.lit(from_table).alias("from_table"), pl.lit(to_table).alias("to_table"))
        .select(LOSS_SCHEMA.keys())
        .sort(split, nulls_last=True)
    )
