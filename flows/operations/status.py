"""`asymmetry status`: what is published, what ran last, how fresh the sources are, what to do."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from flows.engine.code_stamp import code_stamp
from flows.fetch.fetch_log import Channel
from flows.home.clock import has_come, order_of
from flows.home.guards import can_be_written
from flows.home.paths import Home
from flows.home.run_history import VERIFY, PastRun, last_publication, past_runs
from flows.home.writer_lock import Writer, writer_of
from flows.operations import attention as found
from flows.operations.attention import answered
from flows.operations.freshness import Freshness, freshness_of_sources
from flows.operations.integrity import hash_published
from flows.operations.known_plan import stamps_of
from flows.operations.release_overview import discovery_warnings
from flows.operations.releases import release_warnings
from flows.sources import load_declarations
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.catalog.releases import published_snapshots
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
    failed: tuple[PastRun, ...]
    writer: Writer | None
    sources: tuple[Freshness, ...]
    attention: tuple[str, ...]
    checked: tuple[str, ...]

    @property
    def hashes(self) -> str:
        """When the hashes of stored bytes were compared last, in words."""
        published, verified = self.last_publish, self.last_verified
        if verified is None:
            return "Hashes of stored bytes were never compared here: `asymmetry doctor` does."
        n = verified.verified
        of = f"{n['n_snapshots']} snapshots, {n['n_steps']} finished steps"
        cells = f" {n['n_cells']:,} published cells were derived again." if n.get("n_cells") else ""
        ago = _ago(verified.ended_at)
        if published and order_of(published.ended_at) > order_of(verified.ended_at):
            since = f"Another build was published since, {_ago(published.ended_at)}."
            return f"Hashes of stored bytes ({of}) were last compared {ago}.{cells} {since}"
        file = " and the published file" if n.get("build_id") else ""
        return f"Hashes of stored bytes ({of}{file}) were last compared {ago}.{cells}"

    def is_overdue(self, now: datetime | None = None) -> bool:
        """Whether nothing was verified, nor published, for longer than a nightly check allows."""
        now = now or datetime.now(UTC)
        last = _newest(self.last_verified, self.last_publish, now=now)
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
    runs = past_runs(home, _NEWEST_RUNS)
    channel: Channel = "live"
    if published:
        channel = "sample" if published.is_simulated else published.profile
    sources = tuple(freshness_of_sources(home, channel, now))
    if channel == "sample":  # a made-up world does not age
        sources = tuple(
            replace(s, is_stale=False, reason="simulated") if s.is_readable else s for s in sources
        )
    of_writers = [run for run in runs if run.flow not in found.WITHOUT_LOCK]
    verified = [run for run in runs if run.flow == VERIFY and run.result == "verified"]
    status = Status(
        home=str(home.path),
        published=published,
        last_run=of_writers[-1] if of_writers else None,
        last_publish=last_publication(home),
        last_verified=verified[-1] if verified else None,
        failed=tuple(found.failed_runs(runs)),
        writer=writer_of(home.path),
        sources=sources,
        attention=(),
        checked=("records of runs", "ages of sources"),
    )
    if published:
        looked = "snapshots of the published build (there, and of their size)"
        more = (f"{len(published.snapshots)} {looked}", "releases", "what tables have lost")
        status = replace(status, checked=status.checked + more)
    return replace(status, attention=tuple(_attention(status, runs, home)))


def _attention(status: Status, runs: Sequence[PastRun], home: Home) -> Iterator[str]:
    yield from found.lines_of_clock(runs)
    yield from found.lines_of_failed(status.failed)
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
        if home.warehouse.is_file():
            yield "The published file cannot be read: `asymmetry rollback --list`, or refresh."
        else:
            yield "Nothing is published: `asymmetry refresh`."
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
        other.append(not is_known and _is_of_other_code(published, home))
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
    if hashed and written <= hashed.timestamp() + 1:
        return
    if fault := hash_published(home, published):
        yield fault


def _is_of_other_code(published: PublishedBuild, home: Home) -> bool:
    """Whether this code would give the published bytes another build id."""
    from flows.engine.build_identity import plan_build  # half a second, and as much to plan
    from flows.home.covariates import user_files_of

    if set(published.snapshots) != set(load_declarations()):
        return True
    # of the file, not of the store: a snapshot that is gone is another question
    hashes = {slug: s.sha256 for slug, s in published_snapshots(home.warehouse).items()}
    return plan_build(hashes, user_files_of(published.parameters)).build_id != published.build_id


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
