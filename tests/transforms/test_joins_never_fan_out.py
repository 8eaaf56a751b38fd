"""Properties: joins never fan out, and a step that runs twice gives the same.

A join that fans out doubles a row of its table: the key that the contract names is then no key any
more. Inputs are the small world of each core step, with rows renamed and dropped at random; keys of
the inputs stay keys, as the gates before have seen to.
"""

import polars as pl
import pytest
from hypothesis import assume, given, settings

from tests.transforms.disturbances import CHANGES, disturb
from tests.transforms.disturbed_steps import CASES, DOUBLED
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

CORE = [name for name in CASES if name.startswith("core.")]
Changes = list[tuple[str, int, int]]


def built(name: str, inputs: dict[str, pl.DataFrame]) -> StepResult | None:
    """What the step makes; None where it refuses the whole."""
    try:
        return CASES[name].build(inputs)
    except (ValueError, pl.exceptions.PolarsError):
        return None


@pytest.mark.parametrize("name", CORE)
@settings(max_examples=6)
@given(changes=CHANGES)
def test_no_row_of_a_core_table_is_there_twice(name: str, changes: Changes) -> None:
    assume(all(kind != DOUBLED for kind, *_ in changes))
    inputs = disturb(CASES[name], changes)
    result = built(name, inputs)
    if result is None:
        return
    for table, frame in result.tables.items():
        key = list(contracts()[table].key)
        doubled = frame.filter(frame.select(key).is_duplicated())
        assert doubled.is_empty(), f"{table}: {doubled.select(key).head(3)}"


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=3)
@given(changes=CHANGES)
def test_a_step_that_runs_twice_gives_the_same_in_the_same_order(
    name: str, changes: Changes
) -> None:
    inputs = disturb(CASES[name], changes)
    one = built(name, {argument: frame.clone() for argument, frame in inputs.items()})
    other = built(name, inputs)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert one.losses.equals(other.losses)
    for table, frame in one.tables.items():
        assert frame.equals(other.tables[table]), table


def test_most_of_the_undisturbed_steps_do_make_rows() -> None:
    results = [built(name, dict(CASES[name].inputs())) for name in CORE]
    n_with_rows = sum(any(f.height for f in r.tables.values()) for r in results if r is not None)
    assert n_with_rows > len(CORE) * 3 // 4
