"""One run: what it may replace, and the record that it leaves."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.home.paths import Home
from flows.home.writer_lock import NO_WAIT, LockTimeout, only_writer


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

    def summary(self) -> dict[str, Any]:
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
def recorded_run(profile: str, home: Home, timeout: LockTimeout = NO_WAIT) -> Iterator[RunRecord]:
    """The only writer of the home for a while; leaves its record however it ends.

    Args:
        profile: Where the bytes come from.
        home: The home.
        timeout: How long to wait for another writer.

    Yields:
        The record: `result` and `details` are for the run to fill in.

    Raises:
        AnotherRunError: Another process is writing in this home.
    """
    with only_writer(home.path, timeout):
        record = RunRecord(profile)
        try:
            yield record
        except BaseException as error:
            record.result = "failed"
            record.details["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            record.write(home.runs)
