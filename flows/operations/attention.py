"""What `asymmetry status` finds not as it should be: each line says what to do.

Every question is asked by itself: one that cannot be answered, for a file is damaged, says so and
keeps nobody from the others.
"""

import os
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from expectations.absent_states import EVERY_STATE_HAS_ROWS
from expectations.gate.losses import LOSS_RULES
from flows.fetch.errors import FetchError
from flows.fetch.snapshots import SnapshotStore
from flows.home.builds import kept_builds, unreadable
from flows.home.clock import order_of
from flows.home.past_run import PastRun
from flows.home.paths import Home
from flows.home.run_history import (
    REFRESH_SOURCE,
    VERIFY,
    began_ahead,
    run_order,
    runs_without_record,
)
from flows.operations.freshness import Freshness
from warehouse.catalog.builds import PublishedBuild
from warehouse.catalog.validation import lost_names
from warehouse.db import InUseError, QueryError, read_published

WITHOUT_LOCK = (VERIFY, REFRESH_SOURCE)
"""Flows that may run beside a writer."""

_MOST_NAMED = 3
_LONGEST_ERROR = 400
_WORKED = ("published", "unchanged")


def answered(subject: str, question: Callable[[], Iterable[str]]) -> Iterator[str]:
    """What a question finds, or that it cannot be answered.

    Args:
        subject: What is looked at, for the line that says so.
        question: Looks.
    """
    try:
        yield from question()
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        yield (
            f"{subject} could not be looked at ({type(error).__name__}: {first})."
            " `asymmetry doctor` looks closer."
        )


def failed_runs(runs: Sequence[PastRun]) -> list[PastRun]:
    """The last run of each flow, where it failed and no later one has made up for it.

    A cancelled run neither has failed nor makes up for one that has.
    """
    last: dict[str, tuple[int, PastRun]] = {}
    for place, run in enumerate(runs):
        if run.result != "cancelled":
            last[run.flow] = place, run
    worked = max((place for place, r in enumerate(runs) if r.result in _WORKED), default=-1)
    return [
        run
        for place, run in last.values()
        if run.result == "failed"
        and not run.source_errors  # told of by source
        and (place > worked or run.flow not in _MADE_UP_FOR)
    ]


def _in_short(error: str | None) -> str:
    return textwrap.shorten(str(error), _LONGEST_ERROR, placeholder=" …")


_MADE_UP_FOR = ("refresh", "build-and-publish", "rebuild-as-of", "rollback")
"""Flows of which a later publication, or that there was nothing new, leaves nothing to do."""


def lines_of_clock(runs: Iterable[PastRun]) -> Iterator[str]:
    """Says that records of runs bear times that have not come yet."""
    if ahead := [began for run in runs if (began := began_ahead(run.run))]:
        yield (
            f"{len(ahead)} runs are recorded as of the future, the last of"
            f" {max(ahead):%Y-%m-%d %H:%M} UTC: the clock of this machine was ahead then, or is"
            " behind now. They count as older than all others; set the clock, if it is wrong."
        )


def lines_of_failed(runs: Iterable[PastRun]) -> Iterator[str]:
    """Says which runs have failed, and where more is to be read.

    Not of those that verify: `flows.operations.open_faults` says what is open of it.
    """
    for run in runs:
        if run.flow == VERIFY:
            continue
        what = "The last run" if run.flow == "refresh" else f"The last run of {run.flow}"
        error = _in_short(run.error)
        yield f"{what} failed ({error}): runs/{run.run}.json says all about it."


def lines_of_sources(runs: Sequence[PastRun], home: Home) -> Iterator[str]:
    """Says which sources could not be fetched by themselves, and were not fetched since."""
    last = {s: run for run in runs if run.flow == REFRESH_SOURCE for s in run.source_errors}
    store = SnapshotStore(home.snapshots)
    for slug, run in sorted(last.items()):
        began = order_of(run.started_at)
        if any(order_of(f.fetched_at) >= began for f in store.fetches(slug)):
            continue
        error = _in_short(run.source_errors[slug].partition("\n")[0])
        yield (
            f"{slug} could not be fetched on {run.started_at[:16].replace('T', ' ')} UTC ({error})."
            f" What was fetched before is used; runs/{run.run}.json."
        )


def lines_of_killed(runs: Sequence[PastRun], home: Home) -> Iterator[str]:
    """Says that the last run has left no record; for a home in which nobody writes."""
    names = [run.run for run in runs if run.flow not in WITHOUT_LOCK]
    last = max(map(run_order, names), default=(False, ""))
    for name in runs_without_record(home)[-1:]:
        if run_order(name) > last:
            yield (
                f"The run of {name[:4]}-{name[4:6]}-{name[6:8]} {name[9:11]}:{name[11:13]} UTC left"
                " no record: its process was killed, or the machine stopped. What it had finished"
                f" is kept, and the next run goes on from there; runs/{name}.log.jsonl is its log."
            )


