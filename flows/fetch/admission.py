"""Admits fetched bytes to the snapshot store: pin, byte checks, record."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flows.fetch.arrival import Arrival, ByteCheck
from flows.fetch.byte_checks import run_byte_checks
from flows.fetch.errors import ChecksFailedError, PinMismatchError
from flows.fetch.fetch_log import Fetch
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile, ProgressCallback
from flows.fetch.pins import Pin
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import SeenRelease
from flows.sources import SourceDeclaration

_PIECE = 1 << 20

Status = Literal["new", "unchanged", "pinned", "kept"]


@dataclass(frozen=True)
class FetchResult:
    """The result of a fetch.

    Attributes:
        snapshot: The snapshot to build from.
        status: `new` (this channel's latest was another one, or none), `unchanged`, `pinned`
            (a locked run found its pin in the store and fetched nothing), or `kept` (what was
            here already is used).
        checks: Results of the byte checks; those of the stored record for `pinned` and `kept`.
        bytes_downloaded: Bytes that travelled or were read from a folder; 0 for a 304.
        why: Why what was here is used, for `kept`.
    """

    snapshot: Snapshot
    status: Status
    checks: tuple[ByteCheck, ...]
    bytes_downloaded: int
    why: str = ""


@dataclass(frozen=True)
class FetchJob:
    """One fetch in progress: the source, the store, and the rules that apply.

    Attributes:
        declaration: The source.
        store: Where the snapshot goes.
        fetch: Channel, address and time of the fetch.
        pin: The file that it must be; `None` unless locked.
        policy: Timeouts and retries.
        progress: Called while bytes come in.
        candidate: The release as listed, where it is only tried.
    """

    declaration: SourceDeclaration
    store: SnapshotStore
    fetch: Fetch
    pin: Pin | None
    policy: HttpPolicy
    progress: ProgressCallback | None
    candidate: SeenRelease | None = None

    @property
    def previous(self) -> Snapshot | None:
        """The latest snapshot of the channel that can be read."""
        return self.store.latest_loaded(self.declaration.slug, self.fetch.channel)


def admit(job: FetchJob, incoming: IncomingFile, arrival: Arrival) -> FetchResult:
    """Checks a complete file and stores it.

    Args:
        job: The fetch.
        incoming: The file.
        arrival: The file and how it came.

    Returns:
        The snapshot, `new` or `unchanged`.

    Raises:
        PinMismatchError: It is not the pinned file.
        ChecksFailedError: A check that blocks failed; the bytes are kept under `_rejected`.
    """
    incoming.close()
    if job.pin and incoming.sha256 != job.pin.sha256:
        raise PinMismatchError(
            f"{job.declaration.slug}: {job.fetch.asked} has {incoming.n_bytes:,} bytes with sha256"
            f" {incoming.sha256}; sources.lock.json pins {job.pin.n_bytes:,} bytes with"
            f" {job.pin.sha256} (version {job.pin.version}, pinned from {job.pin.pinned_from})."
            f" Nothing was stored; fetch without --locked to use the new file."
        )
    previous = job.previous
    checks = _checked(job, arrival, previous, incoming.sha256)
    snapshot = job.store.put(incoming, job.declaration, job.fetch, checks)
    unchanged = previous is not None and previous.sha256 == snapshot.sha256
    status: Status = "unchanged" if unchanged else "new"
    return FetchResult(snapshot, status, checks, job.fetch.bytes_downloaded)


def readmit(job: FetchJob, stored: Snapshot) -> FetchResult:
    """Checks a stored file again after a 304, since its declaration may have changed.

    Args:
        job: The fetch.
        stored: The snapshot that the host says is unchanged.

    Returns:
        The same snapshot; `new` where the channel's latest was another one.

    Raises:
        ChecksFailedError: A check that blocks failed.
    """
    previous = job.previous
    checks = _checked(job, Arrival(stored.path, stored.n_bytes), previous, stored.sha256)
    job.store.log(stored.snapshot_id, job.fetch)
    unchanged = previous is not None and previous.sha256 == stored.sha256
    return FetchResult(stored, "unchanged" if unchanged else "new", checks, 0)


def _checked(
    job: FetchJob, arrival: Arrival, previous: Snapshot | None, sha256: str
) -> tuple[ByteCheck, ...]:
    earlier = _of_channel(job)
    is_known = any(snapshot.sha256 == sha256 for snapshot in earlier)
    before = previous or _of_another_channel(job)
    arrival = replace(
        arrival,
        nearest_bytes=_nearest_size(earlier, arrival.n_bytes),
        previous_bytes=before.n_bytes if before else None,
        # a file that was whole once is whole, whatever came in between
        previous_ends_line=not is_known and before is not None and _ends_line(before.path),
        beginning_of=None if is_known else _beginning_of(arrival, before),
        is_simulated=job.fetch.is_simulated,
        listed=job.candidate,
    )
    checks = run_byte_checks(job.declaration, arrival)
    if job.fetch.via == "live" and job.declaration.program_access == "ask_first":
        checks += (_ask_first(job.declaration),)
    if failed := [check for check in checks if check.blocks]:
        job.store.rejected.mkdir(parents=True, exist_ok=True)
        copy = job.store.rejected / job.declaration.file_name
        # whatever it is, it is no data: nobody else has to read it
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
        shutil.copyfile(arrival.path, copy)
        reasons = "; ".join(f"{check.name}: {check.notes}" for check in failed)
        raise ChecksFailedError(
            f"{job.declaration.slug}: {job.fetch.asked} was refused ({reasons}). The bytes are in"
            f" {copy} for a look; earlier snapshots are untouched.",
            checks,
        )
    return checks


def _of_channel(job: FetchJob) -> list[Snapshot]:
    """The channel's snapshots that can be read."""
    slug, channel = job.declaration.slug, job.fetch.channel
    seen = {f.snapshot_id for f in job.store.fetches(slug) if f.channel == channel}
    found = [job.store.loaded(snapshot_id) for snapshot_id in seen]
    return [snapshot for snapshot in found if snapshot]


def _of_another_channel(job: FetchJob) -> Snapshot | None:
    """The newest real snapshot of the source, where its channel has none: bytes are bytes."""
    if job.fetch.is_simulated:
        return None
    slug = job.declaration.slug
    newest_first = reversed(job.store.fetches(slug))
    found = (job.store.loaded(f.snapshot_id) for f in newest_first if not f.is_simulated)
    return next((snapshot for snapshot in found if snapshot), None)


def _nearest_size(earlier: list[Snapshot], n_bytes: int) -> int | None:
    """Size of the snapshot that is nearest in size.

    The last snapshot would suffice, unless it was a truncated file: the complete file that follows
    must not be refused for being larger.
    """
    sizes = [snapshot.n_bytes for snapshot in earlier]
    return min(sizes, key=lambda size: abs(size - n_bytes), default=None)


def _beginning_of(arrival: Arrival, before: Snapshot | None) -> str | None:
    """The snapshot that a shorter file is the beginning of, byte for byte; None where it is not.

    One that lacks the end of the last line only is the same file, and no beginning.
    """
    n = arrival.n_bytes
    if before is None or n >= before.n_bytes:
        return None
    with arrival.path.open("rb") as new, before.path.open("rb") as old:
        while piece := new.read(_PIECE):
            if old.read(len(piece)) != piece:
                return None
        rest = old.read(_PIECE)
    return before.snapshot_id if rest.strip(b"\r\n") else None


def _ends_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 1, 0))
        return file.read() in (b"\n", b"\r")


def _ask_first(declaration: SourceDeclaration) -> ByteCheck:
    return ByteCheck(
        "program_access",
        "the publisher's terms allow a program to download",
        "warning",
        False,
        f"ask first, or download by hand: {declaration.licence_url}",
    )
