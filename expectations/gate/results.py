"""Results of a gate: one per rule, and the rows of `meta.validation_results` and quarantine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from expectations.suite import Severity, SqlRule

Stage = Literal["raw", "staged", "core", "marts", "metrics", "warehouse"]

SAMPLE_ROWS = 1_000
"""Breaches kept per rule; those of warnings become the rows of `meta.quarantine`."""
SHOWN_KEYS = 50
"""Breaches quoted in `meta.validation_results`."""

VALIDATION_SCHEMA = {
    "stage": pl.String,
    "table_name": pl.String,
    "expectation": pl.String,
    "ordinal": pl.Int16,
    "column_name": pl.String,
    "severity": pl.String,
    "passed": pl.Boolean,
    "n_evaluated": pl.Int64,
    "n_failed": pl.Int64,
    "sample_keys": pl.String,
    "why": pl.String,
}
QUARANTINE_SCHEMA = dict.fromkeys(("table_name", "expectation", "row_key", "reason"), pl.String)


@dataclass(frozen=True)
class ExpectationResult:
    """The result of one rule on one table.

    Attributes:
        stage: The gate.
        table: Full table name.
        expectation: The rule, short enough for a table.
        column: The column that the rule is about; `None` for rules on rows or tables.
        severity: Consequence of a breach.
        passed: Whether the rule holds.
        n_evaluated: Rows evaluated (1 for a rule on a whole table, 0 when it could not run).
        n_failed: Rows that break it (1 for a rule on a whole table).
        sample: At most `SAMPLE_ROWS` breaches: key columns and the wrong values, or, for a rule
            on a whole table, the expected and the found value.
        why: What breaks for a reader when the rule does not hold.
    """

    stage: Stage
    table: str
    expectation: str
    column: str | None
    severity: Severity
    passed: bool
    n_evaluated: int
    n_failed: int
    sample: tuple[Mapping[str, Any], ...]
    why: str

    @property
    def stops(self) -> bool:
        """Whether this result stops the build."""
        return self.severity == "critical" and not self.passed


@dataclass(frozen=True)
class GateReport:
    """The results of the gate of one table.

    Attributes:
        stage: The gate.
        table: Full table name.
        results: One per stated rule, in the order stated.
    """

    stage: Stage
    table: str
    results: tuple[ExpectationResult, ...]

    @property
    def n_evaluated(self) -> int:
        """Number of rules that have a result."""
        return len(self.results)

    @property
    def failures(self) -> tuple[ExpectationResult, ...]:
        """Rules that do not hold, critical ones first."""
        order = ("critical", "warning", "info")
        failed = [result for result in self.results if not result.passed]
        return tuple(sorted(failed, key=lambda result: order.index(result.severity)))

    @property
    def stops(self) -> bool:
        """Whether a critical rule does not hold."""
        return any(result.stops for result in self.results)

    @property
    def validation(self) -> pl.DataFrame:
        """Rows of `meta.validation_results`."""
        return validation_frame(self.results)

    @property
    def quarantine(self) -> pl.DataFrame:
        """Rows of `meta.quarantine`: breaches of rules that only warn."""
        return quarantine_frame(self.results)


def rule_result(
    table: str, rule: SqlRule, failing: pl.DataFrame, n_failed: int, n_evaluated: int = 1
) -> ExpectationResult:
    """The result of a rule across tables.

    Args:
        table: Table of the suite that states the rule.
        rule: The rule; the caller has run its SQL.
        failing: The first rows that the SQL returned (at most `SAMPLE_ROWS` are kept); its
            columns name the row.
        n_failed: Number of rows that the SQL returned in all.
        n_evaluated: Rows evaluated, where known.

    Returns:
        The result, at stage `warehouse`.
    """
    return ExpectationResult(
        stage="warehouse",
        table=table,
        expectation=rule.name,
        column=None,
        severity=rule.severity,
        passed=n_failed == 0,
        n_evaluated=max(n_evaluated, n_failed),
        n_failed=n_failed,
        sample=tuple(failing.head(SAMPLE_ROWS).to_dicts()),
        why=rule.why,
    )


def validation_frame(results: Iterable[ExpectationResult]) -> pl.DataFrame:
    """Results as rows of `meta.validation_results`.

    Args:
        results: In the order stated; `ordinal` counts them within stage and table.
    """
    ordinals: dict[tuple[str, str], int] = {}
    rows = []
    for result in results:
        place = (result.stage, result.table)
        ordinals[place] = ordinals.get(place, 0) + 1
        rows.append(
            {
                "stage": result.stage,
                "table_name": result.table,
                "expectation": result.expectation,
                "ordinal": ordinals[place],
                "column_name": result.column,
                "severity": result.severity,
                "passed": result.passed,
                "n_evaluated": result.n_evaluated,
                "n_failed": result.n_failed,
                "sample_keys": _json(result.sample[:SHOWN_KEYS]) if result.sample else None,
                "why": result.why,
            }
        )
    return pl.DataFrame(rows, schema=VALIDATION_SCHEMA)


def quarantine_frame(results: Iterable[ExpectationResult]) -> pl.DataFrame:
    """Breaches of warnings as rows of `meta.quarantine`, each row key once per rule."""
    rows = [
        {
            "table_name": result.table,
            "expectation": result.expectation,
            "row_key": _json(breach),
            "reason": result.why,
        }
        for result in results
        if result.severity == "warning" and not result.passed
        for breach in result.sample
    ]
    frame = pl.DataFrame(rows, schema=QUARANTINE_SCHEMA)
    return frame.unique(["table_name", "expectation", "row_key"], maintain_order=True)


def _json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
