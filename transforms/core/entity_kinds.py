"""Entities of a source that are no states: aggregates, territories, ships."""

from collections.abc import Mapping

import polars as pl


def split_by_kind(
    rows: pl.DataFrame, kinds: pl.DataFrame, *, code: str, reasons: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Separates the rows of states from those of listed entities that are no states.

    Args:
        rows: Rows with the source's code.
        kinds: Hand-coded: code and kind of the entities that are no states, one row per code.
        code: Column of `rows` with the source's code (String).
        reasons: Kind to the reason under which its rows are counted as lost.

    Returns:
        Rows whose code is not listed, with `kind` NULL; and the listed ones, with `reason`.
    """
    kind_of = kinds.select(pl.col("code").alias(code), "kind")
    marked = rows.join(kind_of, on=code, how="left", validate="m:1", maintain_order="left")
    is_listed = pl.col("kind").is_not_null()
    listed = marked.filter(is_listed).with_columns(
        pl.col("kind").replace_strict(reasons, return_dtype=pl.String).alias("reason")
    )
    return marked.filter(~is_listed), listed
