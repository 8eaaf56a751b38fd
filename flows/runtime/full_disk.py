"""A full disk ends a command with one message, wherever it is met.

Polars, DuckDB, the server's SQLite and Prefect's own log each meet it in their way, at the same
time, and each would say so at length. All of them log: so every record of a log is looked at when
it is made, and the first that tells of a full disk ends the command before it is printed.
"""

import logging
from collections.abc import Callable
from typing import Any

from flows.home.disk_space import (
    bytes_needed,
    full_disk_message,
    has_no_space,
    is_disk_full,
    tells_of_full_disk,
)
from flows.home.paths import Home
from flows.home.run_record import latest_run
from flows.runtime.interrupts import end_command

EXIT_CODE = 1


def end_on_full_disk(home: Home) -> Callable[[], None]:
    """Has the command end as soon as anything logs that the disk is full.

    Args:
        home: The home.

    Returns:
        What ends the command, for those that do not log.
    """

    def end() -> None:
        end_command(EXIT_CODE, lambda outcome: message_of_run(home, outcome), "failed")

    make = logging.getLogRecordFactory()

    def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if _tells_of_full_disk(record, home):
            end()
        return record

    logging.setLogRecordFactory(make_record)
    return end


def message_of_run(home: Home, outcome: str = "", cause: str = "") -> str:
    """What is said of a run that has met a full disk.

    Args:
        home: The home.
        outcome: What is kept, in words without a full stop; as the run's record has it when empty.
        cause: The error, for a disk that is not the home's.
    """
    found = latest_run()
    if found is None:
        return full_disk_message(home, outcome, cause=cause)
    record = found[0]
    needed = None
    if not record.has_published:
        needed = bytes_needed(home, record.profile, record.planned or None)
    is_rest = bool(record.planned)
    return full_disk_message(home, outcome or record.outcome(), needed, is_rest=is_rest)


def _tells_of_full_disk(record: logging.LogRecord, home: Home) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and is_disk_full(error):
        return True
    try:
        if tells_of_full_disk(record.getMessage()):
            return True
    except (TypeError, ValueError):  # for whoever prints the record to say
        return False
    # a server that cannot write answers 500, and clients know no more
    return record.levelno >= logging.ERROR and has_no_space(home)
