"""What a table's rules are judged by while they hold: counts and distinct values.

Most rules hold, on millions of rows. Polars counts the breaches of each in one pass over the frame,
and a rule on the values of a column depends on which values occur, not on how often. Both are
small, can be gathered where the rows are made, and are what Great Expectations is handed
(`expectations.gate.run`). A rule that does not hold by them is evaluated on all rows, to count and
to name its breaches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.gate.rules import StatedRule, condition_of, type_mismatches

N_BREACHES = "number of breaches"
"""The column of `Evidence.frame` with one count per rule; no column of a table is called so."""

_RANGE_KINDS = ("ColumnValuesToBeBetween", "ColumnValuesToNotBeNull")
_VALUE_KINDS = (
    *_RANGE_KINDS,
    "ColumnValuesToBeInSet",
    "ColumnValuesToMatchRegex",
    "ColumnDistinctValuesToContainSet",
    "ColumnDistinctValuesToEqualSet",
)
_UNIQUE_KINDS = ("ColumnValuesToBeUnique", "CompoundColumnsToBeUnique")
# What counting knows of each kind; a rule with any other argument is evaluated on all rows.
_KNOWN: Mapping[str, frozenset[str]] = {
    "ColumnTypesToMatch": frozenset({"types"}),
    "ColumnValuesToBeUnique": frozenset({"column"}),
    "CompoundColumnsToBeUnique": frozenset({"column_list"}),
    "TableColumnsToMatchOrderedList": frozenset({"column_list"}),
    "TableColumnsToMatchSet": frozenset({"column_set", "exact_match"}),
    "TableRowCountToBeBetween": frozenset({"min_value", "max_value"}),
}


@dataclass(frozen=True)
class Evidence:
    """What is known of one table, small enough to be sent from one process to another.

    Attributes:
        n_rows: Rows of the table.
        breaches: Rule name to the number of its breaches; not of the rules on values, nor of those
            that could not be counted. Where it is 0 the rule holds; a rule of Great Expectations
            may be content with more than 0.
        values: Column name to its distinct values, of columns that rules on values are about.
    """

    n_rows: int
    breaches: Mapping[str, int]
    values: Mapping[str, pl.Series]

    @property
    def frame(self) -> pl.DataFrame:
        """Counts and values as columns of one length, each padded with its own first value."""
        columns = list(self.values.values())
        if self.breaches:
            columns.append(pl.Series(N_BREACHES, list(self.breaches.values()), pl.Int64))
        length = max((len(column) for column in columns), default=0)
        return pl.DataFrame([_padded(column, length) for column in columns])

    def has_values_for(self, rule: StatedRule) -> bool:
        """Whether the values tell that the rule holds, if it does."""
        return _is_of_values(rule) and rule.columns[0] in self.values


def gather(rules: Sequence[StatedRule], frame: pl.DataFrame) -> Evidence:
    """Counts breaches and collects distinct values.

    Args:
        rules: The rules on the table.
        frame: The table.
    """
    breaches = _breaches_of_conditions([rule for rule in rules if rule.is_flagged], frame)
    for rule in rules:
        if rule.kind in _KNOWN and set(rule.kwargs) <= _KNOWN[rule.kind]:
            try:
                breaches[rule.name] = _breaches_of_table(rule, frame)
            except (pl.exceptions.PolarsError, TypeError, KeyError):
                continue  # evaluated on all rows, which says what is wrong
    kinds: dict[str, set[str]] = {}
    for rule in rules:
        if _is_of_values(rule) and rule.columns[0] in frame.columns:
            kinds.setdefault(rule.columns[0], set()).add(rule.kind)
    # an empty column has no value that could be padded
    wanted = kinds.items() if frame.height else ()
    return Evidence(frame.height, breaches, {c: _distinct(frame[c], k) for c, k in wanted})


def _is_of_values(rule: StatedRule) -> bool:
    """Whether a rule holds for a column exactly when it holds for its distinct values."""
    return rule.kind in _VALUE_KINDS and "mostly" not in rule.kwargs and len(rule.columns) == 1


def _breaches_of_conditions(rules: Sequence[StatedRule], frame: pl.DataFrame) -> dict[str, int]:
    """Rows in which conditions are false, in one pass; one by one where one cannot be evaluated."""
    counts = {}
    for rule in rules:
        try:
            counts[rule.name] = (~condition_of(rule)).sum().cast(pl.Int64).alias(rule.name)
        except (pl.exceptions.PolarsError, KeyError, TypeError):
            continue
    try:
        found = frame.select(counts.values())
    except pl.exceptions.PolarsError:
        if len(rules) == 1:
            return {}
        several = [_breaches_of_conditions([rule], frame) for rule in rules]
        return {name: n for one in several for name, n in one.items()}
    return {name: int(found[name].item()) for name in counts}


def _breaches_of_table(rule: StatedRule, frame: pl.DataFrame) -> int:
    """By how much a rule on the whole table is broken; 0 where it holds."""
    of: Mapping[str, Any] = rule.kwargs
    if rule.kind in _UNIQUE_KINDS:
        return _repeated(frame.select(rule.columns))
    if rule.kind == "ColumnTypesToMatch":
        return int(not type_mismatches(of["types"], frame)["success"])
    if rule.kind == "TableColumnsToMatchOrderedList":
        return int(frame.columns != list(of["column_list"]))
    if rule.kind == "TableColumnsToMatchSet":
        wanted, found = set(of["column_set"]), set(frame.columns)
        return len(wanted ^ found if of.get("exact_match", True) else wanted - found)
    least, most = of.get("min_value"), of.get("max_value")
    too_few = max(least - frame.height, 0) if least is not None else 0
    return too_few + (max(frame.height - most, 0) if most is not None else 0)


def _repeated(keys: pl.DataFrame) -> int:
    """Rows that are there already; where each is greater than the one before, none is."""
    in_order = pl.lit(value=False)
    for name in reversed(keys.columns):
        here, before = pl.col(name), pl.col(name).shift(1)
        in_order = (here > before) | ((here == before) & in_order)
    if keys.select(in_order.slice(1).fill_null(value=False).all()).item():
        return 0
    return keys.height - keys.n_unique()


def _distinct(values: pl.Series, kinds: set[str]) -> pl.Series:
    if not (values.dtype.is_numeric() and kinds <= set(_RANGE_KINDS)):
        return values.unique()
    ends = [values.min(), values.max(), *([None] if values.null_count() else [])]
    return pl.Series(values.name, ends, dtype=values.dtype)


def _padded(values: pl.Series, length: int) -> pl.Series:
    return pl.concat([values, values.head(1).new_from_index(0, length - len(values))])
