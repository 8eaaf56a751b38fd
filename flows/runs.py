"""One run: its id, its lock (one writer), and the record that it leaves."""

import fcntl
import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from flows.settings import Settings

_LOCK = ".writer.lock"
_SECONDS_OF_A_LOOK = 0.1


class AnotherRunError(RuntimeError):
    """Another run is writing in this home."""


class RealFiguresError(RuntimeError):
    """The simulated world would take the place of real figures."""


def keep_real_figures(published: tuple[Any, ...] | None, profile: str, settings: Settings) -> None:
    """Refuses to publish the simulated world over real figures.

    Args:
        published: The published build (`warehouse.catalog.published_build`), if any.
        profile: What is about to be built.
        settings: Names the home in the message.

    Raises:
        RealFiguresError: The published build is real and the profile is `sample`.
    """
    if profile == "sample" and published is not None and not published[2]:
        raise RealFiguresError(
            f"{settings.warehouse} holds real figures (build {str(published[0])[:12]}, profile"
            f" {published[1]}), and profile sample would replace them with simulated ones. Nothing"
            " was changed. Give the simulated world a home of its own: ASYMMETRY_HOME=var-sample"
            " asymmetry refresh. For real figures name the profile: --profile live or mirror."
        )


def need_writable(home: Path) -> None:
    """Makes the home, or says why it cannot be.

    Raises:
        UnwritableHomeError: The home is no folder, or nothing can be written in it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise UnwritableHomeError(
            f"Nothing can be written in {home} ({error.strerror or error}). Nothing was changed."
            " Set ASYMMETRY_HOME to a folder of yours."
        ) from error


class UnwritableHomeError(RuntimeError):
    """The home cannot be written."""


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


@contextmanager
def only_writer(home: Path) -> Iterator[None]:
    """Holds the home's writer lock; readers of the published file need no lock.

    The lock belongs to the process: it is gone when the process ends, however it ends.

    Raises:
        AnotherRunError: Another process holds it; the message names its id.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / _LOCK
    with path.open("a+", encoding="utf-8") as file:
        try:
            _lock(file)
        except BlockingIOError as error:
            holder = _read_writer(path)
            who = f"process {holder.pid}" if holder else "process unknown"
            raise AnotherRunError(
                f"Another run ({who}) is writing in {home}. Nothing was changed."
                " Wait for it to end, or give this run a home of its own with ASYMMETRY_HOME."
            ) from error
        writer = Writer(os.getpid(), socket.gethostname(), _now())
        file.truncate(0)
        file.write(json.dumps(asdict(writer)))
        file.flush()
        yield


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


def _lock(file: IO[str]) -> None:
    """Takes the lock; a second try, since `writer_of` holds it for a moment to look."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_SECONDS_OF_A_LOOK)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_writer(path: Path) -> Writer | None:
    try:
        return Writer(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class RunRecord:
    """What a run did, written to `runs/<started>-<result>.json` when it ends.

    Attributes:
        profile: Where the bytes came from.
        result: `published`, `unchanged`, `built` or `kept` (a file aside, not published), `failed`.
        started_at: UTC.
        details: Snapshots, build id, seconds per step; grows while the run goes on.
    """

    profile: str
    result: str = "failed"
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """When the run began, as the files of the run are called."""
        return f"{self.started_at:%Y%m%dT%H%M%S%f}"

    def told(self) -> dict[str, Any]:
        """The result and the details, as a flow returns them."""
        return {"result": self.result, **self.details}

    def write(self, folder: Path) -> Path:
        """Writes the record into `$ASYMMETRY_HOME/runs`, and returns the file."""
        folder.mkdir(parents=True, exist_ok=True)
        ended_at = datetime.now(UTC)
        path = folder / f"{self.name}-{self.result}.json"
        text = {
            "profile": self.profile,
            "result": self.result,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ended_at": ended_at.isoformat(timespec="seconds"),
            "seconds": round((ended_at - self.started_at).total_seconds(), 1),
            **self.details,
        }
        path.write_text(json.dumps(text, indent=1, default=str) + "\n", "utf-8")
        return path


@contextmanager
def recorded_run(profile: str, settings: Settings) -> Iterator[RunRecord]:
    """The only writer of the home for a while; leaves its record however it ends.

    Args:
        profile: Where the bytes come from.
        settings: The home.

    Yields:
        The record: `result` and `details` are for the run to fill in.

    Raises:
        AnotherRunError: Another process is writing in this home.
    """
    record = RunRecord(profile)
    with only_writer(settings.home):
        try:
            yield record
        except BaseException as error:
            record.result = "failed"
            record.details["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            record.write(settings.runs)
