"""What processes that died have left half-made, and nobody will take up again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import get_args

from flows.engine.chunks import SUFFIX
from flows.engine.plan import plan_steps
from flows.fetch.route import Profile
from flows.fetch.selection import known_sources
from flows.fetch.snapshots import SnapshotStore
from flows.home.covariates import user_files_of
from flows.home.paths import Home
from warehouse.catalog.builds import read_build


def half_written(home: Home, before: datetime) -> Iterator[Path]:
    """Finds files and folders under the names that they have until they are complete.

    Args:
        home: The home.
        before: Only what nobody has written to since; longer ago than any run goes on.

    Yields:
        Each file or folder.
    """
    places = [*home.builds.glob(".*"), *home.path.glob(".warehouse.*")]
    places += [*home.steps.glob("*/.*"), *home.covariates.glob(".*")]
    places += [path for path in home.exports.glob(".*") if path.is_file()]
    places += SnapshotStore(home.snapshots).incoming.glob("*")
    yield from (path for path in places if _last_written(path) < before)


def abandoned_pieces(
    home: Home, unplanned_before: datetime, planned_before: datetime
) -> Iterator[Path]:
    """Finds the finished pieces of long computations that will not be gone on with.

    Args:
        home: The home.
        unplanned_before: Pieces of a step that is finished, or whose hash no run would ask for
            any more, may go when they are older.
        planned_before: All others, and pieces of a bootstrap or of a calibration by the code
            as it is, which nobody plans, may go when they are older.

    Yields:
        Each folder of pieces.
    """
    folders = [path for path in home.steps.glob(f"*/[!.]*{SUFFIX}") if path.is_dir()]
    planned = _planned(home) if folders else set()
    for folder in folders:
        name = folder.name.removesuffix(SUFFIX)
        is_wanted = (folder.parent.name, name) in planned and not folder.with_name(name).exists()
        if _last_written(folder) < (planned_before if is_wanted else unplanned_before):
            yield folder
    for folder in home.exports.glob(".*"):
        if folder.is_dir() and _last_written(folder) < planned_before:
            yield folder
    yield from _abandoned_worlds(home, unplanned_before, planned_before)


def _abandoned_worlds(
    home: Home, unplanned_before: datetime, planned_before: datetime
) -> Iterator[Path]:
    """Pieces of calibrations: of other code or libraries, or that nobody has gone on with."""
    folders = [path for path in home.calibration.glob("[!.]*") if path.is_dir()]
    if not folders:
        return
    from flows.engine.calibration_chunks import REAL, key_of_worlds
    from transforms.calibration.registry import FAMILIES

    wanted = {REAL, *map(key_of_worlds, FAMILIES)}
    for folder in folders:
        if _last_written(folder) < (planned_before if folder.name in wanted else unplanned_before):
            yield folder


def _planned(home: Home) -> set[tuple[str, str]]:
    """Every step that a run would ask for now: from any profile, with and without the pins."""
    published = read_build(home.warehouse)
    provided = user_files_of(published.parameters) if published else {}
    asked = []
    for profile, locked in product(get_args(Profile), (False, True)):
        sources = known_sources(home, profile, locked)
        hashes = {s.slug: s.sha256 or f"unknown bytes of {s.slug}" for s in sources}
        asked += [(hashes, {}), (hashes, provided)]
    found: set[tuple[str, str]] = set()
    for number, (hashes, user_files) in enumerate(asked):
        if (hashes, user_files) not in asked[:number]:
            plan = plan_steps(hashes, user_files)
            found.update((name, planned.step_hash[:16]) for name, planned in plan.items())
    return found


def _last_written(path: Path) -> datetime:
    """When anything at or below a path was written; what has gone meanwhile counts as new."""
    try:
        newest = max(p.lstat().st_mtime for p in (path, *path.rglob("*")))
    except FileNotFoundError:
        return datetime.now(UTC)
    return datetime.fromtimestamp(newest, UTC)
