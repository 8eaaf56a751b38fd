"""Runs a suite against a table. The only module that knows Great Expectations.

Great Expectations validates pandas frames, so the columns that the rules mention are
converted, and only those. It counts breaches; the failing rows are then picked from the
Polars frame (`expectations.breaches`), because its own row index takes half a minute on a
million rows.
"""

import logging
import os
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any

import polars as pl
import polars.selectors as cs

from expectations.breaches import StatedRule, flag_of, found_breaches, label_of, type_mismatches
from expectations.representatives import judged_by_value, representatives
from expectations.results import SAMPLE_ROWS, ExpectationResult, GateReport, Stage
from expectations.row_counts import row_count_results
from expectations.shape import TableShape, implied_expectations
from expectations.suite import Suite

__all__ = ["GateError", "GateReport", "run_gate", "warm_up"]

STAGES: dict[str, Stage] = {
    "raw": "raw",
    "staging": "staged",
    "core": "core",
    "marts": "marts",
    "metrics": "metrics",
}
_LONG_TABLE = 50_000
_NANOSECONDS = pl.Datetime("ns")
# Great Expectations keeps one batch per data source: gates of two threads take turns
_TURN = Lock()

Outcome = Mapping[str, Any]


class GateError(RuntimeError):
    """The gate itself is at fault; nothing can be said about the table."""


def run_gate(
    suite: Suite,
    frame: pl.DataFrame,
    contract: TableShape | None = None,
    *,
    snapshot_id: str | None = None,
) -> GateReport:
    """Runs the gate of one table.

    Args:
        suite: What is expected of the table beyond its contract.
        frame: The table.
        contract: The contract's shape; `None` for raw tables, which have no contract.
        snapshot_id: Snapshot that the rows come from; where `row_counts.csv` pins its row
            counts, they must hold exactly.

    Returns:
        One result per stated rule. A rule that raised an error counts as a critical failure.
        The caller decides what to do (`GateReport.raise_if_stopped`).

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
    stage = STAGES[suite.table.partition(".")[0]]
    with _TURN:
        outcomes = _evaluate(rules, frame, suite.key)
    assert_all_evaluated(suite.table, rules, outcomes)
    results = [_result(stage, suite, rule, outcomes[rule.name], frame) for rule in rules]
    results += row_count_results(stage, suite.table, snapshot_id, frame)
    return GateReport(stage, suite.table, tuple(results))


def warm_up() -> None:
    """Imports Great Expectations (5 to 10 s); call it in a thread while bytes are fetched."""
    with _TURN:
        _great_expectations()


def assert_all_evaluated(
    table: str, rules: Sequence[StatedRule], outcomes: Mapping[str, Outcome]
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


@cache
def _great_expectations() -> tuple[Any, Any]:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx

    # it tells of its temporary folders; what it finds is told by the reports
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("table")
    return gx, asset.add_batch_definition_whole_dataframe("rows")


def _evaluate(
    rules: Sequence[StatedRule], frame: pl.DataFrame, key: Sequence[str]
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
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
    slim = _for_pandas(frame.select(c for c in frame.columns if c in mentioned), left)
    outcomes |= _validate(left, slim.with_columns(flags[r.name] for r in left if r.is_flagged))
    # names need no rows; being last, the empty frame also takes the place of the full one,
    # which Great Expectations would hold on to until the next gate
    outcomes |= _validate(of_columns, frame.clear())
    return outcomes


def _judge_by_value(
    rules: Sequence[StatedRule], frame: pl.DataFrame, flags: Mapping[str, pl.Series]
) -> dict[str, Outcome]:
    """Outcomes of the rules that a long table's distinct values show to hold."""
    if frame.height < _LONG_TABLE:
        return {}
    judged = [rule for rule in rules if judged_by_value(rule)]
    if not judged:
        return {}
    own_flags = [flags[rule.name] for rule in judged if rule.is_flagged]
    short = _for_pandas(representatives(frame, judged, own_flags), judged)
    found = _validate(judged, short)
    holding = _holding(frame.height)
    return {name: holding for name, outcome in found.items() if outcome.get("success")}


