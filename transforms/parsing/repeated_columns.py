"""Columns that repeat on every row of an entity (a roll call, a state) of a long file.

Such columns become a small table with one row per entity, provided that they never differ
between the rows of one entity.
"""

from collections.abc import Sequence

import polars as pl


def distinct_rows(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Keeps each combination of some columns once, in order of first appearance.

    Long text on a million rows is slow to hash, so rows equal to their predecessor are removed
    first; in a file that is grouped by entity few are left.

    Args:
        frame: Rows of the file.
        columns: Columns to keep.

    Returns:
        The distinct rows.
    """
    changed = frame.select(
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(c).shift(1)) for c in columns)
        | (pl.int_range(pl.len()) == 0)
    ).to_series()
    return frame.select(columns).filter(changed).unique(maintain_order=True)


def require_one_row_each(frame: pl.DataFrame, key: str, table: str) -> None:
    """Refuses a table in which one entity has two descriptions.

    Args:
        frame: Distinct rows of an entity's columns.
        key: Column that names the entity.
        table: Table name for the message.

    Raises:
        ValueError: A key has several rows; names the first such key and its columns that differ.
    """
    repeated = frame.filter(pl.col(key).is_duplicated())
    if repeated.is_empty():
        return
    name = repeated[key][0]
    rows = repeated.filter(pl.col(key).eq_missing(name))
    differing = [c for c in frame.columns if rows[c].n_unique() > 1]
    raise ValueError(
        f"{table}: {key} {name!r} has {rows.height} descriptions that differ in {differing}"
        f" ({repeated[key].n_unique()} such keys); the snapshot is intact, nothing was published:"
        " the publisher's file contradicts itself, report it and use an earlier release"
    )
