"""Errors that a person can act on are told in words, without a traceback.

Prefect logs a traceback for whatever ends a run. For a gate that stopped, a source that could
not be had or another run that is writing, the message says all there is to know.
"""

import logging

from expectations.results import GateFailedError
from flows.covariates import CovariatesError
from flows.fetch.errors import FetchError
from flows.rollback import NoSuchBuildError
from flows.runs import RealFiguresError, UnwritableHomeError
from flows.step_processes import BuildEndedError
from flows.workers import RunnerError
from flows.writer_lock import AnotherRunError

EXIT_CODES: dict[type[Exception], int] = {
    GateFailedError: 3,
    FetchError: 4,
    AnotherRunError: 5,
    RealFiguresError: 1,
    UnwritableHomeError: 1,
    RunnerError: 2,
    NoSuchBuildError: 2,
    CovariatesError: 2,
    BuildEndedError: 1,
}
"""Errors that are told in words, with their exit codes as `asymmetry --help` lists them."""


def exit_code_of(error: Exception) -> int:
    """The exit code of an error; 1 for an unexpected one."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)


class WithoutTraceback(logging.Filter):
    """Replaces the traceback of an expected error by its name."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record where it must, and keeps it."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, tuple(EXIT_CODES)):
            record.exc_info = None
            record.msg, record.args = f"stopped: {type(error).__name__}", None
        return True


def hide_expected_tracebacks() -> None:
    """Keeps tracebacks of expected errors out of Prefect's logs; the message is told anyway."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(WithoutTraceback())
