"""`asymmetry status`: what is published, what ran last, how fresh the sources are, what to do."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from expectations.absent_states import EVERY_STATE_HAS_ROWS
from expectations.gate.losses import LOSS_RULES
from flows.engine.build_identity import plan_build
from flows.fetch.fetch_log import Channel
from flows.fetch.snapshots import SnapshotStore
from flows.home.covariates import user_files_of
from flows.home.guards import can_be_written
from flows.home.paths import Home
from flows.home.run_history import PUT_IN_PLACE, PastRun, past_runs
from flows.home.writer_lock import Writer, writer_of
from flows.operations.freshness import Freshness, freshness_of_sources
from flows.operations.release_overview import discovery_warnings
from flows.operations.releases import release_warnings
from flows.sources import load_declarations
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.catalog.validation import lost_names
from warehouse.db import read_published


@dataclass(frozen=True)
class Status:
    """Everything that an operator sees at a glance.

    Attributes:
        home: `$ASYMMETRY_HOME`.
        published: The published build; None where there is none that can be read.
        last_run: The newest run's record.
        last_publish: The newest run that changed the published file.
        writer: Who holds the writer lock, if anybody does.
        sources: Freshness of each source, in the channel of the published build.
        attention: What is not as it should be, each with what to do; empty when all is well.
    """

    home: str
    published: PublishedBuild | None
    last_run: PastRun | None
    last_publish: PastRun | None
    writer: Writer | None
    sources: tuple[Freshness, ...]
    attention: tuple[str, ...]


def status_of(home: Home, now: datetime | None = None) -> Status:
    """Looks at the home; nothing is fetched, nothing is written.

    Args:
        home: The home.
        now: Aware; the present unless given.
    """
    published = read_build(home.warehouse)
    runs = past_runs(home)
    channel: Channel = "live"
    if published:
        channel = "sample" if published.is_simulated else published.profile
    sources = tuple(freshness_of_sources(home, channel, now))
    if channel == "sample":  # a made-up world does not age
        sources = tuple(replace(s, is_stale=False, reason="simulated") for s in sources)
    put_in_place = [run for run in runs if run.result in PUT_IN_PLACE]
    status = Status(
        home=str(home.path),
        published=published,
        last_run=runs[-1] if runs else None,
        last_publish=put_in_place[-1] if put_in_place else None,
        writer=writer_of(home.path),
        sources=sources,
        attention=(),
    )
    return replace(status, attention=tuple(_attention(status, home)))


def _attention(status: Status, home: Home) -> Iterator[str]:
    if status.last_run and status.last_run.result == "failed":
        error = status.last_run.error
        yield f"The last run failed ({error}): runs/{status.last_run.run}.json says all about it."
    writable = can_be_written(home.path)
    if not writable:
        yield f"{status.home} cannot be written: set ASYMMETRY_HOME to a folder of yours."
    if status.published is None:
        if not writable:
            return  # no refresh would mend it
        if home.warehouse.is_file():
            yield "The published file cannot be read: `asymmetry rollback --list`, or refresh."
        else:
            yield "Nothing is published: `asymmetry refresh`."
        return
    for source in status.sources:
        if source.is_stale:
            yield f"{source.slug} is stale ({source.reason}): `asymmetry refresh`."
    newest = {source.slug: source.snapshot_id for source in status.sources}
    yield from release_warnings(home, status.published.snapshots, newest)
    yield from _losses(home)
    yield from discovery_warnings(home)
    newer = _newer(status, status.published)
    other_code = _is_of_other_code(status.published, home)
    if newer:
        yield f"Newer bytes than the published ones are here: {', '.join(newer)}."
    if other_code:
        yield "Code, lists or libraries have changed since the build."
    if newer or other_code:
        if status.last_publish and status.last_publish.result == "rolled_back":
            yield "It was put back by hand: the next refresh publishes a newer build again."
        yield "`asymmetry plan` says what a refresh would do."


def _losses(home: Home) -> Iterator[str]:
    """Codes that no list knows, and states and figures that are gone, by name."""
    with read_published(home.warehouse) as connection:
        for lost in lost_names(connection, (*LOSS_RULES, EVERY_STATE_HAS_ROWS)):
            names = textwrap.shorten(", ".join(lost.names), 120, placeholder=" …")
            yield f"{lost.table}, {lost.rule}: {names}. `meta.quarantine` has the rows."


def _newer(status: Status, published: PublishedBuild) -> list[str]:
    return [
        s.slug
        for s in status.sources
        if s.snapshot_id and published.snapshots.get(s.slug) != s.snapshot_id
    ]


def _is_of_other_code(published: PublishedBuild, home: Home) -> bool:
    """Whether this code would give the published bytes another build id."""
    if set(published.snapshots) != set(load_declarations()):
        return True
    store = SnapshotStore(home.snapshots)
    hashes = {slug: store.load(name).sha256 for slug, name in published.snapshots.items()}
    return plan_build(hashes, user_files_of(published.parameters)).build_id != published.build_id
