"""The traps of the data, each found by the rule that guards against it."""

from collections.abc import Callable

import pytest

from expectations.gate.run import GateReport
from expectations.registry import suite_for
from expectations.suite import Suite
from tests.expectations.right_rows import Row, rows_of
from tests.expectations.wrong_estimates import BREACHES_OF_ESTIMATES
from tests.expectations.wrong_rows import BREACHES
from warehouse.contracts.read import contracts

LISTED = [*BREACHES, *BREACHES_OF_ESTIMATES]


def conditions_of(table: str) -> Suite:
    suite = suite_for(table)
    wanted = tuple(e for e in suite.expectations if e.kind == "RowsToSatisfy")
    return Suite(table, contracts()[table].key, wanted)


@pytest.mark.parametrize(("table", "right", "_"), LISTED, ids=lambda v: v if "." in v else "")
def test_a_right_row_breaks_nothing(
    gate: Callable[..., GateReport], table: str, right: Row, _: object
) -> None:
    report = gate(conditions_of(table), rows_of(table, right))
    assert [r.expectation for r in report.failures] == []


@pytest.mark.parametrize("table", [table for table, _, _ in LISTED])
def test_each_wrong_row_is_found_by_its_rule(gate: Callable[..., GateReport], table: str) -> None:
    ((right, listed),) = [(right, listed) for name, right, listed in LISTED if name == table]
    frame = rows_of(table, *(right | change for _, change in listed))
    found = {r.expectation: r for r in gate(conditions_of(table), frame).failures}
    key = contracts()[table].key
    for rule, change in listed:
        keys = [{c: breach[c] for c in key} for breach in found[rule].sample]
        assert {c: (right | change)[c] for c in key} in keys, rule


@pytest.mark.parametrize("table", [table for table, _, _ in LISTED])
def test_every_condition_of_these_suites_has_a_wrong_row(table: str) -> None:
    ((listed),) = [listed for name, _, listed in LISTED if name == table]
    stated = {e.kwargs["name"] for e in conditions_of(table).expectations}
    assert stated - {rule for rule, _ in listed} <= {"session_is_plausible"}
