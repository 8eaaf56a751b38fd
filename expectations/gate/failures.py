"""Failed rules as text, and the error that stops a build."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from expectations.gate.results import ExpectationResult, GateReport
from expectations.shown_text import inert, shown

_SHOWN_ROWS = 5
_INDENT = " " * 11


def message_of(reports: Sequence[GateReport]) -> str:
    """The message that stops a build: what failed, which keys, what is intact, what to do.

    Args:
        reports: The reports of the gates that stop.
    """
    return inert("\n".join(_message_lines(reports)))


def failure_lines(result: ExpectationResult) -> list[str]:
    """One failing rule as lines of text: rule, count, reason, first failing keys."""
    lines = [
        f"  {result.severity:<8} {result.expectation}: {_extent(result)}",
        f"{_INDENT}why it matters: {result.why}",
    ]
    lines += [f"{_INDENT}{_named(breach)}" for breach in result.sample[:_SHOWN_ROWS]]
    if (hidden := result.n_failed - min(_SHOWN_ROWS, len(result.sample))) > 0:
        lines.append(f"{_INDENT}… and {hidden:,} more")
    return lines


def _message_lines(reports: Sequence[GateReport]) -> Iterator[str]:
    for report in reports:
        stated = f"{len(report.failures)} of {report.n_evaluated} rules do not hold"
        yield f"The {report.stage} gate stopped {report.table}: {stated}."
        for result in report.failures:
            yield from failure_lines(result)
    yield "Nothing of this build was published; the snapshots and the published warehouse are"
    yield "untouched. Compare these rows with the publisher's file. If the source has changed,"
    yield "correct its staging module or, with a reason, its suite under expectations/; if our"
    yield "code is wrong, the step that makes the table is the place."


def _extent(result: ExpectationResult) -> str:
    if result.n_evaluated == 0:
        return "could not be evaluated"
    if result.n_evaluated == 1:
        return "does not hold"
    return f"{result.n_failed:,} of {result.n_evaluated:,} do not hold"


def _named(breach: Mapping[str, Any]) -> str:
    return "  ".join(f"{shown(name)}={shown(str(value))}" for name, value in breach.items())


class GateFailedError(Exception):
    """A critical rule does not hold; the message shows rules and failing keys.

    Args:
        reports: The reports of the gates concerned.
    """

    def __init__(self, reports: Sequence[GateReport]) -> None:
        self.reports = tuple(reports)
        super().__init__(message_of(reports))


def raise_if_stopped(reports: Sequence[GateReport]) -> None:
    """Stops the build when a critical rule of any report does not hold.

    Raises:
        GateFailedError: Its message lists every failing rule of the reports that stop.
    """
    if stopping := [report for report in reports if report.stops]:
        raise GateFailedError(stopping)