def lines_of_closed_folders(home: Home) -> Iterator[str]:
    """Names folders of the home that cannot be listed: they would seem to be empty."""
    for folder in (home.runs, home.builds, home.steps):
        if not os.path.lexists(folder):  # a link that leads nowhere is there
            continue
        try:
            next(folder.iterdir(), None)
        except OSError as error:
            yield (
                f"{folder} cannot be listed ({error.strerror}), so what is in it is not known:"
                " make it a folder that you can read. Nothing was changed."
            )


def lines_of_unpublished(home: Home) -> Iterator[str]:
    """Says that nothing is published that can be read, and what publishes something again."""
    what = "Nothing is published"
    if home.warehouse.is_file():
        what = f"The published file {home.warehouse} holds no build"
        try:
            with read_published(home.warehouse):
                pass
        except InUseError as error:
            yield unreadable(home.warehouse, error)
            return
        except QueryError as error:
            first = str(error).splitlines()[0]
            what = f"The published file {home.warehouse} cannot be read ({first})"
    kept = [one.build for one in kept_builds(home) if one.build]
    real = [build for build in kept if not build.is_simulated]
    if not kept:
        yield f"{what}: `asymmetry refresh`."
        return
    newest = (real or kept)[0]
    of_real, refresh = "", "`asymmetry refresh` makes a new one"
    if real:  # as `flows.home.real_figures` wants it
        of_real = " of real figures"
        where = " --mirror DIR" if newest.profile == "mirror" else ""
        refresh = (
            f"`asymmetry refresh --profile {newest.profile}{where}` makes a new one (without"
            " --profile it is refused: it would publish simulated figures beside real ones)"
        )
    yield (
        f"{what}; {home.builds} keeps {len(kept)} build{'s' * (len(kept) > 1)} that can be read:"
        f" `asymmetry rollback {newest.build_id[:12]}` publishes the newest{of_real} again, as it"
        f" was built on {newest.built_at:%Y-%m-%d}; {refresh}."
    )


def lines_of_snapshots(published: PublishedBuild, home: Home) -> Iterator[str]:
    """Says which snapshots of the published build are gone, or of another size than recorded."""
    store = SnapshotStore(home.snapshots)
    used = published.snapshots.values()
    if used and not any((store.folder / i.partition(".")[0] / i).exists() for i in used):
        yield (
            f"All {len(used)} snapshots that the published build was made of are gone from"
            f" {store.folder}. Queries do not need them, a new build does: put the folder back from"
            " a backup (docs/runbook.md); publishers may have other files by now."
        )
        return
    faults = []
    for snapshot_id in used:
        try:
            store.load(snapshot_id)
        except FetchError as error:
            faults.append(str(error))
    for fault in faults[:_MOST_NAMED]:
        yield f"The published build was made of {fault}"
    if len(faults) > _MOST_NAMED:
        yield f"And so with {len(faults) - _MOST_NAMED} more of its snapshots: `asymmetry doctor`."


def lines_of_losses(home: Home) -> Iterator[str]:
    """Codes that no list knows, and states and figures that are gone, by name."""
    with read_published(home.warehouse) as connection:
        for lost in lost_names(connection, (*LOSS_RULES, EVERY_STATE_HAS_ROWS)):
            names = textwrap.shorten(", ".join(lost.names), 120, placeholder=" …")
            yield f"{lost.table}, {lost.rule}: {names}. `meta.quarantine` has the rows."


def lines_of_stale(sources: Iterable[Freshness]) -> Iterator[str]:
    """Says which sources nobody has asked for too long, or whose log cannot be read."""
    listed = [*sources]
    unknown = [s.slug for s in listed if s.is_readable and s.is_stale and s.asked_at is None]
    if len(unknown) > _MOST_NAMED:
        more = f"{', '.join(unknown[:_MOST_NAMED])} and {len(unknown) - _MOST_NAMED} more"
        yield f"Of {more} no fetch is logged here, so they are stale: `asymmetry refresh`."
        listed = [s for s in listed if s.slug not in unknown]
    for source in listed:
        if not source.is_readable:
            yield f"{source.slug}: {source.reason}"
        elif source.is_stale:
            yield f"{source.slug} is stale ({source.reason}): `asymmetry refresh`."


def newer_snapshots(sources: Iterable[Freshness], published: PublishedBuild) -> list[str]:
    """Sources of which newer bytes are here than the published ones."""
    return [
        s.slug
        for s in sources
        if s.snapshot_id and published.snapshots.get(s.slug) != s.snapshot_id
    ]
