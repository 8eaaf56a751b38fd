"""One run: its id, its lock (one writer), and the record that it leaves."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class AnotherRunError(RuntimeError):
    """Another run is writing in this home."""


@contextmanager
def only_writer(home: Path) -> Iterator[None]:
    """Holds the home's writer lock; readers of the published file need no lock.

    The lock belongs to the process: it is gone when the process ends, however it ends.

    Raises:
        AnotherRunError: Another process holds it; the message names its id.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / ".writer.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise AnotherRunError(
                f"Another run (process {holder}) is writing in {home}. Nothing was changed."
                " Wait for it to end, or give this run a home of its own with ASYMMETRY_HOME."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@dataclass
class RunRecord:
    """What a run did, written to `runs/<started>-<result>.json` when it ends.

    Attributes:
        profile: Where the bytes came from.
        started_at: UTC.
        details: Snapshots, build id, seconds per step, result; grows while the run goes on.
    """

    profile: str
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    details: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path, result: str) -> Path:
        """Writes the record.

        Args:
            folder: `$ASYMMETRY_HOME/runs`.
            result: `published`, `unchanged` or `failed`.

        Returns:
            The file.
        """
        folder.mkdir(parents=True, exist_ok=True)
        ended_at = datetime.now(UTC)
        path = folder / f"{self.started_at:%Y%m%dT%H%M%S%f}-{result}.json"
        text = {
            "profile": self.profile,
            "result": result,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ended_at": ended_at.isoformat(timespec="seconds"),
            "seconds": round((ended_at - self.started_at).total_seconds(), 1),
            **self.details,
        }
        path.write_text(json.dumps(text, indent=1, default=str) + "\n", "utf-8")
        return path
