"""Compares the dates of typed rows with what their source declares to cover.

A row before the declared beginning belongs to another dataset or to a shifted column. Rows after a
declared end are kept: a release has run on, and its declaration has to follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from expectations.gate.results import SAMPLE_ROWS, ExpectationResult, Stage
from expectations.suite import Severity

MOST_YEARS_AHEAD = 5
"""A release that is further ahead of its declared end has a wrong date in it."""
NOT_BEFORE_YEAR = 2026
"""The year of this text: a clock that says an earlier one is wrong, and the files are not."""
FIRST_SESSION = 1945
"""Session n of the General Assembly begins in this year + n."""

_BEFORE = "the dataset begins there: an earlier row is of another one, or a column has shifted"
_AFTER = "the release covers more than is declared: bring `coverage` in its declaration up to date"
_FUTURE = (
    "what has not happened yet is no observation: a wrong date, which would move the end of"
    " everything that is still in force (or a clock of this machine that is years behind)"
)
_FAR = (
    f"no release is more than {MOST_YEARS_AHEAD} years ahead of its declaration: this is a wrong"
    " date, and it would move the end of everything that is still in force"
)


@dataclass(frozen=True)
class DatedColumn:
    """A column that dates rows.

    Attributes:
        name: Its name; days, years or sessions.
        first: First value that the source covers; None where it declares none.
        last: Last value; None where the rows themselves say so.
    """

    name: str
    first: date | int | None
    last: date | int | None


def coverage_results(
    stage: Stage,
    table: str,
    frame: pl.DataFrame,
    key: Sequence[str],
    dated: Sequence[DatedColumn],
) -> list[ExpectationResult]:
    """Judges the dates of a staging table.

    Args:
        stage: The gate.
        table: Full table name.
        frame: The rows.
        key: Columns that name a row.
        dated: The columns that date them.

    Returns:
        Per column a critical result for rows before the coverage and one for rows more than a year
        in the future; where its end is declared, a warning for rows after it and a critical
        result for rows far after it. NULL holds.
    """
    results = []

    def judge(column: DatedColumn, name: str, severity: Severity, late: pl.Expr, why: str) -> None:
        broken = frame.filter(late)
        results.append(
            ExpectationResult(
                stage=stage,
                table=table,
                expectation=f"{name}({column.name})",
                column=column.name,
                severity=severity,
                passed=broken.is_empty(),
                n_evaluated=frame.height,
                n_failed=broken.height,
                sample=tuple(
                    broken.select(list(dict.fromkeys([*key, column.name])))
                    .head(SAMPLE_ROWS)
                    .to_dicts()
                ),
                why=why,
            )
        )

    for column in dated:
        value = pl.col(column.name)
        if column.first is not None:
            judge(column, "NotBeforeCoverage", "critical", value < column.first, _BEFORE)
        judge(
            column,
            "NotInTheFuture",
            "critical",
            value > _latest(frame.schema[column.name], column.name),
            _FUTURE,
        )
        if column.last is not None:
            judge(column, "NotAfterCoverage", "warning", value > column.last, _AFTER)
            judge(column, "NotFarAfterCoverage", "critical", value > _far(column.last), _FAR)
    return results


def _latest(kind: pl.DataType, name: str) -> date | int:
    """The last value that a column may have: a year from now, by the clock of this machine."""
    year = max(date.today().year, NOT_BEFORE_YEAR) + 1
    if kind == pl.Date:
        return date(year, 12, 31)
    return year - FIRST_SESSION if name == "session" else year


def _far(last: date | int) -> date | int:
    if isinstance(last, date):
        return date(last.year + MOST_YEARS_AHEAD, 12, 31)
    return last + MOST_YEARS_AHEAD
