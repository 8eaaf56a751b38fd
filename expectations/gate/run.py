"""Runs a suite against a table.

Great Expectations judges the suite by what Polars has counted and collected
(`expectations.gate.evidence`). What does not hold by that, it evaluates on all rows
(`expectations.gate.gx`); the failing rows are then selected from the Polars frame
(`expectations.gate.breaches`), because the row index of Great Expectations takes half a minute on a
million rows.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from threading import Lock

import polars as pl

from expectations.gate.breaches import found_breaches
from expectations.gate.contract_rules import TableShape, implied_expectations
from expectations.gate.coverage import DatedColumn, coverage_results
from expectations.gate.evidence import N_BREACHES, Evidence, gather
from expectations.gate.gx import (
    RuleOutcome,
    for_pandas,
    holding,
    open_great_expectations,
    release_rows,
    validate,
)
from expectations.gate.losses import loss_results
from expectations.gate.results import ExpectationResult, GateReport, Stage
from expectations.gate.row_counts import row_count_results
from expectations.gate.rules import StatedRule, flag_of, label_of, type_mismatches
from expectations.suite import Suite, expect

__all__ = ["GateError", "GateReport", "gather_evidence", "run_gate", "warm_up"]

STAGES: dict[str, Stage] = {
    "raw": "raw",
    "staging": "staged",
    "core": "core",
    "marts": "marts",
    "metrics": "metrics",
}
_NO_BREACH = StatedRule(
    "no rule is broken",
    expect(
        "ColumnValuesToBeBetween",
        "the number of breaches of each counted rule",
        column=N_BREACHES,
        min_value=0,
        max_value=0,
    ),
)
_TABLE_HOLDS: RuleOutcome = {"success": True, "result": {}}
# Great Expectations keeps one batch per data source, so only one frame is judged at a time
_ONE_AT_A_TIME = Lock()


class GateError(RuntimeError):
    """The gate is faulty; the table was not evaluated."""


def gather_evidence(suite: Suite, frame: pl.DataFrame, contract: TableShape | None) -> Evidence:
    """What `run_gate` judges a table by while its rules hold, gathered where its rows are.

    Args:
        suite: What is expected of the table beyond its contract.
        frame: The table.
        contract: The contract's shape; None for a raw table.
    """
    return gather(_rules_of(suite, contract), frame)


def run_gate(
    suite: Suite,
    frame: pl.DataFrame | Callable[[], pl.DataFrame],
    contract: TableShape | None = None,
    *,
    snapshot_id: str | None = None,
    dated: Sequence[DatedColumn] = (),
    losses: pl.DataFrame | None = None,
    evidence: Evidence | None = None,
) -> GateReport:
    """Runs the gate of one table.

    Args:
        suite: What is expected of the table beyond its contract.
        frame: The table, or what reads it: where there is evidence, only a table that breaks a
            rule, comes from a snapshot or is dated has to be looked at.
        contract: The contract's shape, with the key that names rows in reports; `None` for raw
            tables, which have no contract: their suite states the key.
        snapshot_id: Snapshot that the rows come from; where `row_counts.csv` pins its row
            counts, they must hold exactly.
        dated: The columns that date the rows of a staging table, with the bounds that its source
            declares.
        losses: What the step lost (`transforms.step_result.LOSS_SCHEMA`); what is not meant to be
            lost on the way to this table warns (`expectations.gate.losses`).
        evidence: What `gather_evidence` has found in these rows; it is gathered here unless given.

    Returns:
        One result per stated rule. A rule that raised an error counts as a critical failure.
        The caller decides what to do (`expectations.gate.failures.raise_if_stopped`).

    Raises:
        GateError: There is nothing to evaluate, the contract is another table's, or the
            number of results is not the number of stated rules.
    """
    rules = _rules_of(suite, contract)

    @cache
    def rows() -> pl.DataFrame:
        return frame if isinstance(frame, pl.DataFrame) else frame()

    key = contract.key if contract else suite.key
    found = evidence or gather(rules, rows())
    with _ONE_AT_A_TIME:
        outcomes = _judge_by_evidence(rules, found)
        if left := [rule for rule in rules if rule.name not in outcomes]:
            outcomes |= _evaluate(left, rows(), key)
    assert_all_evaluated(suite.table, rules, outcomes)
    results = [_result(suite.table, key, rule, outcomes[rule.name], rows) for rule in rules]
    stage = _stage_of(suite.table)
    if snapshot_id:
        results += row_count_results(stage, suite.table, snapshot_id, rows())
    if dated:
        results += coverage_results(stage, suite.table, rows(), key, dated)
    if losses is not None:
        results += loss_results(stage, suite.table, losses)
    return GateReport(stage, suite.table, tuple(results))


def _rules_of(suite: Suite, contract: TableShape | None) -> list[StatedRule]:
    """The rules on a table, those of its contract first."""
    if contract is not None and contract.table != suite.table:
        raise GateError(f"the suite of {suite.table} was given the contract of {contract.table}")
    implied = implied_expectations(contract) if contract else ()
    rules = [StatedRule(f"rule_{i}", e) for i, e in enumerate((*implied, *suite.expectations))]
    if not rules:
        raise GateError(
            f"{suite.table}: no rule to evaluate, and a gate without rules would let anything"
            " pass; state its columns in its suite under expectations/"
        )
    return rules


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


def _judge_by_evidence(rules: Sequence[StatedRule], evidence: Evidence) -> dict[str, RuleOutcome]:
    """Outcomes of the rules that hold by counts and distinct values; of the others, none."""
    judged = [rule for rule in rules if evidence.has_values_for(rule)]
    if evidence.breaches:
        judged.append(_NO_BREACH)
    found = validate(judged, for_pandas(evidence.frame, judged))
    good = {name for name, outcome in found.items() if outcome.get("success")}
    if _NO_BREACH.name in good:
        good |= set(evidence.breaches)
    else:
        good |= {name for name, n_breaches in evidence.breaches.items() if n_breaches == 0}
    held = holding(evidence.n_rows)
    return {
        rule.name: held if rule.is_of_every_row else _TABLE_HOLDS
        for rule in rules
        if rule.name in good
    }


def _evaluate(
    rules: Sequence[StatedRule], frame: pl.DataFrame, key: Sequence[str]
) -> dict[str, RuleOutcome]:
    """Outcomes of rules on all rows: how many break each, and which."""
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
    mentioned = {c for rule in of_rows for c in rule.columns} or set(key)
    slim = for_pandas(frame.select(c for c in frame.columns if c in mentioned), of_rows)
    outcomes |= validate(of_rows, slim.with_columns(flags.values()))
    outcomes |= validate(of_columns, frame.clear())  # they need no rows
    release_rows()
    return outcomes


def _stage_of(table: str) -> Stage:
    return STAGES[table.partition(".")[0]]


def _result(
    table: str,
    key: Sequence[str],
    rule: StatedRule,
    outcome: RuleOutcome,
    rows: Callable[[], pl.DataFrame],
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
        sample=() if passed else found_breaches(rule, outcome, rows(), key, stage == "raw"),
        why=stated.why,
    )
