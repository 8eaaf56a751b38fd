"""Errors that a person can act on are said in words, without a traceback.

Prefect logs a traceback for whatever ends a run. For a gate that stopped, a source that could
not be had or another run that is writing, the message says all there is to know.
"""

import errno
import logging

from expectations.gate.failures import GateFailedError
from flows.cli import console
from flows.cli.standard_output import fault_of_output
from flows.cli.unexpected import outcome_in_words, standing_in_words, unexpected_message
from flows.cli.wishes import wants_tracebacks
from flows.engine.process_pool import BuildEndedError
from flows.engine.release_message import ReleaseHeldError
from flows.engine.unreadable import UnreadableSourceError
from flows.fetch.errors import FetchError
from flows.fetch.pins import LockError
from flows.home.covariates import CovariatesError
from flows.home.disk_space import DiskFullError, has_no_space, is_disk_full
from flows.home.error_words import in_words
from flows.home.guards import NothingPublishedError, UnwritableHomeError
from flows.home.memory import NoMemoryError, lacks_memory, no_memory_message
from flows.home.output_file import OutputError
from flows.home.paths import Home
from flows.home.real_figures import RealFiguresError
from flows.home.writer_lock import AnotherRunError
from flows.operations.past_state import UnknownStateError
from flows.operations.releases import ReleaseNameError
from flows.operations.rollback import NoSuchBuildError, RollbackError
from flows.runtime.ephemeral_server import ServerDidNotStartError
from flows.runtime.full_disk import message_of_run
from flows.runtime.prefect_config import ServerAwayError
from flows.runtime.runner_options import ClusterLostError, RunnerError
from warehouse.db import WarehouseMissingError

EXIT_CODES: dict[type[Exception], int] = {
    GateFailedError: 3,
    ReleaseHeldError: 3,
    UnreadableSourceError: 3,
    FetchError: 4,
    AnotherRunError: 5,
    RealFiguresError: 1,
    UnwritableHomeError: 1,
    RunnerError: 2,
    ClusterLostError: 1,
    NoSuchBuildError: 2,
    RollbackError: 1,
    WarehouseMissingError: 1,
    NothingPublishedError: 1,
    LockError: 1,
    ReleaseNameError: 2,
    CovariatesError: 2,
    BuildEndedError: 1,
    DiskFullError: 1,
    NoMemoryError: 1,
    ServerAwayError: 1,
    ServerDidNotStartError: 1,
    UnknownStateError: 2,
    OutputError: 2,
}
"""Errors that are told in words, with their exit codes as `asymmetry --help` lists them; the first
kind that one belongs to is its own."""

_OF_MACHINE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EMFILE,
    errno.ENFILE,
}
"""What a machine refuses, and no code can help: as much a state to expect as a full disk."""


def exit_code_of(error: Exception) -> int:
    """The exit code of an error; 1 for an unexpected one."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)


def end_with_message(error: Exception) -> None:
    """Ends the program with an error's message on stderr, and the exit code of its kind."""
    if fault_of_output() is not None:
        raise SystemExit(1)  # `flows.cli.main` says why
    if _comes_of_full_disk(error, home := Home.from_environment()):
        console.fail(message_of_run(home, cause=str(error)), EXIT_CODES[DiskFullError])
    is_expected = isinstance(error, tuple(EXIT_CODES))
    if not is_expected and lacks_memory(error):
        text = no_memory_message(home, outcome_in_words(), str(error))
        console.fail(text, EXIT_CODES[NoMemoryError])
    if wants_tracebacks():
        text = unexpected_message(error)
    elif is_expected:
        text = str(error)
    elif isinstance(error, OSError) and error.errno in _OF_MACHINE and error.filename:
        text = _message_of_machine(error)
    else:
        text = unexpected_message(error)
    console.fail(text, exit_code_of(error))


def _message_of_machine(error: OSError) -> str:
    """What is said of a place that lets nobody read or write, or is no file."""
    return (
        f"{in_words(error)}. As it stands: {standing_in_words()}. Mend that place, or name another"
        " one (the home: ASYMMETRY_HOME), and run the command again."
    )


def _comes_of_full_disk(error: Exception, home: Home) -> bool:
    if isinstance(error, DiskFullError):
        return False  # it says so itself
    is_expected = isinstance(error, tuple(EXIT_CODES))
    return is_disk_full(error) or (not is_expected and has_no_space(home))


class WithoutTraceback(logging.Filter):
    """Replaces the traceback of an expected error by its name."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record where it must, and keeps it."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, tuple(EXIT_CODES)):
            record.exc_info = record.exc_text = None
            record.msg, record.args = f"stopped: {type(error).__name__}", None
        return True


def hide_expected_tracebacks() -> None:
    """Keeps tracebacks of expected errors out of Prefect's logs; the message is told anyway."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(WithoutTraceback())
