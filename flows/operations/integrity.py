"""Are stored bytes what they were? The nightly check, `asymmetry doctor` and a refresh ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.fetch.errors import FetchError
from flows.fetch.snapshots import SnapshotStore
from flows.home.build_files import (
    ADVICE,
    build_file,
    checksum_file,
    fault_of_bytes,
    recorded_checksum,
    sha256_of_file,
    unknown_bytes,
)
from flows.home.builds import files_of_builds, unreadable
from flows.home.paths import Home
from flows.sources import load_declarations
from warehouse.catalog.builds import PublishedBuild, current_build, read_build, read_through
from warehouse.db import InUseError, QueryError, WarehouseMissingError, read_published

_ADVICE_OF_KEPT = (
    "`asymmetry rollback` refuses it. Put it back from a backup, or delete both files: `asymmetry"
    " rebuild {} --output FILE` makes that state again, of its own snapshots."
)


@dataclass(frozen=True)
class Hashed:
    """What was hashed again.

    Attributes:
        n_good: How many are as they were.
        faults: A message for each that is not, with what to do.
        damaged: Their names.
        unrecorded: Files of which nothing was recorded that they could be compared with.
    """

    n_good: int
    faults: tuple[str, ...]
    damaged: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()


def hash_snapshots(home: Home) -> Hashed:
    """Compares every stored file with the hash that its record and its name state."""
    store = SnapshotStore(home.snapshots)
    n_good, faults, damaged = 0, [], []
    for slug in load_declarations():
        for folder in sorted((store.folder / slug).glob(f"{slug}.*")):
            try:
                store.verify(store.load(folder.name))
                n_good += 1
            except FetchError as error:
                faults.append(str(error))
                damaged.append(folder.name)
    return Hashed(n_good, tuple(faults), tuple(damaged))


def hash_steps(home: Home) -> Hashed:
    """Compares every file of every finished step with the hash that its record states."""
    from flows.engine.store import (  # here: no other question needs Polars
        StepDamagedError,
        StepStore,
    )

    store = StepStore(home.steps)
    n_good, faults = 0, []
    for folder in store.folders():
        try:
            store.verify(folder)
            n_good += 1
        except StepDamagedError as error:
            faults.append(str(error))
    return Hashed(n_good, tuple(faults))


def hash_builds(home: Home) -> Hashed:
    """Compares every kept build with the checksum beside it; `rollback` would publish it."""
    n_good, faults, damaged, unrecorded = 0, [], [], []
    for path in files_of_builds(home):
        stated, fault = recorded_checksum(path), None
        if stated is not None and stated != (found := sha256_of_file(path)):
            fault = f"hashes to {found}, {checksum_file(path).name} says {stated}"
        elif stated is None and (why := _why_unreadable(path)):
            fault = f"cannot be read ({why}), and {checksum_file(path).name} says nothing of it"
        if fault:
            faults.append(
                f"The kept build {path} {fault}. {_ADVICE_OF_KEPT.format(path.stem[:12])}"
            )
            damaged.append(path.name)
        elif stated is None:
            unrecorded.append(path.name)
        else:
            n_good += 1
    return Hashed(n_good, tuple(faults), tuple(damaged), tuple(unrecorded))


def _why_unreadable(path: Path) -> str | None:
    """Why a build cannot be read to its end; None where it can."""
    try:
        with read_published(path) as connection:
            if current_build(connection) is None:
                return "it holds no build"
            read_through(connection)
    except QueryError as error:
        return str(error).splitlines()[0]
    return None


def unreadable_fetches(home: Home) -> Iterator[str]:
    """Says which logs of fetches cannot be read."""
    for slug in load_declarations():
        try:
            SnapshotStore(home.snapshots).fetches(slug)
        except FetchError as error:
            yield str(error)


def needed_snapshots(home: Home) -> dict[str, str]:
    """Snapshots that the published or a kept build was made of, each with the file of one."""
    needed: dict[str, str] = {}
    for path in (home.warehouse, *files_of_builds(home)):
        build = read_build(path)
        for snapshot_id in build.snapshots.values() if build else ():
            needed.setdefault(snapshot_id, path.name)
    return needed


def missing_snapshots(home: Home) -> Iterator[str]:
    """Says which snapshots are gone that the published or a kept build was made of.

    Their bytes are elsewhere, if anywhere: publishers replace their files.
    """
    store = SnapshotStore(home.snapshots)
    for snapshot_id, name in needed_snapshots(home).items():
        folder = store.folder / snapshot_id.partition(".")[0] / snapshot_id
        if not folder.exists():
            yield (
                f"snapshot {snapshot_id} is gone, and {name} was made of it. Queries do not need"
                f" it, a new build does: put the folder {folder} back from a backup"
                " (docs/runbook.md), or fetch the source again."
            )


def open_published(home: Home) -> tuple[PublishedBuild | None, tuple[str, ...]]:
    """The published build, and why it cannot be read; no file is no fault.

    Raises:
        InUseError: Another program has it open for writing, so nothing is known of it.
    """
    path = home.warehouse
    try:
        with read_published(path) as connection:
            build = current_build(connection)
    except WarehouseMissingError:
        return None, ()
    except InUseError:
        raise
    except QueryError as error:
        return None, (f"{unreadable(path, error)}; `asymmetry rollback` publishes one of them.",)
    return build, () if build else (f"{path} holds no build. {ADVICE}",)


def hash_published(home: Home, build: PublishedBuild) -> str | None:
    """Compares the published file with the checksum of its build.

    Returns:
        What is wrong with it, and what to do; None where it is as it was written, or where no
        checksum was recorded.
    """
    return fault_of_bytes(home.warehouse, build.build_id, home)


def doubt_of_published(home: Home, build: PublishedBuild) -> str | None:
    """As `hash_published`; also where no checksum was recorded, so that nothing is known."""
    return hash_published(home, build) or unknown_bytes(build.build_id, home)


def checksum_of(home: Home, build: PublishedBuild) -> str | None:
    """The checksum of a build, recorded when it was written; None where there is none."""
    return recorded_checksum(build_file(build.build_id, home))
