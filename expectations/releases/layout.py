"""How the rows of a table are compared: its key, its series and time, and what its columns are."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

TIMES = ("year", "session")
"""Columns that place a row in time, the first that a table has."""


@dataclass(frozen=True)
class TableLayout:
    """A table as the comparison needs to know it.

    Attributes:
        table: Full name.
        key: Columns that are unique together.
        series: Columns that name a series (a state, an alliance); empty where there is none.
        time: Column that places a row in time; None where there is none.
        ignored: Columns that are not compared.
        growing: Columns whose values may rise (the last day that a source covers), not fall.
        coded: Text columns that take a closed set of values, so that another one is another
            value and not another wording.
    """

    table: str
    key: tuple[str, ...]
    series: tuple[str, ...] = ()
    time: str | None = None
    ignored: tuple[str, ...] = ()
    growing: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()


def layout_of(
    table: str,
    key: Sequence[str],
    columns: Sequence[str],
    *,
    series: Sequence[str] | None = None,
    ignored: Sequence[str] = (),
    growing: Sequence[str] = (),
    coded: Sequence[str] = (),
) -> TableLayout:
    """The layout of a table, from its contract.

    Args:
        table: Full name.
        key: Its key.
        columns: All its columns.
        series: What names a series; the key without its time unless given, nothing where the
            key has no time.
        ignored: Columns that are not compared.
        growing: Columns whose values may rise.
        coded: Text columns with a closed set of values.
    """
    time = next((name for name in TIMES if name in columns), None)
    if series is None:
        series = [name for name in key if name != time] if time in key else []
    return TableLayout(
        table, tuple(key), tuple(series), time, tuple(ignored), tuple(growing), tuple(coded)
    )


@dataclass(frozen=True)
class ValueColumns:
    """The columns that two releases share, by how their values are compared.

    Attributes:
        quantities: Numbers, to which ratios and differences mean something.
        categories: Codes, flags, days: another value is another value.
        texts: Wording.
    """

    quantities: tuple[str, ...]
    categories: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.quantities, *self.categories, *self.texts)


def value_columns(
    before: pl.DataFrame, after: pl.DataFrame, layout: TableLayout, quantities: Sequence[str]
) -> ValueColumns:
    """Sorts the columns that both releases have.

    Args:
        before: The release that is published.
        after: The new one.
        layout: Of the table.
        quantities: Whole-number columns that count or measure something.
    """
    left_out = {*layout.key, *layout.ignored}
    names = [n for n in before.columns if n in after.columns and n not in left_out]
    types = {n: (before.schema[n], after.schema[n]) for n in names}
    # a column whose type has changed with the code can only be compared as text
    same = [n for n in names if types[n][0] == types[n][1]]
    numbers = [
        n for n in same if types[n][0].is_float() or (types[n][0].is_integer() and n in quantities)
    ]
    words = [n for n in same if types[n][0] == pl.String and n not in layout.coded]
    others = [n for n in same if n not in numbers and n not in words]
    return ValueColumns(tuple(numbers), tuple(others), tuple(words))
