"""Distinct values of a long table, for rules that look at one value at a time.

Gaps, unknown codes and values out of range depend on which values occur, not on how often. A
million rows are therefore judged by the distinct values of each column, or by its minimum and
maximum where only a range is stated. A rule that fails there is evaluated on all rows, to count
its breaches.
"""

from collections.abc import Sequence

import polars as pl

from expectations.gate.rules import StatedRule

_RANGE_KINDS = ("ColumnValuesToBeBetween", "ColumnValuesToNotBeNull")
_VALUE_KINDS = (*_RANGE_KINDS, "ColumnValuesToBeInSet", "ColumnValuesToMatchRegex")


def judged_by_value(rule: StatedRule) -> bool:
    """Whether a rule holds for a column exactly when it holds for its distinct values."""
    return rule.is_flagged or (rule.kind in _VALUE_KINDS and "mostly" not in rule.kwargs)


def representatives(
    frame: pl.DataFrame, rules: Sequence[StatedRule], flags: Sequence[pl.Series]
) -> pl.DataFrame:
    """The distinct values of each column that the rules mention.

    Args:
        frame: The long table; it has at least one row.
        rules: Rules for which `judged_by_value` is true.
        flags: Boolean columns of the flagged rules.

    Returns:
        A frame with one column for each mentioned column of `frame` and each flag. Columns are
        padded to one length with their own first value; rows have no meaning.
    """
    by_column: dict[str, list[str]] = {}
    for rule in rules:
        for column in rule.columns:
            if column in frame.columns:
                by_column.setdefault(column, []).append(rule.kind)
    distinct = [_distinct(frame[column], kinds) for column, kinds in by_column.items()]
    distinct += [flag.unique() for flag in flags]
    length = max((len(values) for values in distinct), default=1)
    return pl.DataFrame([_padded(values, length) for values in distinct])


def _distinct(values: pl.Series, kinds: Sequence[str]) -> pl.Series:
    if not (values.dtype.is_numeric() and all(kind in _RANGE_KINDS for kind in kinds)):
        return values.unique()
    ends = [values.min(), values.max(), *([None] if values.null_count() else [])]
    return pl.Series(values.name, ends, dtype=values.dtype)


def _padded(values: pl.Series, length: int) -> pl.Series:
    return pl.concat([values, values.head(1).new_from_index(0, length - len(values))])
