"""Great Expectations takes seconds to import: once for the whole session."""

from collections.abc import Callable

import polars as pl
import pytest

from expectations.gate.results import ExpectationResult
from expectations.gate.run import GateReport, run_gate, warm_up
from expectations.suite import Expectation, Suite

Found = dict[str, ExpectationResult]


@pytest.fixture(scope="session")
def gate() -> Callable[..., GateReport]:
    warm_up()
    return run_gate


@pytest.fixture(scope="session")
def check(gate: Callable[..., GateReport]) -> Callable[..., ExpectationResult]:
    """Evaluates one expectation on a frame whose key is `id`."""

    def evaluate(expectation: Expectation, frame: pl.DataFrame) -> ExpectationResult:
        (result,) = gate(Suite("core.invented", ("id",), (expectation,)), frame).results
        return result

    return evaluate
