"""One run writes in a home at a time. The lock belongs to a process and ends with it."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flows.home.guards import need_writable

_LOCK = ".writer.lock"
_SECONDS_OF_A_LOOK = 0.1  # for which `writer_of` may hold the lock
_SECONDS_BETWEEN_TRIES = 1.0
_SECONDS_BETWEEN_WORDS = 60.0


class AnotherRunError(RuntimeError):
    """Another run is writing in this home."""


@dataclass(frozen=True)
class Writer:
    """Who holds a home's writer lock.

    Attributes:
        pid: Its process.
        host: The machine that it runs on.
        since: When it began, UTC, ISO 8601.
    """

    pid: int
    host: str
    since: str


@dataclass(frozen=True)
class LockTimeout:
    """How a run meets another one that is writing.

    Attributes:
        seconds: How long it waits for the other one to end; 0 gives up at once.
        tell: Called now and then while it waits, with words for a log.
    """

    seconds: float = 0.0
    tell: Callable[[str], None] = lambda _: None


NO_WAIT = LockTimeout()


@contextmanager
def only_writer(home: Path, timeout: LockTimeout = NO_WAIT) -> Iterator[None]:
    """Holds the home's writer lock; readers of the published file need no lock.

    Args:
        home: `$ASYMMETRY_HOME`.
        timeout: How long to wait for another writer.

    Raises:
        AnotherRunError: Another process has held it all the time; the message names its id.
        UnwritableHomeError: Nothing can be written there.
    """
    need_writable(home)
    with (home / _LOCK).open("a+", encoding="utf-8") as file:
        _lock(file, home, timeout)
        writer = Writer(os.getpid(), socket.gethostname(), _now())
        file.truncate(0)
        file.write(json.dumps(asdict(writer)))
        file.flush()
        yield


def refuse_second_writer(home: Path) -> None:
    """Says what `only_writer` would say, before anything else is started.

    Raises:
        AnotherRunError: Another process is writing in this home.
    """
    if holder := writer_of(home):
        raise AnotherRunError(_refusal(home, holder))


def writer_of(home: Path) -> Writer | None:
    """Who writes in a home at present; None where nobody does."""
    path = home / _LOCK
    if not path.is_file():
        return None
    with path.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_writer(path) or Writer(0, "unknown", "unknown")
    return None


def _lock(file: IO[str], home: Path, timeout: LockTimeout) -> None:
    began, next_words, pause = time.monotonic(), _SECONDS_OF_A_LOOK, _SECONDS_OF_A_LOOK
    while not _is_taken(file):
        waited, holder = time.monotonic() - began, _read_writer(home / _LOCK)
        if waited >= max(timeout.seconds, _SECONDS_OF_A_LOOK):
            raise AnotherRunError(_refusal(home, holder, waited if timeout.seconds else None))
        if waited >= next_words:
            next_words = waited + _SECONDS_BETWEEN_WORDS
            minutes = (timeout.seconds - waited) / 60
            timeout.tell(
                f"{_who(holder)} is writing in {home}: waiting for it to end, up to"
                f" {minutes:,.0f} minutes more"
            )
        left = max(timeout.seconds, _SECONDS_OF_A_LOOK) - waited
        time.sleep(min(pause, left))
        pause = _SECONDS_BETWEEN_TRIES


def _is_taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refusal(home: Path, holder: Writer | None, waited: float | None = None) -> str:
    waiting = "" if waited is None else f" This run has waited {waited:,.0f} s for it to end."
    return (
        f"{_who(holder)} is writing in {home}.{waiting} Nothing was changed. Wait for it to end, or"
        " give this run a home of its own with ASYMMETRY_HOME."
    )


def _who(holder: Writer | None) -> str:
    return f"Another run (process {holder.pid if holder else 'unknown'})"


def _read_writer(path: Path) -> Writer | None:
    try:
        return Writer(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
