"""One run: what it may replace, and the record that it leaves, however it ends.

A run is ended by itself, or from outside: by a signal (`flows.runtime.interrupts`), in a thread
that does not wait for what the run is at. The two must not contradict each other. So one lock is
held while the published file is swapped and while the record is written. Whoever ends the run
from outside takes it and keeps it: from then on nothing is published, and nothing else is written.
"""

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.home.drafts import remove_drafts
from flows.home.paths import Home
from flows.home.run_progress import begin_progress
from flows.home.secrets import without_secrets
from flows.home.writer_lock import NO_WAIT, LockTimeout, only_writer

_SECONDS_TO_DECIDE = 1.0
_CANCELLATIONS = {
    "builtins.KeyboardInterrupt",
    "asyncio.exceptions.CancelledError",
    "prefect.exceptions.TerminationSignal",
    "prefect.exceptions.CancelledRun",
}
_TIME_LIMIT = "prefect._internal.concurrency.cancellation.CancelledError"
_decision = threading.Lock()
_latest: "tuple[RunRecord, Home] | None" = None


@dataclass
class RunRecord:
    """What a run did, written to `runs/<started>-<result>.json` when it ends.

    Attributes:
        profile: Where the bytes came from.
        result: `published`, `unchanged`, `built` or `kept` (a file aside, not published),
            `rolled_back`, `failed`, `cancelled`.
        started_at: UTC.
        details: Snapshots, build id, seconds per step; grows while the run goes on.
        planned: Step name to the folder of its finished result, once the steps are planned; a
            step is finished when its folder is there. Not written.
        has_published: Whether the run has put a build in the place of the published one; the
            record then says so, whatever comes after.
        is_writer: Whether the run holds the home's writer lock.
        is_written: Whether the record is on disk.
        began: When it began, by a clock that nobody sets. Not written.
    """

    profile: str
    result: str = "failed"
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    details: dict[str, Any] = field(default_factory=dict)
    planned: Mapping[str, Path] = field(default_factory=dict)
    has_published: bool = False
    is_writer: bool = False
    is_written: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """When the run began, as the files of the run are called."""
        return f"{self.started_at:%Y%m%dT%H%M%S%f}"

    def summary(self) -> dict[str, Any]:
        """The result and the details, as a flow returns them."""
        return {"result": self.result, **self.details}

    def outcome(self) -> str:
        """What a run that did not come to its end leaves, in words without a full stop."""
        if self.has_published:
            return f"build {str(self.details.get('build_id'))[:12]} was published"
        if not self.planned:
            return "nothing was published"
        n_finished = sum(folder.is_dir() for folder in self.planned.values())
        return f"{n_finished} of {len(self.planned)} steps are kept, nothing was published"

    def end(self, result: str, error: str) -> None:
        """Notes that an error or a signal has ended the run; nothing is written yet."""
        self.details["error"] = error
        if not self.has_published:
            self.result = result
        elif self.result != "rolled_back":  # which is set before the swap
            self.result = "published"

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
            "seconds": round(time.monotonic() - self.began, 1),
            **self.details,
        }
        partial = folder / f".{self.name}.{os.getpid()}"
        try:
            written = without_secrets(json.dumps(text, indent=1, default=str))
            partial.write_text(written + "\n", "utf-8")
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        self.is_written = True
        return path


@contextmanager
def recorded_run(profile: str, home: Home, timeout: LockTimeout = NO_WAIT) -> Iterator[RunRecord]:
    """The only writer of the home for a while; leaves its record however it ends.

    What runs that died have left half-made is removed first.

    Args:
        profile: Where the bytes come from.
        home: The home.
        timeout: How long to wait for another writer.

    Yields:
        The record: `result`, `details` and `planned` are for the run to fill in.

    Raises:
        AnotherRunError: Another process is writing in this home.
    """
    with only_writer(home.path, timeout):
        record = expect_run(profile, home)
        record.is_writer = True
        progress = begin_progress()
        remove_drafts(home)
        try:
            yield record
        except BaseException as error:
            record.details["stages"] = progress.seconds_by_stage()
            if is_cancellation(error):
                record.end("cancelled", f"Interrupted; {record.outcome()}.")
            else:
                record.end("failed", f"{type(error).__name__}: {error}")
            with suppress(OSError):  # a full disk, for example: the error itself is what matters
                _write_once(record, home)
            raise
        record.details["stages"] = progress.seconds_by_stage()
        _write_once(record, home)


def expect_run(profile: str, home: Home) -> RunRecord:
    """Begins the record of a run that is about to ask for the writer lock.

    Args:
        profile: Where the bytes come from.
        home: The home.

    Returns:
        The record, which is written also if the command is ended before the run begins.
    """
    global _latest  # noqa: PLW0603 - a process is at one run at a time; signals have no arguments
    record = RunRecord(profile)
    _latest = record, home
    return record


def latest_run() -> tuple[RunRecord, Home] | None:
    """The run that this process is at, or was at last; None where there was none."""
    return _latest


@contextmanager
def swapping(published: Path) -> Iterator[None]:
    """Holds off whoever would end this run while the published file is swapped.

    Args:
        published: The file that is about to be replaced.
    """
    with _decision:
        before = _identity(published)
        try:
            yield
        finally:
            # by looking, since an error may come after the rename
            if _latest is not None and _identity(published) != before:
                _latest[0].has_published = True


def end_run(result: str, error: str | None = None) -> str | None:
    """Ends this process' run from outside, for good: the process has to end then.

    From here on the run can neither publish nor write its record any more. Its drafts are
    removed.

    Args:
        result: What it is recorded as, `cancelled` or `failed`; a run that has published keeps
            its own result.
        error: What ended it; that it was interrupted where None.

    Returns:
        The outcome in words; None where this process has no run. A record that cannot be
        written, on a full disk, is left out.
    """
    is_decided = _decision.acquire(timeout=_SECONDS_TO_DECIDE)  # never given back
    if _latest is None:
        return None
    record, home = _latest
    if not is_decided:
        return "a build was just being published: `asymmetry status` says which one is"
    remove_own_drafts()
    outcome = record.outcome()
    if not record.is_written:
        record.end(result, error or f"Interrupted; {outcome}.")
        with suppress(OSError):
            record.write(home.runs)
    return outcome


def remove_own_drafts() -> None:
    """Removes the drafts of this process' run; only for whoever has ended it."""
    if _latest is not None and _latest[0].is_writer:
        remove_drafts(_latest[1])


def is_cancellation(error: BaseException) -> bool:
    """Whether somebody has ended the run: Ctrl-C, a signal, or a click on the Prefect server.

    A run that Prefect ends because it takes too long is none: it has failed.
    """
    # by name: the home knows nothing of Prefect, and asyncio costs a command 30 ms
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    return bool(_CANCELLATIONS & names) and _TIME_LIMIT not in names


def _write_once(record: RunRecord, home: Home) -> None:
    with _decision:
        if not record.is_written:
            record.write(home.runs)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
