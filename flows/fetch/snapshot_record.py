"""A stored file and its record, read back: every field of the type that it has, or an error."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from flows.fetch.arrival import ByteCheck
from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.fetch_log import Via
from flows.home.error_words import in_words

RECORD = "record.json"


@dataclass(frozen=True)
class Snapshot:
    """One stored file, as recorded at its first fetch.

    Attributes:
        snapshot_id: `<slug>.<first 12 of sha256>`; longer where two files share these.
        slug: The source.
        sha256: Hash of the whole file, in hex.
        n_bytes: Its size.
        url: The publisher's address.
        asked: Address or path that it was read from.
        via: How it came: live, mirror, sample or manual.
        version: The publisher's name of the release, as declared then.
        fetched_at: When it first came; UTC, ISO 8601.
        etag: ETag of that answer.
        last_modified: Last-Modified of that answer.
        is_simulated: Whether it belongs, or ever belonged, to a simulated world.
        checks: Results of the byte checks.
        path: The file.
    """

    snapshot_id: str
    slug: str
    sha256: str
    n_bytes: int
    url: str
    asked: str
    via: Via
    version: str
    fetched_at: str
    etag: str | None
    last_modified: str | None
    is_simulated: bool
    checks: tuple[ByteCheck, ...]
    path: Path


_RECORDED = tuple(field.name for field in fields(Snapshot) if field.name != "path")
_TEXTS = ("snapshot_id", "slug", "sha256", "url", "asked", "via", "version", "fetched_at")


def read_snapshot(folder: Path) -> Snapshot:
    """Reads the record in the folder of a snapshot.

    Raises:
        SnapshotDamagedError: There is none, it cannot be read, or its file is missing or of
            another size.
    """
    snapshot_id = folder.name
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        path = folder / record["file"]
        found = _checked({name: record[name] for name in _RECORDED}, snapshot_id)
        checks = tuple(ByteCheck(**check) for check in found.pop("checks"))
        snapshot = Snapshot(**found, checks=checks, path=path)
        size = path.stat().st_size
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotDamagedError(
            f"snapshot {snapshot_id} cannot be read: {in_words(error)}.{_what_to_do(folder)}"
        ) from error
    if size != snapshot.n_bytes:
        raise SnapshotDamagedError(
            f"snapshot {snapshot_id}: {path} has {size:,} bytes, its record says"
            f" {snapshot.n_bytes:,}.{_what_to_do(folder)}"
        )
    return snapshot


def _checked(record: dict[str, Any], snapshot_id: str) -> dict[str, Any]:
    """A record whose fields can be relied on.

    Raises:
        TypeError: A field is of another type.
        ValueError: It is the record of another snapshot.
    """
    if not all(isinstance(record[name], str) for name in _TEXTS):
        raise TypeError("a field is no text")
    if not isinstance(record["n_bytes"], int):
        raise TypeError("a size is no number")
    if not record["sha256"].startswith(snapshot_id.partition(".")[2]):
        raise ValueError(f"it states the hash {record['sha256']}, which its name does not begin")
    return record


def compare_hash(found: str, snapshot: Snapshot) -> None:
    """Compares the hash of a stored file with its record.

    Raises:
        SnapshotDamagedError: It is another one.
    """
    if found != snapshot.sha256:
        raise SnapshotDamagedError(
            f"snapshot {snapshot.snapshot_id}: {snapshot.path} hashes to {found}, its record says"
            f" {snapshot.sha256}.{_what_to_do(snapshot.path.parent)}"
        )


def _what_to_do(home: Path) -> str:
    return (
        " Queries do not need it, a new build does. Fetch the source again (asymmetry fetch"
        f" {home.parent.name}): the same bytes mend it. Where the publisher has others by now,"
        f" restore {home} from a backup."
    )
