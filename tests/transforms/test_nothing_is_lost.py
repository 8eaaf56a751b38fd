"""Rows and values in = rows and values out + losses, for every staging and core step.

Rows are renamed, dropped and doubled at random; a step then accounts for each, or refuses the whole
with an error. What it never does is to lose one in silence.
"""

import polars as pl
import pytest
from hypothesis import given, settings

from flows.dag import STEPS
from tests.transforms.disturbances import CHANGES, disturb
from tests.transforms.disturbed_steps import CASES
from transforms.step_result import LOSS_SCHEMA


@pytest.mark.parametrize("name", CASES)
def test_the_undisturbed_step_accounts_for_every_row(name: str) -> None:
    case = CASES[name]
    inputs = dict(case.inputs())
    for what, n_in, n_out in case.account(inputs, case.build(inputs)):
        assert n_in == n_out, what
        assert n_in > 0, f"{what}: nothing went in"


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=15)
@given(changes=CHANGES)
def test_every_row_and_value_arrives_or_is_counted(
    name: str, changes: list[tuple[str, int, int]]
) -> None:
    case = CASES[name]
    inputs = disturb(case, changes)
    try:
        result = case.build(inputs)
    except (ValueError, pl.exceptions.PolarsError):
        assert {kind for kind, *_ in changes} & case.may_refuse, "refused without need"
        return
    assert set(result.losses.columns) == set(LOSS_SCHEMA)
    for what, n_in, n_out in case.account(inputs, result):
        assert n_in == n_out, what


def test_every_staging_and_core_step_is_tried() -> None:
    steps = {step.name for step in STEPS if step.stage in ("staged", "core")}
    assert steps == set(CASES)
