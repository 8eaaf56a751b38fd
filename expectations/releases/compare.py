"""Compares two releases of a table by key and value. Polars in, findings out; judges nothing.

What is new is no finding: a release is expected to add. A finding is what was there before and is
there no longer, or is there with another value.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from expectations.releases.findings import MOST_EXAMPLES, Finding, Kind
from expectations.releases.layout import TableLayout, ValueColumns, value_columns
from expectations.releases.revisions import NEW, Tolerances, is_revised
from expectations.releases.series import changed_series


class NotComparableError(ValueError):
    """The two releases have no common key; the message says what differs."""


def compare_table(
    before: pl.DataFrame,
    after: pl.DataFrame,
    layout: TableLayout,
    tolerances: Tolerances,
    quantities: Sequence[str] = (),
) -> list[Finding]:
    """Compares two releases of a table.

    Args:
        before: Rows of the published release; unique by key, no NULL in it.
        after: Rows of the new one, likewise.
        layout: Of the table.
        tolerances: What counts as another value.
        quantities: Whole-number columns that count or measure something; columns of floating
            numbers always do.

    Returns:
        What the new release has lost or changed, in the order of `KINDS`; every severity is
        `info`.

    Raises:
        NotComparableError: A key column is missing in one of them, or has another type.
    """
    key = list(layout.key)
    for name in key:
        types = [frame.schema.get(name) for frame in (before, after)]
        if None in types or types[0] != types[1]:
            raise NotComparableError(f"{layout.table}: {name} is not in both, with one type")
    columns = value_columns(before, after, layout, quantities)
    found = [*_rows(before, after, layout), *_coverage(before, after, layout, columns)]
    wanted = {*key, *layout.series, *([layout.time] if layout.time else []), *columns.all}
    matched = before.select(n for n in before.columns if n in wanted).join(
        after.select(*key, *columns.all), on=key, suffix=NEW
    )
    if matched.height:
        found += _values(matched, layout, columns, tolerances)
        found += changed_series(matched, layout, columns, tolerances)
    return [finding for finding in found if finding.n_found]


def _rows(before: pl.DataFrame, after: pl.DataFrame, layout: TableLayout) -> Iterator[Finding]:
    key, table = list(layout.key), layout.table
    lost = before.join(after.select(key), on=key, how="anti")
    yield Finding("keys_lost", table, None, lost.height, before.height, examples_of(lost, layout))
    fewer = max(before.height - after.height, 0)
    yield Finding("rows_lost", table, None, fewer, before.height)


def _coverage(
    before: pl.DataFrame, after: pl.DataFrame, layout: TableLayout, columns: ValueColumns
) -> Iterator[Finding]:
    """Series and periods of which less is observed; a row without any number observes nothing."""
    table, time, series = layout.table, layout.time, list(layout.series)
    was, now = _observed(before, columns), _observed(after, columns)
    if series:
        gone = was.join(now.select(series).unique(), on=series, how="anti", nulls_equal=True)
        n_series = was.select(series).n_unique()
        n_gone = gone.select(series).n_unique()
        yield Finding("series_lost", table, None, n_gone, n_series, examples_of(gone, layout))
    if time is None or time not in after.columns:
        return
    if series:
        both = _spans(was, series, time).join(
            _spans(now, series, time), on=series, suffix=NEW, nulls_equal=True
        )
        shorter = both.filter(
            (pl.col(f"first{NEW}") > pl.col("first")) | (pl.col(f"last{NEW}") < pl.col("last"))
        )
        examples = tuple(
            {
                **{name: row[name] for name in series},
                "before": f"{row['first']} to {row['last']}",
                "after": f"{row[f'first{NEW}']} to {row[f'last{NEW}']}",
            }
            for row in shorter.sort(series).head(MOST_EXAMPLES).to_dicts()
        )
        yield Finding("series_shortened", table, None, shorter.height, both.height, examples)
    times, left = (set(frame[time].drop_nulls().unique()) for frame in (was, now))
    missing = sorted(times - left)
    examples = tuple({time: value} for value in missing[:MOST_EXAMPLES])
    yield Finding("periods_lost", table, None, len(missing), len(times), examples)


def _observed(frame: pl.DataFrame, columns: ValueColumns) -> pl.DataFrame:
    if not columns.quantities:
        return frame
    return frame.filter(pl.any_horizontal(pl.col(columns.quantities).is_not_null()))


def _spans(frame: pl.DataFrame, series: list[str], time: str) -> pl.DataFrame:
    return frame.group_by(series).agg(first=pl.col(time).min(), last=pl.col(time).max())


def _values(
    matched: pl.DataFrame, layout: TableLayout, columns: ValueColumns, tolerances: Tolerances
) -> Iterator[Finding]:
    """Values that are gone, and those that are others, column by column."""
    for name in columns.all:
        was, now = pl.col(name), pl.col(f"{name}{NEW}")
        revised = is_revised(matched, name, layout, columns, tolerances.revision)
        n_was, n_both, n_lost, n_revised = matched.select(
            was.is_not_null().sum().alias("was"),
            (was.is_not_null() & now.is_not_null()).sum().alias("both"),
            (was.is_not_null() & now.is_null()).sum().alias("lost"),
            revised.sum().alias("revised"),
        ).row(0)
        if n_lost:
            lost = matched.filter(was.is_not_null() & now.is_null())
            examples = examples_of(lost, layout, name)
            yield Finding("values_lost", layout.table, name, n_lost, n_was, examples)
        if n_revised:
            kind: Kind = "texts_revised" if name in columns.texts else "values_revised"
            examples = examples_of(matched.filter(revised), layout, name)
            yield Finding(kind, layout.table, name, n_revised, n_both, examples)


def examples_of(
    frame: pl.DataFrame, layout: TableLayout, value: str | None = None
) -> tuple[dict[str, Any], ...]:
    """Examples of rows: by series where the table has some, else by key.

    Args:
        frame: The rows; with `value`, its column of the new release as well.
        layout: Of the table.
        value: Column whose first value before and after is shown.
    """
    if frame.is_empty():
        return ()
    key = list(layout.key)
    shown = [] if value is None else [pl.col(value).alias("before")]
    if value is not None and f"{value}{NEW}" in frame.columns:
        shown.append(pl.col(f"{value}{NEW}").alias("after"))
    if not layout.series:
        return tuple(frame.sort(key).head(MOST_EXAMPLES).select(*key, *shown).to_dicts())
    series, spans = list(layout.series), []
    if layout.time in frame.columns:
        spans = [pl.col(str(layout.time)).min().alias("first")]
        spans.append(pl.col(str(layout.time)).max().alias("last"))
    grouped = frame.sort(key).group_by(series, maintain_order=True)
    found = grouped.agg(pl.len().alias("n"), *spans, *(column.first() for column in shown))
    order = found.sort(["n", *series], descending=[True, *(False for _ in series)])
    return tuple(order.head(MOST_EXAMPLES).to_dicts())
