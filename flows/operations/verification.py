"""What a home can prove of itself: bytes as they were, none gone, cells as the bytes give."""

from dataclasses import asdict, dataclass
from typing import Any

from flows.home.paths import Home
from flows.operations.compare_cells import Asked
from flows.operations.integrity import (
    checksum_of,
    hash_published,
    hash_snapshots,
    hash_steps,
    missing_snapshots,
    needed_snapshots,
    open_published,
)
from flows.operations.rederive import Rederived, rederive
from warehouse.catalog.builds import PublishedBuild, column_drift
from warehouse.db import QueryError, read_published


class VerificationError(RuntimeError):
    """Stored bytes are not what they were, or published cells are not what the bytes give."""


@dataclass(frozen=True)
class Bytes:
    """What is stored, compared with what was recorded.

    Attributes:
        n_snapshots: Snapshots that are as they were.
        n_needed: Snapshots that kept builds were made of, all of which are there.
        n_steps: Finished steps that are as they were.
        faults: What is not, each with what to do.
        damaged: Ids of the snapshots that are not.
    """

    n_snapshots: int
    n_needed: int
    n_steps: int
    faults: tuple[str, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """The published file, compared with what was recorded when it was written.

    Attributes:
        build: What it holds; None where there is none that can be read.
        is_recorded: Whether its checksum was recorded.
        drift: Where its tables are of other contracts than this code.
        faults: What is wrong, with what to do.
    """

    build: PublishedBuild | None
    is_recorded: bool
    drift: tuple[str, ...]
    faults: tuple[str, ...]


def verify_snapshots(home: Home) -> Bytes:
    """Hashes every snapshot and finished step again, and looks for those that are gone."""
    hashed, steps = hash_snapshots(home), hash_steps(home)
    needed, missing = needed_snapshots(home), tuple(missing_snapshots(home))
    return Bytes(
        n_snapshots=hashed.n_good,
        n_needed=len(needed) - len(missing),
        n_steps=steps.n_good,
        faults=(*hashed.faults, *missing, *steps.faults),
        damaged=hashed.damaged,
    )


def verify_file(home: Home) -> File:
    """Opens the published file, and hashes it again."""
    build, faults = open_published(home)
    if build is None:
        return File(None, False, (), faults)
    try:
        with read_published(home.warehouse) as connection:
            drift = tuple(column_drift(connection))
    except QueryError as error:
        drift, faults = (), (*faults, str(error))
    fault = hash_published(home, build)
    found = (*faults, *([fault] if fault else []))
    return File(build, checksum_of(home, build) is not None, drift, found)


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


def counts_of(stored: Bytes, file: File, cells: Rederived | None) -> dict[str, Any]:
    """What the record of a run keeps of it, which `asymmetry status` reads."""
    counts: dict[str, Any] = {
        "build_id": file.build.build_id if file.build else None,
        "n_snapshots": stored.n_snapshots,
        "n_steps": stored.n_steps,
    }
    if cells:
        counts |= {"n_cells": sum(cells.n_cells.values()), "n_tables": len(cells.n_cells)}
    return counts


def facts_of(stored: Bytes, file: File, cells: Rederived | None) -> dict[str, Any]:
    """All of it as plain data, for programs."""
    return {
        "snapshots": {"n_good": stored.n_snapshots, "n_needed_there": stored.n_needed},
        "steps": {"n_good": stored.n_steps},
        "published": {
            "build_id": file.build.build_id if file.build else None,
            "is_checksum_recorded": file.is_recorded,
            "drift": list(file.drift),
        },
        "cells": asdict(cells) if cells else None,
        "faults": [*stored.faults, *file.faults, *(cells.faults if cells else ())],
    }
