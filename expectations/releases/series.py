"""Series that have changed as a whole: another unit, the other sign, other values throughout.

A revision changes some values by a little; a mistake changes a run of them in the same way. So a
series is judged by its own values: how many of them have changed, and how alike.
"""

from collections.abc import Iterator

import polars as pl

from expectations.releases.findings import MOST_EXAMPLES, Finding, Kind
from expectations.releases.layout import TableLayout, ValueColumns
from expectations.releases.revisions import NEW, Tolerances, is_revised, scale_of

LEAST_VALUES = 3
"""A series with fewer values that have changed alike is not said to have changed as a whole."""

_LEAST_SHARE_FLIPPED = 0.2
_FLIP_BEYOND_SD = 0.5
_NEAR_ZERO_SD = 0.25
_LEAST_ROWS = 10
_WHOLE = "__whole_table"


def changed_series(
    matched: pl.DataFrame,
    layout: TableLayout,
    columns: ValueColumns,
    tolerances: Tolerances,
) -> Iterator[Finding]:
    """Finds series in another unit, with other signs, or with other values in most rows.

    Args:
        matched: Rows with the same key in both releases.
        layout: Of the table; without series the table counts as one.
        columns: Its columns.
        tolerances: What counts as another value, and as another unit.
    """
    if not layout.series:
        matched = matched.with_columns(pl.lit("all rows").alias(_WHOLE))
    yield from _rewritten(matched, layout, columns, tolerances.revision)
    for name in columns.quantities:
        if name in layout.growing:
            continue
        yield _unit(matched, layout, name, tolerances.factor)
        yield _sign(matched, layout, name)


def _series(layout: TableLayout) -> list[str]:
    return list(layout.series) or [_WHOLE]


def _rewritten(
    matched: pl.DataFrame, layout: TableLayout, columns: ValueColumns, revision: float
) -> Iterator[Finding]:
    values = [*columns.quantities, *columns.categories]
    if not layout.series or not values:
        return
    changed = [is_revised(matched, name, layout, columns, revision) for name in values]
    flagged = matched.select(*_series(layout), pl.any_horizontal(changed).alias("changed"))
    counted = flagged.group_by(_series(layout)).agg(n=pl.col("changed").sum(), rows=pl.len())
    counted = counted.filter(pl.col("rows") >= _LEAST_ROWS)
    found = counted.filter(pl.col("n") * 2 > pl.col("rows"))
    yield _finding("series_rewritten", layout, None, found.drop("rows"), counted.height)


def _unit(matched: pl.DataFrame, layout: TableLayout, name: str, factor: float) -> Finding:
    """Series of which most changed values are far larger, or far smaller, by a like ratio."""
    was, now = pl.col(name).cast(pl.Float64), pl.col(f"{name}{NEW}").cast(pl.Float64)
    # ratios of values near 0 say nothing where both signs are usual
    least = _NEAR_ZERO_SD * (scale_of(matched[name]) or 0.0)
    pairs = matched.filter((was.abs() > least) & (now != 0)).select(
        *_series(layout), ratio=(now / was).abs()
    )
    is_far = (pl.col("ratio") >= factor) | (pl.col("ratio") <= 1 / factor)
    counted = pairs.group_by(_series(layout)).agg(
        n=is_far.sum(),
        changed=(pl.col("ratio") != 1).sum(),
        rows=pl.len(),
        ratio=pl.col("ratio").filter(is_far).median(),
    )
    counted = counted.filter(pl.col("rows") >= LEAST_VALUES)
    found = counted.filter((pl.col("n") >= LEAST_VALUES) & (pl.col("n") * 2 > pl.col("changed")))
    return _finding("units_shifted", layout, name, found.drop("changed", "rows"), counted.height)


def _sign(matched: pl.DataFrame, layout: TableLayout, name: str) -> Finding:
    """Series of which many values have the other sign, by more than a value near 0 wavers."""
    scale = scale_of(matched[name])
    if scale is None:
        return Finding("signs_flipped", layout.table, name, 0, 0)
    was, now = pl.col(name), pl.col(f"{name}{NEW}")
    flips = (was * now < 0) & ((now - was).abs() > _FLIP_BEYOND_SD * scale)
    pairs = matched.filter(was.is_not_null() & now.is_not_null())
    counted = pairs.group_by(_series(layout)).agg(n=flips.sum(), rows=pl.len())
    counted = counted.filter(pl.col("rows") >= LEAST_VALUES)
    found = counted.filter(
        (pl.col("n") >= LEAST_VALUES) & (pl.col("n") >= _LEAST_SHARE_FLIPPED * pl.col("rows"))
    )
    return _finding("signs_flipped", layout, name, found.drop("rows"), counted.height)


def _finding(
    kind: Kind, layout: TableLayout, column: str | None, found: pl.DataFrame, n_series: int
) -> Finding:
    series = _series(layout)
    order = found.sort(["n", *series], descending=[True, *(False for _ in series)])
    rows = order.head(MOST_EXAMPLES).to_dicts()
    examples = tuple({k: v for k, v in row.items() if k != _WHOLE} for row in rows)
    return Finding(kind, layout.table, column, found.height, n_series, examples)
