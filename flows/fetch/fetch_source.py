"""One source, one call: bytes → checks → snapshot. Knows nothing of what is in the bytes."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flows.fetch import local_file as manual
from flows.fetch import mirror as mirrors
from flows.fetch.byte_checks import Arrival, ByteCheck, run_byte_checks
from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
    PinMismatchError,
)
from flows.fetch.fetch_log import Fetch
from flows.fetch.http import HttpPolicy, HttpRequest, download
from flows.fetch.incoming import IncomingFile, ProgressCallback
from flows.fetch.pins import Pin, load_lock
from flows.fetch.route import Profile, plan_route, refuse_contradictions
from flows.fetch.snapshots import Snapshot, SnapshotStore
from flows.home.paths import Home
from flows.sources import SourceDeclaration

Status = Literal["new", "unchanged", "pinned", "kept"]


@dataclass(frozen=True)
class FetchResult:
    """What a fetch ended with.

    Attributes:
        snapshot: The bytes to go on with.
        status: `new` (this channel's latest was another one, or none), `unchanged`, `pinned`
            (a locked run found its pin in the store and fetched nothing), or `kept` (the
            publisher lets no program in; the file that a person handed over is used).
        checks: Results of the byte checks; those of the stored record for `pinned` and `kept`.
        bytes_downloaded: Bytes that travelled or were read from a folder; 0 for a 304.
    """

    snapshot: Snapshot
    status: Status
    checks: tuple[ByteCheck, ...]
    bytes_downloaded: int


@dataclass(frozen=True)
class _Job:
    declaration: SourceDeclaration
    store: SnapshotStore
    fetch: Fetch
    pin: Pin | None
    policy: HttpPolicy
    progress: ProgressCallback | None

    @property
    def previous(self) -> Snapshot | None:
        return self.store.latest(self.declaration.slug, self.fetch.channel)


def fetch_source(
    declaration: SourceDeclaration,
    home: Home,
    profile: Profile,
    *,
    mirror: str | Path | None = None,
    locked: bool = False,
    from_file: Path | None = None,
    progress: ProgressCallback | None = None,
    policy: HttpPolicy | None = None,
    pins: dict[str, Pin] | None = None,
) -> FetchResult:
    """Fetches one source and stores what passes its checks.

    Args:
        declaration: What to fetch.
        home: Where snapshots are kept.
        profile: `live` asks the publisher and nobody else; `mirror` and `sample` ask `mirror`.
        mirror: Folder or base URL with `HOST/PATH` below it.
        locked: Use exactly the pinned file: from the store where it is there, else fetched and
            refused unless it is the same.
        from_file: A file that a person downloaded; nothing else is asked then.
        progress: Called a few times a second while bytes come in.
        policy: Timeouts and retries.
        pins: The package's own lock unless given.

    Returns:
        The snapshot, and how it came to be used.

    Raises:
        FetchError: The bytes could not be had (`AccessRefusedError`, `MissingFileError`), failed
            a check (`ChecksFailedError`), or are not the pinned ones (`PinMismatchError`);
            `SnapshotDamagedError` where the store has been tampered with. Earlier snapshots are
            intact in every case.
        ValueError: Arguments that contradict each other.
    """
    refuse_contradictions(profile, mirror, locked, from_file)
    policy = policy or HttpPolicy()
    store = SnapshotStore(home.snapshots)
    pin = _pin(declaration, pins) if locked else None
    if pin and (pinned := store.find(declaration.slug, pin.sha256)):
        store.verify(pinned)
        return FetchResult(pinned, "pinned", pinned.checks, 0)
    fetch = plan_route(declaration, profile, mirror, from_file, policy)
    job = _Job(declaration, store, fetch, pin, policy, progress)
    if from_file is None and (profile == "live" or mirrors.is_base_url(mirror or "")):
        return _over_http(job)
    return _from_disk(job, Path(mirror) if mirror is not None else None, from_file)


def _pin(declaration: SourceDeclaration, pins: dict[str, Pin] | None) -> Pin:
    known = load_lock() if pins is None else pins
    if declaration.slug not in known:
        raise PinMismatchError(
            f"{declaration.slug}: sources.lock.json has no pin for it; fetch it without --locked"
            f" and pin it first"
        )
    return known[declaration.slug]


def _over_http(job: _Job) -> FetchResult:
    declaration, store = job.declaration, job.store
    earlier = store.last_answer(declaration.slug, job.fetch.channel, job.fetch.asked)
    stored = store.load(earlier.snapshot_id) if earlier else None
    if stored is None or (job.pin and stored.sha256 != job.pin.sha256):
        earlier = stored = None
    request = HttpRequest(
        job.fetch.asked,
        declaration.slug,
        declaration.user_agent,
        earlier.etag if earlier else None,
        earlier.last_modified if earlier else None,
    )
    with IncomingFile(store.incoming, declaration.slug, declaration.max_bytes) as incoming:
        try:
            answer = download(request, incoming, job.policy, job.progress)
        except AccessRefusedError:
            if kept := _handed_over(job):
                return kept
            raise
        except MissingFileError as error:
            if job.fetch.via == "live":
                raise
            raise MissingFileError(
                f"{declaration.slug}: the mirror has no {job.fetch.asked}, which stands for"
                f" {declaration.url}"
            ) from error
        fetch = replace(
            job.fetch,
            etag=answer.etag,
            last_modified=answer.last_modified,
            bytes_downloaded=answer.bytes_received,
        )
        if answer.is_unchanged and stored is not None:
            return _seen_again(replace(job, fetch=fetch), stored)
        if answer.is_unchanged:
            raise FetchError(f"{declaration.slug}: {request.url} answered 304 to a plain request")
        arrival = Arrival(
            incoming.path,
            incoming.n_bytes,
            answer.bytes_announced,
            answer.bytes_received,
        )
        return _admit(replace(job, fetch=fetch), incoming, arrival)


def _from_disk(job: _Job, folder: Path | None, from_file: Path | None) -> FetchResult:
    slug = job.declaration.slug
    with IncomingFile(job.store.incoming, slug, job.declaration.max_bytes) as incoming:
        if from_file is not None:
            n_read = manual.copy_handed_over(from_file, slug, incoming, job.progress)
        elif folder is not None:
            n_read = mirrors.copy_from_folder(
                folder, job.declaration.url, slug, incoming, job.progress
            )
        fetch = replace(job.fetch, bytes_downloaded=n_read)
        arrival = Arrival(incoming.path, incoming.n_bytes)
        return _admit(replace(job, fetch=fetch), incoming, arrival)


def _admit(job: _Job, incoming: IncomingFile, arrival: Arrival) -> FetchResult:
    """Checks a complete file, and stores it."""
    incoming.close()
    if job.pin and incoming.sha256 != job.pin.sha256:
        raise PinMismatchError(
            f"{job.declaration.slug}: {job.fetch.asked} has {incoming.n_bytes:,} bytes with sha256"
            f" {incoming.sha256}; sources.lock.json pins {job.pin.n_bytes:,} bytes with"
            f" {job.pin.sha256} (version {job.pin.version}, pinned from {job.pin.pinned_from})."
            f" Nothing was stored; fetch without --locked to use the new file."
        )
    previous = job.previous
    checks = _checked(job, arrival, previous)
    snapshot = job.store.put(incoming, job.declaration, job.fetch, checks)
    unchanged = previous is not None and previous.sha256 == snapshot.sha256
    status: Status = "unchanged" if unchanged else "new"
    return FetchResult(snapshot, status, checks, job.fetch.bytes_downloaded)


def _seen_again(job: _Job, stored: Snapshot) -> FetchResult:
    """A 304: the stored file is checked again, since its declaration may have changed."""
    job.store.verify(stored)
    previous = job.previous
    checks = _checked(job, Arrival(stored.path, stored.n_bytes), previous)
    job.store.log(stored.snapshot_id, job.fetch)
    unchanged = previous is not None and previous.sha256 == stored.sha256
    return FetchResult(stored, "unchanged" if unchanged else "new", checks, 0)


def _handed_over(job: _Job) -> FetchResult | None:
    """What a person fetched for a publisher that lets no program in."""
    if job.fetch.via != "live" or job.pin is not None:
        return None
    seen = [f for f in job.store.fetches(job.declaration.slug) if f.channel == "live"]
    if not seen or seen[-1].via != "manual":
        return None
    snapshot = job.store.load(seen[-1].snapshot_id)
    job.store.verify(snapshot)
    return FetchResult(snapshot, "kept", snapshot.checks, 0)


def _checked(job: _Job, arrival: Arrival, previous: Snapshot | None) -> tuple[ByteCheck, ...]:
    arrival = replace(
        arrival,
        previous_bytes=_nearest_size(job, arrival.n_bytes) if previous else None,
        is_simulated=job.fetch.is_simulated,
    )
    checks = run_byte_checks(job.declaration, arrival)
    if job.fetch.via == "live" and job.declaration.program_access == "ask_first":
        checks += (_ask_first(job.declaration),)
    if failed := [check for check in checks if check.blocks]:
        job.store.rejected.mkdir(parents=True, exist_ok=True)
        kept = job.store.rejected / job.declaration.file_name
        shutil.copyfile(arrival.path, kept)
        reasons = "; ".join(f"{check.name}: {check.notes}" for check in failed)
        raise ChecksFailedError(
            f"{job.declaration.slug}: {job.fetch.asked} was refused ({reasons}). The bytes are in"
            f" {kept} for a look; earlier snapshots are intact.",
            checks,
        )
    return checks


def _nearest_size(job: _Job, n_bytes: int) -> int | None:
    """Size of the channel's snapshot that is nearest in size.

    The last one alone would do, but for a cut file that came through: the whole file that
    follows it must not be refused for being larger.
    """
    slug, channel = job.declaration.slug, job.fetch.channel
    seen = {f.snapshot_id for f in job.store.fetches(slug) if f.channel == channel}
    sizes = [s.n_bytes for s in job.store.snapshots(slug) if s.snapshot_id in seen]
    return min(sizes, key=lambda size: abs(size - n_bytes), default=None)


def _ask_first(declaration: SourceDeclaration) -> ByteCheck:
    return ByteCheck(
        "program_access",
        "the publisher's terms allow a program to download",
        "warning",
        False,
        f"ask first, or download by hand: {declaration.licence_url}",
    )
