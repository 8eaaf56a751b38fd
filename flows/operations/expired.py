"""What a home no longer needs, and why everything else stays. Looks; deletes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.engine.chunks import SUFFIX
from flows.fetch.pins import load_lock
from flows.fetch.snapshots import SnapshotStore
from flows.home.build_files import build_file, checksum_file
from flows.home.builds import files_of_builds
from flows.home.discovered import held_candidates
from flows.home.paths import Home
from flows.home.run_history import last_verifications, read_records
from flows.operations.incomplete import abandoned_pieces, half_written
from flows.sources import load_declarations
from warehouse.catalog.builds import read_build, require_build
from warehouse.db import QueryError

# No run is let to take longer (`timeout_seconds` of the flows): what is older belongs to nobody.
_DAYS_OF_A_RUN = 1


class UnknownNeedsError(RuntimeError):
    """What is to be kept cannot be read, so what it needs is not known; nothing was deleted."""


@dataclass(frozen=True)
class RetentionPolicy:
    """How far back a home remembers.

    Attributes:
        runs_before: Records of runs that ended earlier may go.
        steps_before: Steps and pieces of steps that are older may go; younger ones may belong
            to a run that is to be resumed.
        unfinished_before: Half-written files that are older may go: no run goes on for so long.
        builds_kept: Newest builds that stay, besides the published one.
    """

    runs_before: datetime
    steps_before: datetime
    unfinished_before: datetime
    builds_kept: int

    @classmethod
    def days(
        cls, runs: int, steps: int, builds: int, now: datetime | None = None
    ) -> "RetentionPolicy":
        """Counts days back from now."""
        now = now or datetime.now(UTC)
        r, s, u = (now - timedelta(days=n) for n in (runs, steps, _DAYS_OF_A_RUN))
        return cls(runs_before=r, steps_before=s, unfinished_before=u, builds_kept=builds)


@dataclass(frozen=True)
class Expired:
    """What may be deleted, each entry a file or a folder."""

    runs: tuple[Path, ...]
    builds: tuple[Path, ...]
    steps: tuple[Path, ...]
    snapshots: tuple[Path, ...]
    unfinished: tuple[Path, ...]

    def counts(self) -> dict[str, int]:
        """Number of entries by kind."""
        return {kind: len(paths) for kind, paths in vars(self).items()}


@dataclass(frozen=True)
class _Needed:
    steps: set[tuple[str, str]]
    snapshots: set[str]


def find_leftovers(home: Home, horizon: RetentionPolicy) -> Expired:
    """Finds what neither a kept build, a kept run, the lock nor the next fetch needs.

    Args:
        home: The home.
        horizon: How far back it remembers.

    Raises:
        QueryError: A build that is to be kept cannot be read, so what it needs is not known.
        UnknownNeedsError: So with the record of a run.
    """
    kept, old_builds = _builds(home, horizon)
    needed = _needed_by(kept)
    # a release that waits is accepted by its bytes
    needed.snapshots.update(c.snapshot_id for c in held_candidates(home) if c.snapshot_id)
    old_runs = tuple(_runs(home, horizon, needed))
    return Expired(
        runs=old_runs,
        builds=tuple(old_builds),
        steps=tuple(_steps(home, horizon, needed)),
        snapshots=tuple(_snapshots(home, needed)),
        unfinished=tuple(_unfinished(home, horizon)),
    )


def _builds(home: Home, horizon: RetentionPolicy) -> tuple[list[Path], list[Path]]:
    found = sorted(files_of_builds(home), key=lambda p: p.stat().st_mtime, reverse=True)
    kept, old = found[: horizon.builds_kept], found[horizon.builds_kept :]
    if home.warehouse.is_file():
        kept = [*kept, home.warehouse]
        # the published build stays; homes of earlier versions have it as a hard link
        published = read_build(home.warehouse)
        its_file = build_file(published.build_id, home) if published else None
        old = [p for p in old if p != its_file and not p.samefile(home.warehouse)]
    return kept, [file for path in old for file in (path, checksum_file(path)) if file.exists()]


def _needed_by(builds: list[Path]) -> _Needed:
    needed = _Needed(set(), set())
    for path in builds:
        try:
            build = require_build(path)
        except QueryError as error:
            raise QueryError(
                f"{path} is to be kept and cannot be read ({error}), so what it needs is not"
                " known. Nothing was deleted. Remove that file, or restore it, and run again."
            ) from error
        needed.steps.update((step, of[:16]) for step, of in build.step_hashes.items())
        needed.snapshots.update(build.snapshots.values())
    return needed


def _runs(home: Home, horizon: RetentionPolicy, needed: _Needed) -> Iterator[Path]:
    """Yields old records and logs.

    The snapshots of all other records are needed, so that their states can be rebuilt.
    """
    for pattern in ("*.log.jsonl", "*.traceback.txt"):
        yield from (p for p in sorted(home.runs.glob(pattern)) if _is_old(p, horizon))
    records = read_records(home)
    for error in records.damaged:
        raise UnknownNeedsError(
            f"{error}, so which snapshots its run was made from is not known. Nothing was deleted."
            " Put that record back from a backup, or delete it, and run again."
        ) from error
    # what it has found wrong is told until it is found right (`flows.operations.open_faults`)
    last_verified = [run.run for run in last_verifications(home)[-1:]]
    for run in records.runs:
        is_old = datetime.fromisoformat(run.ended_at) < horizon.runs_before
        if is_old and run.run not in last_verified:
            yield home.runs / f"{run.run}.json"
        else:
            needed.snapshots.update(run.snapshots.values())


def _steps(home: Home, horizon: RetentionPolicy, needed: _Needed) -> Iterator[Path]:
    for folder in sorted(home.steps.glob("*/[!.]*")):
        if folder.name.endswith(SUFFIX):
            continue
        is_needed = (folder.parent.name, folder.name) in needed.steps
        if not is_needed and _changed_at(folder) < horizon.steps_before:
            yield folder


def _snapshots(home: Home, needed: _Needed) -> Iterator[Path]:
    store, pinned = SnapshotStore(home.snapshots), load_lock()
    for slug in load_declarations():
        # the newest of each channel is what the next fetch compares with
        newest = {f.channel: f.snapshot_id for f in store.fetches(slug)}
        for snapshot in store.snapshots(slug):
            is_pinned = slug in pinned and pinned[slug].sha256 == snapshot.sha256
            is_newest = snapshot.snapshot_id in newest.values()
            if not (is_pinned or is_newest or snapshot.snapshot_id in needed.snapshots):
                yield snapshot.path.parent


def _unfinished(home: Home, horizon: RetentionPolicy) -> list[Path]:
    found = set(half_written(home, horizon.unfinished_before))
    found.update(abandoned_pieces(home, horizon.unfinished_before, horizon.steps_before))
    return sorted(found)


def _is_old(log: Path, horizon: RetentionPolicy) -> bool:
    return _changed_at(log) < horizon.runs_before


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
