"""Fetches one source: from the publisher, a mirror or a local file into a snapshot."""

from dataclasses import replace
from pathlib import Path

from flows.fetch.admission import FetchJob, FetchResult, admit, readmit
from flows.fetch.arrival import Arrival
from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
    PinMismatchError,
    SnapshotDamagedError,
)
from flows.fetch.http import HttpRequest, download
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile, ProgressCallback
from flows.fetch.local_file import copy_local_file
from flows.fetch.mirror import copy_from_folder, is_base_url
from flows.fetch.pins import Pin, load_lock
from flows.fetch.route import Profile, plan_route, refuse_contradictions
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import SeenRelease
from flows.home.paths import Home
from flows.sources import SourceDeclaration


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
    candidate: SeenRelease | None = None,
) -> FetchResult:
    """Fetches one source and stores what passes its checks.

    Args:
        declaration: What to fetch.
        home: Where snapshots are kept.
        profile: `live` reads from the publisher only; `mirror` and `sample` from `mirror`.
        mirror: Folder or base URL with `HOST/PATH` below it.
        locked: Use exactly the pinned file: from the store if it is there, otherwise fetched, and
            refused if it differs.
        from_file: A file that the user downloaded; nothing else is read then.
        progress: Called a few times a second while bytes come in.
        policy: Timeouts and retries.
        pins: The package's own lock unless given.
        candidate: The release that `declaration` has the address of, where it is only tried: its
            size is compared with the listing, and not with the releases before it.

    Returns:
        The snapshot, and the status of the fetch.

    Raises:
        FetchError: The bytes could not be had (`AccessRefusedError`, `MissingFileError`), failed
            a check (`ChecksFailedError`), or are not the pinned ones (`PinMismatchError`);
            `SnapshotDamagedError` where the log of fetches cannot be read, or a file that was
            handed over is damaged. Earlier snapshots are as they were in every case.
        ValueError: Arguments that contradict each other.
    """
    refuse_contradictions(profile, mirror, locked, from_file)
    policy = policy or HttpPolicy()
    store = SnapshotStore(home.snapshots)
    pin = _pin(declaration, pins) if locked else None
    if pin and (pinned := _pinned(declaration, pin, store)):
        return FetchResult(pinned, "pinned", pinned.checks, 0)
    fetch = plan_route(declaration, profile, mirror, from_file, policy)
    if candidate:
        fetch = replace(fetch, channel="candidate")
    job = FetchJob(declaration, store, fetch, pin, policy, progress, candidate)
    if from_file is None and (profile == "live" or is_base_url(mirror or "")):
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


def _pinned(declaration: SourceDeclaration, pin: Pin, store: SnapshotStore) -> Snapshot | None:
    """The pinned file, if it is here; one that is damaged is fetched again."""
    try:
        found = store.find(declaration.slug, pin.sha256)
    except SnapshotDamagedError:
        return None
    return store.intact(found.snapshot_id) if found else None


def _over_http(job: FetchJob) -> FetchResult:
    declaration, store = job.declaration, job.store
    earlier = store.last_answer(declaration.slug, job.fetch.channel, job.fetch.asked)
    stored = store.intact(earlier.snapshot_id) if earlier else None
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
            if stored_by_hand := _manual_snapshot(job):
                return stored_by_hand
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
            return readmit(replace(job, fetch=fetch), stored)
        if answer.is_unchanged:
            raise FetchError(f"{declaration.slug}: {request.url} answered 304 to a plain request")
        arrival = Arrival(
            incoming.path,
            incoming.n_bytes,
            answer.bytes_announced,
            answer.bytes_received,
        )
        try:
            return admit(replace(job, fetch=fetch), incoming, arrival)
        except ChecksFailedError as error:
            # a page in the place of the file wants a browser, whatever its status says
            if error.is_page and (stored_by_hand := _manual_snapshot(job)):
                return stored_by_hand
            raise


def _from_disk(job: FetchJob, folder: Path | None, from_file: Path | None) -> FetchResult:
    slug = job.declaration.slug
    with IncomingFile(job.store.incoming, slug, job.declaration.max_bytes) as incoming:
        if from_file is not None:
            n_read = copy_local_file(from_file, slug, incoming, job.progress)
        elif folder is not None:
            n_read = copy_from_folder(folder, job.declaration.url, slug, incoming, job.progress)
        fetch = replace(job.fetch, bytes_downloaded=n_read)
        arrival = Arrival(incoming.path, incoming.n_bytes)
        return admit(replace(job, fetch=fetch), incoming, arrival)


def _manual_snapshot(job: FetchJob) -> FetchResult | None:
    """The user's own download, for a publisher that refuses programs."""
    if job.fetch.via != "live" or job.pin is not None:
        return None
    seen = [f for f in job.store.fetches(job.declaration.slug) if f.channel == "live"]
    if not seen or seen[-1].via != "manual":
        return None
    snapshot = job.store.load(seen[-1].snapshot_id)
    job.store.verify(snapshot)
    why = "the publisher lets no program in; the file that was handed over stands in"
    return FetchResult(snapshot, "kept", snapshot.checks, 0, why)
