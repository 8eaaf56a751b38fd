"""`asymmetry restore --check`: would this backup give the builds back?

Snapshots, files of users and acceptances cannot be made again; all else follows from them. So a
backup is good when it has them whole, for every build that is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.fetch.errors import FetchError
from flows.fetch.snapshots import SnapshotStore
from flows.home.build_files import sha256_of_file
from flows.home.builds import BUILDS_KEPT, files_of_builds
from flows.home.covariates import covariates_file, user_files_of
from flows.home.past_run import PastRun
from flows.home.paths import Home
from flows.home.release_records import ReleaseRecords
from flows.home.run_history import PUT_IN_PLACE, Records, read_records
from flows.operations.integrity import hash_snapshots
from flows.sources import load_declarations
from warehouse.catalog.builds import read_build

PARTS = ("snapshots", "covariates", "releases", "runs")
"""Folders of a home that a backup has; the second and third only where anybody has used them."""


@dataclass(frozen=True)
class BackupCheck:
    """What a backup is worth.

    Attributes:
        n_snapshots: Snapshots whose bytes are what their records and names say.
        n_builds: Builds whose snapshots and files of users are all there.
        faults: What is missing or damaged, each with what to do; empty where the backup is good.
        younger: Snapshots of the home that are not in the backup, and that no kept build needs:
            they came after it was made.
    """

    n_snapshots: int
    n_builds: int
    faults: tuple[str, ...]
    younger: tuple[str, ...]


@dataclass(frozen=True)
class _Build:
    name: str
    snapshots: Mapping[str, str]
    user_files: Mapping[str, str]


def check_backup(folder: Path, home: Home) -> BackupCheck:
    """Opens a backup, hashes what is in it, and looks for all that kept builds need.

    Args:
        folder: The backup, laid out as a home is.
        home: The home, whose builds are looked for; those that the backup's own records of runs
            name are looked for in any case, so it may be empty or gone.
    """
    backup = Home.at(folder)
    if not backup.snapshots.is_dir():
        fault = f"{backup.snapshots} is no folder: a backup has the folders {', '.join(PARTS)}."
        return BackupCheck(0, 0, (fault,), ())
    hashed, records = hash_snapshots(backup), read_records(backup)
    builds = {build.name: build for build in (*_recorded(records.runs), *_kept(home))}
    faults, n_good = [*hashed.faults], 0
    for build in builds.values():
        lacking = [*_lacking(build, backup)]
        faults += lacking
        n_good += not lacking
    if not builds:
        faults.append(
            f"Neither {backup.runs} nor {home.path} says which build was published, so it is not"
            " known which snapshots are needed. Back up runs/ as well."
        )
    faults += [*_unreadable(backup, records), *_left_behind(backup, home)]
    needed = {name for build in builds.values() for name in build.snapshots.values()}
    younger = [name for name in _snapshots_of(home) if not _has(backup, name)]
    return BackupCheck(
        hashed.n_good,
        n_good,
        tuple(dict.fromkeys(faults)),
        tuple(name for name in younger if name not in needed),
    )


def _recorded(runs: Sequence[PastRun]) -> Iterator[_Build]:
    """The newest builds that the backup's records of runs have put in place."""
    found: dict[str, _Build] = {}
    for run in reversed(runs):
        if run.result in PUT_IN_PLACE and run.build_id:
            build = _Build(run.build_id, run.snapshots, user_files_of(run.parameters))
            found.setdefault(run.build_id, build)
        if len(found) == BUILDS_KEPT:
            break
    yield from found.values()


def _kept(home: Home) -> Iterator[_Build]:
    """The published build of the home, and those that it keeps."""
    for path in (home.warehouse, *files_of_builds(home)):
        if build := read_build(path):
            yield _Build(build.build_id, build.snapshots, user_files_of(build.parameters))


def _lacking(build: _Build, backup: Home) -> Iterator[str]:
    store, needs = SnapshotStore(backup.snapshots), f"build {build.name[:12]} needs it"
    for snapshot_id in build.snapshots.values():
        if not _has(backup, snapshot_id):
            yield f"Snapshot {snapshot_id} is not in the backup, and {needs}: back up again."
            continue
        try:
            store.load(snapshot_id)
        except FetchError as error:
            yield str(error)
    for kind, sha256 in build.user_files.items():
        path = covariates_file(sha256, backup)
        if not path.is_file():
            yield f"The file of {kind} {sha256[:12]} is not in the backup, and {needs}."
        elif (found := sha256_of_file(path)) != sha256:
            yield f"{path} hashes to {found}, its name says {sha256}; {needs}."


def _unreadable(backup: Home, records: Records) -> Iterator[str]:
    store = SnapshotStore(backup.snapshots)
    for slug in load_declarations():
        try:
            store.fetches(slug)
        except FetchError as error:
            yield str(error)
    yield from (f"{damaged}: back up again." for damaged in records.damaged)
    for run in records.runs:
        if run.result in PUT_IN_PLACE and not (run.build_id and run.snapshots):
            path = backup.runs / f"{run.run}.json"
            yield f"{path} does not say what was published, and of which snapshots: back up again."
    for number in ReleaseRecords(backup).unreadable_lines():
        yield f"{backup.releases}/accepted.jsonl, line {number}: no acceptance. Back up again."


def _left_behind(backup: Home, home: Home) -> Iterator[str]:
    """Says what the home has and cannot be made again, and the backup has nothing of."""
    for slug in load_declarations():
        log = SnapshotStore(backup.snapshots).log_path(slug)
        if any(backup.snapshots.glob(f"{slug}/{slug}.*")) and not _has_lines(log):
            yield (
                f"{log} is missing or empty: without it no snapshot of {slug} counts as fetched"
                " from anywhere, and no build is made of it. Back up again."
            )
    if any(home.runs.glob("*.json")) and not any(backup.runs.glob("*.json")):
        yield (
            f"{backup.runs} has no record of a run, and {home.runs} has: when which build was"
            " published would be forgotten. Back up again."
        )
    accepted = ReleaseRecords(backup).accepted_file
    if _has_lines(ReleaseRecords(home).accepted_file) and not _has_lines(accepted):
        yield f"{accepted} is missing or empty, and the home has acceptances. Back up again."


def _has_lines(path: Path) -> bool:
    return path.is_file() and bool(path.read_bytes().strip())


def _snapshots_of(home: Home) -> list[str]:
    return [
        folder.name
        for slug in load_declarations()
        for folder in sorted(home.snapshots.glob(f"{slug}/{slug}.*"))
    ]


def _has(backup: Home, snapshot_id: str) -> bool:
    return (backup.snapshots / snapshot_id.partition(".")[0] / snapshot_id).is_dir()
