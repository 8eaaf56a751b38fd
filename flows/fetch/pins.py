"""`sources.lock.json`: the exact files that a reproducible build uses."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from flows.fetch.fetch_log import Via
from flows.fetch.snapshot_record import Snapshot
from flows.home.error_words import in_words

_ENTRIES = {"sha256": str, "bytes": int, "version": str, "url": str, "pinned_from": str}
_NOTE = (
    "pinned_from says whose bytes these are: a mirror may have packed an archive anew, and then"
    " the publisher's own file has other bytes and a locked run refuses it."
)


class LockError(ValueError):
    """The lock file is faulty, or a snapshot must not be pinned."""


@dataclass(frozen=True)
class Pin:
    """One pinned file.

    Attributes:
        sha256: Hash of the file as a client receives it, decompressed.
        n_bytes: Its size.
        version: The publisher's name of the release.
        url: The publisher's address.
        pinned_from: How the pinned bytes came: live, mirror or manual.
    """

    sha256: str
    n_bytes: int
    version: str
    url: str
    pinned_from: Via


def lock_path() -> Traversable:
    """The lock file that is part of the package."""
    return files("flows") / "sources" / "sources.lock.json"


def load_lock(path: Traversable | None = None) -> dict[str, Pin]:
    """Reads the pins.

    Args:
        path: The package's own lock file unless given.

    Returns:
        Slug to pin.

    Raises:
        LockError: The file is missing or not as it should be.
    """
    where = lock_path() if path is None else path
    try:
        entries = json.loads(where.read_text("utf-8"))["sources"]
        found = {}
        for slug, entry in entries.items():
            if {key: type(value) for key, value in entry.items()} != _ENTRIES:
                raise LockError(f"{where}: {slug} needs exactly {', '.join(_ENTRIES)}")
            found[slug] = Pin(
                entry["sha256"],
                entry["bytes"],
                entry["version"],
                entry["url"],
                entry["pinned_from"],
            )
    except (OSError, KeyError, AttributeError, TypeError, json.JSONDecodeError) as error:
        raise LockError(f"{where}: not readable as a lock file ({in_words(error)})") from error
    return found


def write_lock(pins: Mapping[str, Pin], path: Path) -> None:
    """Writes pins, replacing the file at once; the same pins give the same bytes."""
    sources = {
        slug: {
            "sha256": pin.sha256,
            "bytes": pin.n_bytes,
            "version": pin.version,
            "url": pin.url,
            "pinned_from": pin.pinned_from,
        }
        for slug, pin in sorted(pins.items())
    }
    text = json.dumps({"note": _NOTE, "sources": sources}, indent=2, ensure_ascii=False) + "\n"
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def update_lock(snapshots: Iterable[Snapshot], path: Path) -> dict[str, Pin]:
    """Pins snapshots; sources that are not among them keep their pins.

    Args:
        snapshots: One per source.
        path: The lock file; made where it is missing.

    Returns:
        All pins, as written.

    Raises:
        LockError: A snapshot is simulated, or the file there is faulty.
    """
    pins = load_lock(path) if path.exists() else {}
    for snapshot in snapshots:
        if snapshot.is_simulated:
            raise LockError(
                f"{snapshot.snapshot_id} belongs to a simulated world; the lock pins publishers'"
                f" files only. {path} is unchanged."
            )
        pins[snapshot.slug] = Pin(
            snapshot.sha256, snapshot.n_bytes, snapshot.version, snapshot.url, snapshot.via
        )
    write_lock(pins, path)
    return pins
