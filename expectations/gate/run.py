"""Runs a suite against a table.

Great Expectations counts breaches (`expectations.gate.gx`). The failing rows are then selected
from the Polars frame (`expectations.gate.breaches`), because the row index of Great Expectations
takes half a minute on a million rows.
"""

from collections.abc import Mapping, Sequence
from threading import Lock

import polars as pl

from expectations.gate.breaches import found_breaches
from expectations.gate.contract_rules import TableShape, implied_expectations
from expectations.gate.coverage import DatedColumn, coverage_results
from expectations.gate.distinct_values import judged_by_value, representatives
from expectations.gate.gx import (
    LONG_TABLE,
    RuleOutcome,
    for_pandas,
    holding,
    open_great_expectations,
    validate,
)
from expectations.gate.losses import loss_results
from expectations.gate.results import ExpectationResult, GateReport, Stage
from expectations.gate.row_counts import row_count_results
from expectations.gate.rules import StatedRule, flag_of, label_of, type_mismatches
from expectations.suite import Suite

__all__ = ["GateError", "GateReport", "run_gate", "warm_up"]

STAGES: dict[str, Stage] = {
    "raw": "raw",
    "staging": "staged",
    "core": "core",
    "marts": "marts",
    "metrics": "metrics",
}
# Great Expectations keeps one batch per data source, so only one gate runs at a time
_ONE_AT_A_TIME = Lock()


class GateError(RuntimeError):
    """The gate is faulty; the table was not evaluated."""


def run_gate(
    suite: Suite,
    frame: pl.DataFrame,
    contract: TableShape | None = None,
    *,
    snapshot_id: str | None = None,
    dated: Sequence[DatedColumn] = (),
    losses: pl.DataFrame | None = None,
) -> GateReport:
    """Runs the gate of one table.

    Args:
        suite: What is expected of the table beyond its contract.
        frame: The table.
        contract: The contract's shape, with the key that names rows in reports; `None` for raw
            tables, which have no contract: their suite states the key.
        snapshot_id: Snapshot that the rows come from; where `row_counts.csv` pins its row
            counts, they must hold exactly.
        dated: The columns that date the rows of a staging table, with the bounds that its source
            declares.
        losses: What the step lost (`transforms.step_result.LOSS_SCHEMA`); what is not meant to be
            lost on the way to this table warns (`expectations.gate.losses`).

    Returns:
        One result per stated rule. A rule that raised an error counts as a critical failure.
        The caller decides what to do (`expectations.gate.failures.raise_if_stopped`).

    Raises:
        GateError: There is nothing to evaluate, the contract is another table's, or the
            number of results is not the number of stated rules.
    """
    if contract is not None and contract.table != suite.table:
        raise GateError(f"the suite of {suite.table} was given the contract of {contract.table}")
    implied = implied_expectations(contract) if contract else ()
    rules = [StatedRule(f"rule_{i}", e) for i, e in enumerate((*implied, *suite.expectations))]
    if not rules:
        raise GateError(
            f"{suite.table}: no rule to evaluate, and a gate without rules would let anything"
            " pass; state its columns in its suite under expectations/"
        )
    key = contract.key if contract else suite.key
    with _ONE_AT_A_TIME:
        outcomes = _evaluate(rules, frame, key)
    assert_all_evaluated(suite.table, rules, outcomes)
    results = [_result(suite.table, key, rule, outcomes[rule.name], frame) for rule in rules]
    stage = _stage_of(suite.table)
    results += row_count_results(stage, suite.table, snapshot_id, frame)
    results += coverage_results(stage, suite.table, frame, key, dated)
    if losses is not None:
        results += loss_results(stage, suite.table, losses)
    return GateReport(stage, suite.table, tuple(results))


def warm_up() -> None:
    """Imports Great Expectations (5 to 10 s); call it in a thread while bytes are fetched."""
    with _ONE_AT_A_TIME:
        open_great_expectations()


