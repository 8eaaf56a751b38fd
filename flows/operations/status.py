"""`asymmetry status`: what is published, what ran last, how fresh the sources are, what to do."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flows.engine.code_stamp import code_stamp
from flows.fetch.fetch_log import Channel
from flows.home.build_files import fault_of_size, unknown_bytes
from flows.home.clock import has_come, order_of
from flows.home.guards import can_be_written
from flows.home.past_run import PastRun
from flows.home.paths import Home
from flows.home.run_history import Records, last_publication, last_verifications, read_records
from flows.home.writer_lock import Writer, writer_of
from flows.operations import attention as found
from flows.operations.attention import answered
from flows.operations.freshness import Freshness, freshness_of_sources
from flows.operations.integrity import doubt_of_published
from flows.operations.known_plan import is_of_other_code, stamps_of
from flows.operations.open_faults import lines_of_open
from flows.operations.release_overview import discovery_warnings
from flows.operations.releases import release_warnings
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.db import QueryError, WarehouseMissingError, read_published

_NEWEST_RUNS = 200
OVERDUE = timedelta(days=2)
"""After so long without a nightly check something is wrong where there are workers."""


@dataclass(frozen=True)
class Status:
    """Everything that an operator sees at a glance.

    Attributes:
        home: `$ASYMMETRY_HOME`.
        published: The published build; None where there is none that can be read.
        last_run: The newest record of a run that holds the writer lock.
        last_publish: The newest run that changed the published file.
        last_verified: The newest run that hashed all that is stored, and found it as it was.
        last_compared: The newest run that hashed all that is stored, whatever it found.
        failed: The last run of each flow, where it failed and nothing has made up for it.
        writer: Who holds the writer lock, if anybody does.
        sources: Freshness of each source, in the channel of the published build.
        attention: What is not as it should be, each with what to do; empty when all is well.
        checked: What was looked at, in words.
    """

    home: str
    published: PublishedBuild | None
    last_run: PastRun | None
    last_publish: PastRun | None
    last_verified: PastRun | None
    last_compared: PastRun | None
    failed: tuple[PastRun, ...]
    writer: Writer | None
    sources: tuple[Freshness, ...]
    attention: tuple[str, ...]
    checked: tuple[str, ...]

    @property
    def hashes(self) -> str:
        """When the hashes of stored bytes were compared last, in words."""
        published, compared = self.last_publish, self.last_compared
        if compared is None:
            return "Hashes of stored bytes were never compared here: `asymmetry doctor` does."
        n = compared.verified
        of = f"{n['n_snapshots']} snapshots, {n.get('n_steps', 0)} finished steps"
        of += f", {n['n_builds']} kept builds" if "n_builds" in n else ""
        more = "" if compared.result == "verified" else " Not all that was looked at holds."
        if n.get("n_cells"):
            more += f" {n['n_cells']:,} published cells were derived again."
        ago = _ago(compared.ended_at)
        if published and order_of(published.ended_at) > order_of(compared.ended_at):
            since = f"Another build was published since, {_ago(published.ended_at)}."
            return f"Hashes of stored bytes ({of}) were last compared {ago}.{more} {since}"
        file = " and the published file" if n.get("is_file_hashed", n.get("build_id")) else ""
        return f"Hashes of stored bytes ({of}{file}) were last compared {ago}.{more}"

    def is_overdue(self, now: datetime | None = None) -> bool:
        """Whether nothing was verified, nor published, for longer than a nightly check allows."""
        now = now or datetime.now(UTC)
        last = _newest(self.last_compared, self.last_publish, now=now)
        return last is not None and now - last > OVERDUE


def status_of(home: Home, now: datetime | None = None) -> Status:
    """Looks at all that the home can tell; nothing is fetched, nothing is written.

    Args:
        home: The home.
        now: Aware; the present unless given.
    """
    return with_code_and_bytes(status_at_once(home, now), home)


def status_at_once(home: Home, now: datetime | None = None) -> Status:
    """As `status_of`, without what takes a second: code is not compared, nothing is hashed."""
    with suppress(WarehouseMissingError, QueryError), read_published(home.warehouse):
        return _looked_at(home, now)  # held open, so that whoever opens it meanwhile need not wait
    return _looked_at(home, now)


def _looked_at(home: Home, now: datetime | None) -> Status:
    published = read_build(home.warehouse)
    records = read_records(home, _NEWEST_RUNS)
    runs = records.runs
    channel: Channel = "live"
    if published:
        channel = "sample" if published.is_simulated else published.profile
    used = published.snapshots if published else None
    sources = tuple(freshness_of_sources(home, channel, now, used=used))
    if channel == "sample":  # a made-up world does not age
        sources = tuple(
            replace(s, is_stale=False, reason="simulated" if s.snapshot_id else s.reason)
            if s.is_readable
            else s
            for s in sources
        )
    of_writers = [run for run in runs if run.flow not in found.WITHOUT_LOCK]
    verifications = last_verifications(home)
    verified = [run for run in verifications if run.result == "verified"]
    compared = [run for run in verifications if "n_snapshots" in run.verified]
    status = Status(
        home=str(home.path),
        published=published,
        last_run=of_writers[-1] if of_writers else None,
        last_publish=last_publication(home),
        last_verified=verified[-1] if verified else None,
        last_compared=compared[-1] if compared else None,
        failed=tuple(found.failed_runs(runs)),
        writer=writer_of(home.path),
        sources=sources,
        attention=(),
        checked=(f"{len(runs)} records of runs", "ages of sources"),
    )
    if published:
        looked = "snapshots of the published build (there, and of their size)"
        more = (f"{len(published.snapshots)} {looked}", "releases", "what tables have lost")
        status = replace(status, checked=status.checked + more)
    return replace(status, attention=tuple(_attention(status, records, home)))


def _attention(status: Status, records: Records, home: Home) -> Iterator[str]:
    runs = records.runs
    yield from found.lines_of_closed_folders(home)
    yield from records.lines_of_damaged()
    yield from found.lines_of_clock(runs)
    yield from found.lines_of_failed(status.failed)
    build_id = status.published.build_id if status.published else None
    yield from answered("What was verified", lambda: lines_of_open(home, build_id))
    if status.writer is None:
        yield from answered("Runs without a record", lambda: found.lines_of_killed(runs, home))
    yield from answered("Fetches", lambda: found.lines_of_sources(runs, home))
    writable = can_be_written(home.path)
    if not writable:
        yield f"{status.home} cannot be written: set ASYMMETRY_HOME to a folder of yours."
    published = status.published
    if published is None:
        if not writable:
            return  # no refresh would mend it
        yield from found.lines_of_unpublished(home)
        return
    yield from found.lines_of_stale(status.sources)
    yield from answered("Snapshots", lambda: found.lines_of_snapshots(published, home))
    newest = {source.slug: source.snapshot_id for source in status.sources}
    yield from answered("Releases", lambda: release_warnings(home, published.snapshots, newest))
    yield from answered("Losses of tables", lambda: found.lines_of_losses(home))
    yield from answered("What publishers have", lambda: discovery_warnings(home))


def with_code_and_bytes(status: Status, home: Home) -> Status:
    """Adds whether the code has changed, and whether the published file was written to.

    The file is hashed only where it was written to after it was hashed last, and a plan is made
    only where a file of the code, or a library, is another than when the build was planned.
    """
    published = status.published
    if published is None:
        return status
    other: list[bool] = []

    def code() -> Iterator[str]:
        is_known = code_stamp() in stamps_of(published, home)
        other.append(not is_known and is_of_other_code(published, home))
        return iter(())

    lines = [*answered("Code and libraries", code)]
    newer = found.newer_snapshots(status.sources, published)
    if newer:
        lines.append(f"Newer bytes than the published ones are here: {', '.join(newer)}.")
    if other_code := any(other):
        lines.append("Code, lists or libraries have changed since the build.")
    if newer or other_code:
        if status.last_publish and status.last_publish.result == "rolled_back":
            lines.append("It was put back by hand: the next refresh publishes a newer build again.")
        lines.append("`asymmetry plan` says what a refresh would do.")
    damage = [*answered("The published file", lambda: _damage(status, published, home))]
    checked = (*status.checked, "code and libraries")
    return replace(status, attention=(*damage, *status.attention, *lines), checked=checked)


def _damage(status: Status, published: PublishedBuild, home: Home) -> Iterator[str]:
    hashed = _newest(status.last_verified, status.last_publish)
    written = home.warehouse.stat().st_mtime
    if hashed and written <= hashed.timestamp() + 1:  # which a copy's time may be, too
        size = fault_of_size(home.warehouse, published.build_id, home)
        fault = size or unknown_bytes(published.build_id, home)
    else:
        fault = doubt_of_published(home, published)
    if fault and not any(fault in line for line in status.attention):
        yield fault


def _newest(*runs: PastRun | None, now: datetime | None = None) -> datetime | None:
    """When the last of some runs ended, passing over moments that have not come yet."""
    ended = [datetime.fromisoformat(run.ended_at) for run in runs if run]
    return max((moment for moment in ended if has_come(moment, now)), default=None)


def _ago(moment: str) -> str:
    if not has_come(datetime.fromisoformat(moment)):
        return f"on {moment[:10]}, which has not come yet"
    seconds = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    for size, unit in ((86400, "days"), (3600, "h"), (60, "minutes")):
        if seconds >= 2 * size or (unit == "h" and seconds >= size):
            return f"{seconds / size:.0f} {unit} ago"
    return "just now"
