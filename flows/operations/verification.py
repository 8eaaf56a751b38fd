"""What a home can prove of itself: bytes as they were, none gone, cells as the bytes give."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.engine.code_version import code_version
from flows.home.builds import unreadable
from flows.home.paths import Home
from flows.operations.compare_cells import Asked
from flows.operations.integrity import (
    checksum_of,
    hash_builds,
    hash_published,
    hash_snapshots,
    hash_steps,
    missing_snapshots,
    needed_snapshots,
    open_published,
    unreadable_fetches,
)
from flows.operations.known_plan import is_of_other_code
from flows.operations.open_faults import (
    BUILDS,
    EVERYTHING,
    FETCHES,
    FILE,
    SNAPSHOTS,
    STEPS,
    Fault,
    LookedAt,
    cells_of,
    faults_of,
    rows_of,
)
from flows.operations.rederive import Rederived, rederive
from warehouse.catalog.builds import PublishedBuild, column_drift
from warehouse.db import InUseError, QueryError, read_published

_IN_MESSAGE = 3


class VerificationError(RuntimeError):
    """Stored bytes are not what they were, or published cells are not what the bytes give.

    Args:
        faults: What does not hold; the message has the first of them.
        intact: What does, in sentences.
    """

    def __init__(self, faults: Sequence[Fault], intact: Sequence[str] = ()) -> None:
        said = [fault.text for fault in faults[:_IN_MESSAGE]]
        if len(faults) > _IN_MESSAGE:
            said.append(f"And {len(faults) - _IN_MESSAGE:,} more: `asymmetry verify` names them.")
        super().__init__(" ".join([*said, *intact]))


@dataclass(frozen=True)
class Bytes:
    """What is stored, compared with what was recorded.

    Attributes:
        n_snapshots: Snapshots that are as they were.
        n_needed: Snapshots that kept builds were made of, all of which are there.
        n_steps: Finished steps that are as they were.
        n_builds: Kept builds that are as they were.
        unrecorded: Names of kept builds of which no checksum was recorded.
        faults: What does not hold, each with what to do.
        damaged: Ids of the snapshots that are not as they were.
    """

    n_snapshots: int
    n_needed: int
    n_steps: int
    n_builds: int
    unrecorded: tuple[str, ...]
    faults: tuple[Fault, ...]
    damaged: tuple[str, ...]

    @property
    def subjects(self) -> frozenset[str]:
        """What was looked at as a whole."""
        # of a kept build that nothing was recorded of, it is not known whether it is right again
        kept = {BUILDS} if not self.unrecorded else set()
        return frozenset({SNAPSHOTS, FETCHES, STEPS} | kept)

    @property
    def counts(self) -> dict[str, Any]:
        """What the record of a run keeps of it."""
        return {
            "n_snapshots": self.n_snapshots,
            "n_steps": self.n_steps,
            "n_builds": self.n_builds,
        }


@dataclass(frozen=True)
class File:
    """The published file, compared with what was recorded when it was written.

    Attributes:
        build: What it holds; None where there is none that can be read.
        is_recorded: Whether its checksum was recorded.
        drift: Where its tables are of other contracts than this code.
        other_code: That other code has made it than this, in words; None where it is the same.
        faults: What is wrong, with what to do.
        is_in_use: Whether another program has it open for writing, so that nothing was read.
    """

    build: PublishedBuild | None
    is_recorded: bool
    drift: tuple[str, ...]
    other_code: str | None
    faults: tuple[Fault, ...]
    is_in_use: bool = False

    @property
    def subjects(self) -> frozenset[str]:
        """What was looked at as a whole: nothing, where there is nothing to compare it with."""
        is_known = self.is_recorded or self.build is None
        return frozenset({FILE} if is_known and not self.is_in_use else ())

    @property
    def counts(self) -> dict[str, Any]:
        """What the record of a run keeps of it."""
        build_id = self.build.build_id if self.build else None
        return {"build_id": build_id, "is_file_hashed": self.is_recorded}


def verify_bytes(home: Home) -> Bytes:
    """Hashes snapshots, finished steps and kept builds again, and looks for what is gone."""
    hashed, steps, builds = hash_snapshots(home), hash_steps(home), hash_builds(home)
    needed, missing = needed_snapshots(home), tuple(missing_snapshots(home))
    return Bytes(
        n_snapshots=hashed.n_good,
        n_needed=len(needed) - len(missing),
        n_steps=steps.n_good,
        n_builds=builds.n_good,
        unrecorded=builds.unrecorded,
        faults=(
            *faults_of(SNAPSHOTS, (*hashed.faults, *missing)),
            *faults_of(FETCHES, unreadable_fetches(home)),
            *faults_of(STEPS, steps.faults),
            *faults_of(BUILDS, builds.faults),
        ),
        damaged=hashed.damaged,
    )


def verify_file(home: Home) -> File:
    """Opens the published file, and hashes it again."""
    try:
        build, faults = open_published(home)
    except InUseError as error:  # not looked at: a fault without a subject is not remembered
        unread = Fault("", unreadable(home.warehouse, error))
        return File(None, False, (), None, (unread,), is_in_use=True)
    if build is None:
        return File(None, False, (), None, tuple(faults_of(FILE, faults)))
    try:
        with read_published(home.warehouse) as connection:
            drift = tuple(column_drift(connection))
    except QueryError as error:
        drift, faults = (), (*faults, str(error))
    if fault := hash_published(home, build):
        faults = (*faults, fault)
    is_recorded = checksum_of(home, build) is not None
    return File(build, is_recorded, drift, _other_code(build, home), tuple(faults_of(FILE, faults)))


def _other_code(build: PublishedBuild, home: Home) -> str | None:
    then, now = build.code_version, code_version()
    if is_of_other_code(build, home):
        return (
            f"Built by other code than that which verifies (version {then}; here {now}): a refresh"
            " would make another build of the same bytes, which `asymmetry plan` shows. Where a"
            " cell differs, either code may be why."
        )
    if then != now:
        return f"Built by version {then}; here is {now}, which makes the same build."
    return None


def verify_cells(
    home: Home, build: PublishedBuild, asked: Asked, damaged: tuple[str, ...] = ()
) -> Rederived:
    """Derives cells of the published file again.

    Args:
        home: The home.
        build: What the file holds.
        asked: Which cells.
        damaged: Snapshots that nothing is derived from.
    """
    try:
        with read_published(home.warehouse) as connection:
            return rederive(connection, build, home, asked, damaged)
    except QueryError as error:  # a damaged block, which hashing has found
        return Rederived(left_out={"every table": f"the published file cannot be read ({error})"})


def looked_at(stored: Bytes, file: File, cells: Rederived | None, asked: Asked) -> LookedAt:
    """What a verification has looked at, for its record."""
    subjects = {*stored.subjects, *file.subjects}
    if asked.table is None and (cells or not file.build) and not file.is_in_use:
        subjects.add(EVERYTHING)
    rows = {}
    for table, of_table in (cells.rows if cells else {}).items():
        again = () if asked.row else asked.again.get(cells_of(table), ())
        rows[cells_of(table)] = [*of_table, *again]  # also those that are gone by now
        if asked.every_cell and not asked.row:
            subjects.add(cells_of(table))
    subjects.update(rows_of(table) for table in (cells.n_keys if cells else ()))
    build_id = file.build.build_id if file.build else None
    return LookedAt(build_id, frozenset(subjects), rows)


def counts_of(stored: Bytes, file: File, cells: Rederived | None) -> dict[str, Any]:
    """What the record of a run keeps of it, which `asymmetry status` reads."""
    counts = {**stored.counts, **file.counts}
    if cells:
        counts |= {"n_cells": sum(cells.n_cells.values()), "n_tables": len(cells.n_cells)}
    return counts


def facts_of(stored: Bytes, file: File, cells: Rederived | None) -> dict[str, Any]:
    """All of it as plain data, for programs."""
    faults = (*stored.faults, *file.faults, *(cells.faults if cells else ()))
    return {
        "snapshots": {"n_good": stored.n_snapshots, "n_needed_there": stored.n_needed},
        "steps": {"n_good": stored.n_steps},
        "builds": {"n_good": stored.n_builds, "without_checksum": list(stored.unrecorded)},
        "published": {
            "build_id": file.build.build_id if file.build else None,
            "is_checksum_recorded": file.is_recorded,
            "drift": list(file.drift),
            "other_code": file.other_code,
        },
        "cells": asdict(cells) if cells else None,
        "faults": [fault.text for fault in faults],
    }
