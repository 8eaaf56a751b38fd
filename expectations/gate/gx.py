"""Validates rows with Great Expectations: the only module that imports it.

Great Expectations validates pandas frames; only the columns that rules mention are converted.
"""

import logging
import os
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl
import polars.selectors as cs

from expectations.gate.results import SAMPLE_ROWS
from expectations.gate.rules import StatedRule

RuleOutcome = Mapping[str, Any]
LONG_TABLE = 50_000
_NANOSECONDS = pl.Datetime("ns")


@cache
def open_great_expectations() -> tuple[Any, Any]:
    """The library (5 to 10 s to import) and its batch definition; opened once."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    import great_expectations as gx

    # at INFO it logs temporary folders; results are in our own reports
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("table")
    return gx, asset.add_batch_definition_whole_dataframe("rows")


def validate(rules: Sequence[StatedRule], frame: pl.DataFrame) -> dict[str, RuleOutcome]:
    """Evaluates rules on a frame.

    A first pass finds the rules that hold (`BOOLEAN_ONLY`, cheaper); a second one counts the
    breaches of the others (`BASIC`).

    Args:
        rules: The rules.
        frame: As `for_pandas` prepares it, with a Boolean column for each flagged rule.

    Returns:
        Rule name to outcome: `success` and `result`, or `error` where it could not be evaluated.
    """
    if not rules:
        return {}
    gx, rows = open_great_expectations()
    outcomes: dict[str, RuleOutcome] = {}
    translated = {}
    for rule in rules:
        try:
            translated[rule.name] = _translate(gx, rule)
        except (AttributeError, TypeError, ValueError) as error:
            outcomes[rule.name] = {"error": f"{type(error).__name__}: {error}"}
    batch = rows.get_batch({"dataframe": frame.to_pandas()})
    # a rule that holds in every row needs no second pass
    plain = {rule.name for rule in rules if rule.is_of_every_row} & set(translated)
    found = _run(gx, batch, [translated[name] for name in plain], "BOOLEAN_ONLY")
    for name in plain:
        if found[name].get("success"):
            outcomes[name] = holding(frame.height)
            del translated[name]
    return outcomes | _run(gx, batch, translated.values(), "BASIC")


def release_rows() -> None:
    """Has Great Expectations forget the last frame, which it would keep until the next one."""
    _, rows = open_great_expectations()
    rows.get_batch({"dataframe": pl.DataFrame().to_pandas()})


def _run(
    gx: Any, batch: Any, expectations: Collection[Any], result_format: str
) -> dict[str, RuleOutcome]:
    if not expectations:
        return {}
    suite = gx.ExpectationSuite(name="gate", expectations=list(expectations))
    wanted = {"result_format": result_format, "partial_unexpected_count": SAMPLE_ROWS}
    results = batch.validate(suite, result_format=wanted).results
    return {found.expectation_config.meta["rule"]: _outcome(found) for found in results}


def _translate(gx: Any, rule: StatedRule) -> Any:
    meta = {"rule": rule.name}
    if rule.is_flagged:
        return gx.expectations.ExpectColumnValuesToBeInSet(
            column=rule.name, value_set=[True], meta=meta
        )
    return getattr(gx.expectations, f"Expect{rule.kind}")(**rule.kwargs, meta=meta)


def _outcome(found: Any) -> RuleOutcome:
    info = found.exception_info or {}
    raised = info if "raised_exception" in info else next(iter(info.values()), {})
    if raised.get("raised_exception"):
        return {"error": raised["exception_message"]}
    return {"success": bool(found.success), "result": found.result}


def for_pandas(frame: pl.DataFrame, rules: Sequence[StatedRule]) -> pl.DataFrame:
    """The frame in the types that Great Expectations compares fast."""
    # 64-bit numbers and nanoseconds are compared as arrays, every other width value by value in
    # Python: four seconds per column instead of a hundredth of a second
    wide = frame.cast({cs.integer(): pl.Int64, cs.float(): pl.Float64, cs.date(): _NANOSECONDS})
    if frame.height < LONG_TABLE:
        return wide
    # pandas compares a million category codes much faster than a million strings
    matched = {c for rule in rules if "Regex" in rule.kind for c in rule.columns}
    strings = [c for c, t in frame.schema.items() if t == pl.String and c not in matched]
    return wide.with_columns(pl.col(strings).cast(pl.Categorical))


def holding(n_rows: int) -> RuleOutcome:
    """The outcome of a rule that holds in every one of so many rows."""
    return {"success": True, "result": {"element_count": n_rows, "unexpected_count": 0}}
