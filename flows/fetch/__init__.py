"""Bytes in, bytes out: fetches declared sources into content-addressed snapshots. No parsing."""

from flows.fetch.admission import FetchResult
from flows.fetch.arrival import ByteCheck
from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
    PinMismatchError,
    SnapshotDamagedError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import Progress
from flows.fetch.members import read_members
from flows.fetch.pins import Pin, load_lock, update_lock
from flows.fetch.snapshots import Snapshot, SnapshotStore

__all__ = [
    "AccessRefusedError",
    "ByteCheck",
    "ChecksFailedError",
    "FetchError",
    "FetchResult",
    "HttpPolicy",
    "MissingFileError",
    "Pin",
    "PinMismatchError",
    "Progress",
    "Snapshot",
    "SnapshotDamagedError",
    "SnapshotStore",
    "fetch_source",
    "load_lock",
    "read_members",
    "update_lock",
]
