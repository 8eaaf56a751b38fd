"""The log of fetches: one line per fetch, with its time, address and snapshot.

A snapshot's own files never change; that it was received again (a 304, or the same bytes from
another address) is recorded here.
"""

import fcntl
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from flows.fetch.errors import SnapshotDamagedError
from flows.home.error_words import in_words

Via = Literal["live", "mirror", "sample", "manual"]
Channel = Literal["live", "mirror", "sample", "candidate"]


@dataclass(frozen=True)
class Fetch:
    """One fetch that ended with a snapshot.

    Attributes:
        fetched_at: UTC, ISO 8601 with microseconds.
        snapshot_id: The resulting snapshot.
        channel: The series of snapshots that it belongs to: the profile, but always `sample` for a
            simulated world; `candidate` for a release that is only tried, which no build takes
            for the newest.
        via: How the bytes came.
        asked: Address or path that was read.
        is_simulated: Whether they belong to a simulated world.
        etag: ETag of the answer.
        last_modified: Last-Modified of the answer.
        bytes_downloaded: Bytes that travelled or were read; 0 for a 304.
    """

    fetched_at: str
    snapshot_id: str
    channel: Channel
    via: Via
    asked: str
    is_simulated: bool
    etag: str | None = None
    last_modified: str | None = None
    bytes_downloaded: int = 0


def append(path: Path, fetch: Fetch) -> None:
    """Appends one line; several processes may do so at once."""
    line = json.dumps(asdict(fetch), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file.tell() > 0:
            file.seek(-1, 2)
            # a process may have died while writing: its line must not merge with this one
            if file.read(1) != b"\n":
                line = b"\n" + line
        file.write(line)
        file.flush()


def read(path: Path) -> list[Fetch]:
    """Reads all fetches, oldest first.

    A truncated line (its process died) belongs to a fetch that never finished and is skipped.

    Raises:
        SnapshotDamagedError: A complete line cannot be read.
    """
    if not path.exists():
        return []
    found: list[Fetch] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.endswith(b"}"):
            continue
        try:
            found.append(_fetch(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise SnapshotDamagedError(
                f"{path}, line {number}: not a fetch record ({in_words(error)}). It notes when"
                " files came, and holds none of them: remove the line."
            ) from error
    return found


def _fetch(record: Mapping[str, Any]) -> Fetch:
    named = {f.name for f in fields(Fetch) if f.default is MISSING or f.name in record}
    return Fetch(**{name: record[name] for name in named})