def assert_all_evaluated(
    table: str, rules: Sequence[StatedRule], outcomes: Mapping[str, RuleOutcome]
) -> None:
    """Refuses outcomes that are not exactly those of the stated rules.

    Raises:
        GateError: A stated rule has no outcome, or an outcome belongs to no stated rule.
    """
    stated = {rule.name for rule in rules}
    if len(stated) != len(rules) or stated != set(outcomes):
        raise GateError(
            f"{table}: {len(rules)} rules stated, {len(stated & set(outcomes))} evaluated; the"
            " gate is broken. The published warehouse is untouched"
        )


def _evaluate(
    rules: Sequence[StatedRule], frame: pl.DataFrame, key: Sequence[str]
) -> dict[str, RuleOutcome]:
    outcomes: dict[str, RuleOutcome] = {}
    flags: dict[str, pl.Series] = {}
    of_columns: list[StatedRule] = []
    of_rows: list[StatedRule] = []
    for rule in rules:
        if rule.kind == "ColumnTypesToMatch":
            outcomes[rule.name] = type_mismatches(rule.kwargs["types"], frame)
        elif rule.kind.startswith("TableColumn"):
            of_columns.append(rule)
        elif rule.is_flagged:
            try:
                flags[rule.name] = flag_of(rule, frame)
                of_rows.append(rule)
            except (pl.exceptions.PolarsError, KeyError) as error:
                outcomes[rule.name] = {"error": f"{type(error).__name__}: {error}"}
        else:
            of_rows.append(rule)
    outcomes |= _judge_by_value(of_rows, frame, flags)
    left = [rule for rule in of_rows if rule.name not in outcomes]
    mentioned = {c for rule in left for c in rule.columns} or set(key)
    slim = for_pandas(frame.select(c for c in frame.columns if c in mentioned), left)
    outcomes |= validate(left, slim.with_columns(flags[r.name] for r in left if r.is_flagged))
    # Rules on column names need no rows. The empty frame comes last so that it replaces the full
    # one, which Great Expectations would otherwise keep in memory until the next gate.
    outcomes |= validate(of_columns, frame.clear())
    return outcomes


def _judge_by_value(
    rules: Sequence[StatedRule], frame: pl.DataFrame, flags: Mapping[str, pl.Series]
) -> dict[str, RuleOutcome]:
    """Outcomes of the rules that hold for the distinct values of a long table."""
    if frame.height < LONG_TABLE:
        return {}
    judged = [rule for rule in rules if judged_by_value(rule)]
    if not judged:
        return {}
    own_flags = [flags[rule.name] for rule in judged if rule.is_flagged]
    short = for_pandas(representatives(frame, judged, own_flags), judged)
    found = validate(judged, short)
    holds = holding(frame.height)
    return {name: holds for name, outcome in found.items() if outcome.get("success")}


def _stage_of(table: str) -> Stage:
    return STAGES[table.partition(".")[0]]


def _result(
    table: str,
    key: Sequence[str],
    rule: StatedRule,
    outcome: RuleOutcome,
    frame: pl.DataFrame,
) -> ExpectationResult:
    stated = rule.expectation
    error = outcome.get("error")
    passed = error is None and outcome["success"]
    found = outcome.get("result", {})
    by_row = "element_count" in found
    stage = _stage_of(table)
    return ExpectationResult(
        stage=stage,
        table=table,
        expectation=label_of(stated),
        column=stated.kwargs.get("column"),
        # a rule that could not be evaluated may hide any fault
        severity="critical" if error else stated.severity,
        passed=passed,
        n_evaluated=0 if error else int(found["element_count"]) if by_row else 1,
        n_failed=int(found["unexpected_count"]) if by_row else int(not passed),
        sample=() if passed else found_breaches(rule, outcome, frame, key, stage == "raw"),
        why=stated.why,
    )
