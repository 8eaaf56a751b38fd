"""Suites as data: what is expected of a table, how severe a breach is, and why.

Nothing here imports Great Expectations (5 to 10 s); `expectations.gate.gx` translates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True)
class Expectation:
    """One expectation.

    Attributes:
        kind: Great Expectations class name without its prefix `Expect`, for example
            `ColumnValuesToBeInSet`.
        why: What breaks for a reader of the warehouse when it does not hold.
        severity: `critical` stops before anything is published; `warning` is reported and
            the rows, which stay in their table, are listed in `meta.quarantine`; `info` is
            only reported.
        kwargs: Arguments of that class (column, value_set, min_value, …).
    """

    kind: str
    why: str
    severity: Severity = "critical"
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SqlRule:
    """A rule across tables, as SQL that returns the rows that break it.

    Attributes:
        name: Short snake_case name, unique in its suite.
        sql: A SELECT over full table names (`core.votes`); every row returned is a breach
            and its columns name the row.
        why: What breaks for a reader when it does not hold.
        tables: The tables that the SQL reads.
        severity: As in `Expectation`.
    """

    name: str
    sql: str
    why: str
    tables: tuple[str, ...]
    severity: Severity = "critical"


@dataclass(frozen=True)
class Suite:
    """What is expected of one table.

    Attributes:
        table: Full table name (`staging.stg_gdp__entity_years`, `raw.gdp__data`).
        key: Columns that name a row of a raw table in reports. Every other table has a contract,
            and the gate takes the key from there: its suite states none.
        expectations: Rules on the table alone, beyond those its contract already implies
            (columns, types, nulls, codes, ranges, key).
        rules: Rules across tables.
    """

    table: str
    key: tuple[str, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    rules: tuple[SqlRule, ...] = ()


def expect(kind: str, why: str, severity: Severity = "critical", **kwargs: Any) -> Expectation:
    """Writes an expectation in one line: `expect("ColumnValuesToBeInSet", "…", column="vote")`."""
    return Expectation(kind, why, severity, kwargs)


def columns_exactly(columns: Sequence[str], why: str) -> Expectation:
    """Expects exactly these columns, in this order."""
    return expect("TableColumnsToMatchOrderedList", why, column_list=list(columns))


def rows_satisfy(
    name: str, condition: str, why: str, severity: Severity = "critical"
) -> Expectation:
    """Expects that a condition is not false in any row (NULL counts as holding).

    Args:
        name: Short snake_case name that says what holds.
        condition: Boolean SQL expression over the columns of the table.
        why: What breaks for a reader when it does not hold.
        severity: As in `Expectation`.
    """
    return Expectation("RowsToSatisfy", why, severity, {"name": name, "condition": condition})


def the_leader_is_the_hegemon() -> Expectation:
    """Expects that both names of whose figures they are have the same code."""
    return rows_satisfy(
        "the_leader_is_the_hegemon",
        "leader = ccode_hegemon",
        "a query that selects by either name has to get the same rows",
    )


def every_null_has_a_reason(
    *measures: str, why: str = "null_reason says why a measure is missing"
) -> Expectation:
    """Expects that measures are NULL in the rows with a `null_reason`, and in no others.

    Args:
        *measures: Columns that have a value in the same rows.
        why: What breaks for a reader when it does not hold.
    """
    condition = " AND ".join(f"({name} IS NULL) = (null_reason IS NOT NULL)" for name in measures)
    return rows_satisfy("every_null_has_a_reason", condition, why)


def interval_contains_the_estimate(
    *, tolerance: float = 0.0, severity: Severity = "critical"
) -> Expectation:
    """Expects `ci_low` ≤ `estimate` ≤ `ci_high`, where they are not NULL.

    Args:
        tolerance: How far an end may lie on the wrong side; for ends that are not computed from
            the estimate, such as percentiles.
        severity: As in `Expectation`.
    """
    return rows_satisfy(
        "the_interval_contains_the_estimate",
        f"ci_low <= estimate + {tolerance} AND estimate <= ci_high + {tolerance}",
        "an interval without its estimate belongs to another estimate or to a biased resampling",
        severity,
    )


def lower_code_comes_first() -> Expectation:
    """Expects `ccode1 < ccode2`: an undirected dyad has one row."""
    return rows_satisfy(
        "the_lower_code_comes_first", "ccode1 < ccode2", "an undirected dyad has one row"
    )


def not_empty(*columns: str) -> tuple[Expectation, ...]:
    """Expects a value in every row of these columns."""
    why = "without them the row cannot be identified or dated"
    return (expect("NoValueToBeMissing", why, columns=list(columns)),)


def one_of(
    column: str, values: Sequence[object], why: str, severity: Severity = "critical"
) -> Expectation:
    """Expects that a column takes only these values or NULL."""
    return expect("ColumnValuesToBeInSet", why, severity, column=column, value_set=list(values))


def row_count_between(minimum: int, maximum: int, why: str) -> Expectation:
    """Expects a number of rows: an empty table would satisfy every other rule."""
    return expect("TableRowCountToBeBetween", why, min_value=minimum, max_value=maximum)


def key_is_unique(key: Sequence[str], severity: Severity = "critical") -> Expectation:
    """Expects that no two rows have the same key."""
    why = f"one row per {', '.join(key)}: a join on it would multiply rows"
    if len(key) == 1:
        return expect("ColumnValuesToBeUnique", why, severity, column=key[0])
    return expect("CompoundColumnsToBeUnique", why, severity, column_list=list(key))
