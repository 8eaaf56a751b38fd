"""Judges what a step lost: codes that no list knows, and figures that are gone.

Most losses are meant: aggregates, territories, years outside membership. These are not: they mean
that a publisher has renamed a state or added one, and that its figures are missing from here on.
They warn, by name, and stop nothing: what is known of all other states is right. The state that has
lost its rows is found by a rule across tables (`expectations.absent_states`).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.gate.results import SAMPLE_ROWS, ExpectationResult, Stage

UNKNOWN_REASONS = ("unknown_code", "unknown_entity", "no_code", "no_match_row")
"""Reasons that say that a row belongs to nobody whom the lists know."""
MEANT_VALUES = ("not_converted", "owed_to_other_partners")
"""Reasons for which values are left out on purpose; the table says so, row by row."""

EVERY_CODE_IS_KNOWN = "every_code_is_known"
NO_VALUE_IS_LOST_ALONE = "no_value_is_lost_alone"
LOSS_RULES = (EVERY_CODE_IS_KNOWN, NO_VALUE_IS_LOST_ALONE)
"""Names of the rules, in the order in which they are reported."""

_WHY = {
    EVERY_CODE_IS_KNOWN: "the rows of a code that is in no list are missing here: a state was"
    " renamed or is new; add it to the list under transforms/reference",
    NO_VALUE_IS_LOST_ALONE: "the row is here and a figure of it is not: two parts of the source do"
    " not fit together",
}
_SHOWN = ("from_table", "code", "ccode", "column_name", "reason", "n_rows", "n_values", "example")


def loss_results(stage: Stage, table: str, losses: pl.DataFrame) -> list[ExpectationResult]:
    """Judges the losses on the way to one table.

    Args:
        stage: The gate.
        table: Full table name.
        losses: What the step lost (`transforms.step_result.LOSS_SCHEMA`), on the way to any table.

    Returns:
        One result per rule of `LOSS_RULES`, each a warning; none where nothing was lost.
    """
    own = losses.filter(pl.col("to_table") == table)
    if own.is_empty():
        return []
    values = pl.col("column_name").is_not_null()
    unknown = pl.col("reason").is_in(UNKNOWN_REASONS)
    faults = {
        EVERY_CODE_IS_KNOWN: own.filter(~values & unknown),
        NO_VALUE_IS_LOST_ALONE: own.filter(values & ~pl.col("reason").is_in(MEANT_VALUES)),
    }
    return [_result(stage, table, rule, faults[rule], own) for rule in LOSS_RULES]


def _result(
    stage: Stage, table: str, rule: str, faults: pl.DataFrame, own: pl.DataFrame
) -> ExpectationResult:
    sample: list[Mapping[str, Any]] = [
        {name: value for name, value in row.items() if value is not None}
        for row in faults.select(_SHOWN).head(SAMPLE_ROWS).to_dicts()
    ]
    lost = faults["n_values" if rule == NO_VALUE_IS_LOST_ALONE else "n_rows"].sum()
    counted = own["n_values" if rule == NO_VALUE_IS_LOST_ALONE else "n_rows"].sum()
    return ExpectationResult(
        stage=stage,
        table=table,
        expectation=rule,
        column=None,
        severity="warning",
        passed=faults.is_empty(),
        n_evaluated=max(int(counted), int(lost), 1),
        n_failed=int(lost),
        sample=tuple(sample),
        why=_WHY[rule],
    )
