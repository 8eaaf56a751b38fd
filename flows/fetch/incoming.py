"""A temporary file for incoming bytes: hashed, counted and bounded as it is written."""

import hashlib
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from flows.home.drafts import beginning_draft, is_alive

ABANDONED_AFTER_SECONDS = 24 * 3600
PROGRESS_SECONDS = 0.25


class TooLargeError(ValueError):
    """More bytes came than the declaration allows."""


@dataclass(frozen=True)
class Progress:
    """Progress of a download.

    Attributes:
        slug: The source.
        bytes_done: Bytes received so far, as they travel (compressed where they are).
        bytes_total: Bytes announced; `None` where the host says nothing.
        bytes_per_second: Mean rate since the start.
        seconds_left: At that rate; `None` where the total is unknown.
        is_done: True in the last report only.
    """

    slug: str
    bytes_done: int
    bytes_total: int | None
    bytes_per_second: float
    seconds_left: float | None
    is_done: bool


ProgressCallback = Callable[[Progress], None]


class Meter:
    """Turns byte counts into a few `Progress` reports a second."""

    def __init__(self, slug: str, total: int | None, report: ProgressCallback | None) -> None:
        self._slug, self._total, self._report = slug, total, report
        self._start = self._last = time.monotonic()
        self._done = 0

    def add(self, n_bytes: int) -> None:
        """Counts bytes and reports when it is time to."""
        self._done += n_bytes
        now = time.monotonic()
        if now - self._last >= PROGRESS_SECONDS:
            self._last = now
            self._send(now, is_done=False)

    def finish(self) -> None:
        """Reports the end."""
        self._send(time.monotonic(), is_done=True)

    def _send(self, now: float, *, is_done: bool) -> None:
        if self._report is None:
            return
        rate = self._done / max(now - self._start, 1e-6)
        left = None
        if self._total is not None:
            left = max(self._total - self._done, 0) / rate if rate else None
        self._report(Progress(self._slug, self._done, self._total, rate, left, is_done))


class IncomingFile:
    """A temporary file in the snapshot store's own file system, removed unless it is taken.

    Use as a context manager; `keep()` stops the removal (the store has moved the file away).
    """

    def __init__(self, folder: Path, slug: str, max_bytes: int) -> None:
        """Opens the file.

        Args:
            folder: Where to put it; created where it is missing.
            slug: The source, for the file's name.
            max_bytes: `write` refuses to go beyond.
        """
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        # the process' id, so that it can remove its own when it is interrupted
        self.path = folder / f"{slug}-{os.getpid()}-{uuid.uuid4().hex}"
        self.n_bytes = 0
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        with beginning_draft():
            self._file = self.path.open("xb")

    def write(self, chunk: bytes) -> None:
        """Appends.

        Raises:
            TooLargeError: The file would exceed its bound.
        """
        self.n_bytes += len(chunk)
        if self.n_bytes > self._max_bytes:
            raise TooLargeError(
                f"more than the {self._max_bytes:,} bytes that its declaration allows (max_bytes)"
            )
        self._hash.update(chunk)
        self._file.write(chunk)

    def restart(self) -> None:
        """Empties the file for another attempt."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self.n_bytes = 0

    def close(self) -> None:
        """Writes everything through to the disk."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    @property
    def sha256(self) -> str:
        """Hash of what was written, in hex."""
        return self._hash.hexdigest()

    def __enter__(self) -> "IncomingFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Removes files of killed processes once they are a day old.

    A clock that is set forward makes what another process is fetching look as old.
    """
    for abandoned in folder.iterdir():
        process = abandoned.name.rpartition("-")[0].rpartition("-")[2]
        if process == str(os.getpid()) or is_alive(process):
            continue
        with suppress(OSError):
            if time.time() - abandoned.stat().st_mtime > ABANDONED_AFTER_SECONDS:
                if abandoned.is_dir():
                    for part in abandoned.iterdir():
                        part.unlink()
                    abandoned.rmdir()
                else:
                    abandoned.unlink()