def _for_pandas(frame: pl.DataFrame, rules: Sequence[StatedRule]) -> pl.DataFrame:
    # Great Expectations compares 64-bit numbers and nanoseconds as arrays, and every other
    # width value by value in Python: four seconds a column instead of a hundredth
    wide = frame.cast({cs.integer(): pl.Int64, cs.float(): pl.Float64, cs.date(): _NANOSECONDS})
    if frame.height < _LONG_TABLE:
        return wide
    # pandas hashes and compares a million strings slowly, a million category codes at once
    matched = {c for rule in rules if "Regex" in rule.kind for c in rule.columns}
    strings = [c for c, t in frame.schema.items() if t == pl.String and c not in matched]
    return wide.with_columns(pl.col(strings).cast(pl.Categorical))


def _validate(rules: Sequence[StatedRule], frame: pl.DataFrame) -> dict[str, Outcome]:
    """Asks first which rules hold, which is cheaper, and then for the breaches of the others."""
    if not rules:
        return {}
    gx, rows = _great_expectations()
    outcomes: dict[str, Outcome] = {}
    translated = {}
    for rule in rules:
        try:
            translated[rule.name] = _translate(gx, rule)
        except (AttributeError, TypeError, ValueError) as error:
            outcomes[rule.name] = {"error": f"{type(error).__name__}: {error}"}
    batch = rows.get_batch({"dataframe": frame.to_pandas()})
    # of a rule that holds in every row there is nothing more to ask
    plain = {rule.name for rule in rules if rule.is_of_every_row} & set(translated)
    found = _asked(gx, batch, [translated[name] for name in plain], "BOOLEAN_ONLY")
    for name in plain:
        if found[name].get("success"):
            outcomes[name] = _holding(frame.height)
            del translated[name]
    return outcomes | _asked(gx, batch, translated.values(), "BASIC")


def _asked(gx: Any, batch: Any, expectations: Collection[Any], wanted: str) -> dict[str, Outcome]:
    if not expectations:
        return {}
    suite = gx.ExpectationSuite(name="gate", expectations=list(expectations))
    told = {"result_format": wanted, "partial_unexpected_count": SAMPLE_ROWS}
    results = batch.validate(suite, result_format=told).results
    return {found.expectation_config.meta["rule"]: _outcome(found) for found in results}


def _holding(n_rows: int) -> Outcome:
    return {"success": True, "result": {"element_count": n_rows, "unexpected_count": 0}}


def _translate(gx: Any, rule: StatedRule) -> Any:
    meta = {"rule": rule.name}
    if rule.is_flagged:
        return gx.expectations.ExpectColumnValuesToBeInSet(
            column=rule.name, value_set=[True], meta=meta
        )
    return getattr(gx.expectations, f"Expect{rule.kind}")(**rule.kwargs, meta=meta)


def _outcome(found: Any) -> Outcome:
    info = found.exception_info or {}
    raised = info if "raised_exception" in info else next(iter(info.values()), {})
    if raised.get("raised_exception"):
        return {"error": raised["exception_message"]}
    return {"success": bool(found.success), "result": found.result}


def _result(
    stage: Stage, suite: Suite, rule: StatedRule, outcome: Outcome, frame: pl.DataFrame
) -> ExpectationResult:
    stated = rule.expectation
    error = outcome.get("error")
    passed = error is None and outcome["success"]
    found = outcome.get("result", {})
    by_row = "element_count" in found
    return ExpectationResult(
        stage=stage,
        table=suite.table,
        expectation=label_of(stated),
        column=stated.kwargs.get("column"),
        # what could not be evaluated may hide anything
        severity="critical" if error else stated.severity,
        passed=passed,
        n_evaluated=0 if error else int(found["element_count"]) if by_row else 1,
        n_failed=int(found["unexpected_count"]) if by_row else int(not passed),
        sample=() if passed else found_breaches(rule, outcome, frame, suite, stage == "raw"),
        why=stated.why,
    )
