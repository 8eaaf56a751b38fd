"""Build files in `builds/`: where they are, what they hold, which is published."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.home.build_files import checksum_file
from flows.home.guards import fault_of_place
from flows.home.paths import Home
from flows.home.run_record import swapping
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.db import InUseError, WarehouseMissingError
from warehouse.swap_in import swap_in

BUILDS_KEPT = 5
"""Each publication leaves the newest of them; `retention` may keep fewer."""
LEAST_DIGITS = 6
"""Of an id, that name a build."""
_WRITABLE = 0o222


def put_in_place(path: Path, home: Home) -> None:
    """Publishes a build of `builds/`; readers that have the old file open keep the old data.

    The published file is a copy: whatever happens to it, the build that is kept stays as it is.
    So that nothing happens to that one by mistake, it can only be read from then on.
    """
    incoming = home.path / f".warehouse.{os.getpid()}.duckdb"
    incoming.unlink(missing_ok=True)
    try:
        shutil.copyfile(path, incoming)
        with incoming.open("rb") as file:  # here, so that the swap itself takes no time
            os.fsync(file.fileno())
        with swapping(home.warehouse):
            swap_in(incoming, home.warehouse)
    finally:
        incoming.unlink(missing_ok=True)
    with suppress(PermissionError):  # of a file that somebody else has built
        path.chmod(path.stat().st_mode & ~_WRITABLE)


def forget_old_builds(home: Home, published: Path) -> None:
    """Deletes all but the newest `BUILDS_KEPT` builds, with their checksums.

    Args:
        home: The home.
        published: The build that has just been published. It stays, whatever the clock says of
            the others: one that was set back makes it look older than all of them.
    """
    others = [path for path in files_of_builds(home) if path != published]
    found = sorted(others, key=_written_at, reverse=True)
    for path in found[BUILDS_KEPT - 1 :]:
        path.unlink()
        checksum_file(path).unlink(missing_ok=True)


@dataclass(frozen=True)
class KeptBuild:
    """A build file in `builds/`.

    Attributes:
        path: The file.
        build: What it holds; None where it cannot be read.
        is_published: Whether it is the published one.
    """

    path: Path
    build: PublishedBuild | None
    is_published: bool

    @property
    def name(self) -> str:
        """The build's id, or what the name of its file has of it."""
        return self.build.build_id if self.build else self.path.stem


def files_of_builds(home: Home) -> list[Path]:
    """The files of builds in `builds/`, by name; drafts, which begin with a dot, are none."""
    return sorted(path for path in home.builds.glob("[!.]*.duckdb") if path.is_file())


def kept_builds(home: Home) -> list[KeptBuild]:
    """The builds that are kept, newest first."""
    published = read_build(home.warehouse)
    found = []
    newest_first = sorted(files_of_builds(home), key=_written_at, reverse=True)
    for path in newest_first:
        build = read_build(path)
        is_published = bool(build and published and build.build_id == published.build_id)
        found.append(KeptBuild(path, build, is_published))
    return found


class BuildNameError(ValueError):
    """No kept build, or more than one, answers to a name."""


def named_build(name: str, home: Home) -> KeptBuild:
    """The kept build that a person means.

    Args:
        name: Its id, or the first digits of it, six at least: with fewer, a slip of the hand names
            a build, too.
        home: The home.

    Raises:
        BuildNameError: None or several begin so, or the name is shorter; it says which there are.
    """
    builds = kept_builds(home)
    wanted = name.strip().lower().removesuffix(".duckdb")
    known = ", ".join(b.name[:12] for b in builds) or "none"
    if len(wanted) < LEAST_DIGITS:
        raise BuildNameError(
            f"{name!r} is too short to name a build: {LEAST_DIGITS} digits of its id at least."
            f" Kept are: {known}."
        )
    # of a file that cannot be read, the name has a part of the id
    found = [
        b
        for b in builds
        if b.name.startswith(wanted) or (len(b.name) >= LEAST_DIGITS and wanted.startswith(b.name))
    ]
    if len(found) != 1:
        what = f"{name} begins {len(found)} builds" if found else f"There is no build {name}"
        raise BuildNameError(f"{what} among those that are kept ({known}).")
    return found[0]


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def unreadable(warehouse: Path, error: Exception) -> str:
    """What is said of a published file that is not there or cannot be read, and what to do."""
    if isinstance(error, WarehouseMissingError):
        return fault_of_place(warehouse) or str(error)
    first = str(error).splitlines()[0]
    if isinstance(error, InUseError):
        return (
            f"{warehouse} cannot be read: {first}. Nothing is known to be wrong with it: close it"
            " there, or open it read-only, and ask again."
        )
    advice = "asymmetry refresh builds it anew; earlier builds lie in builds/"
    return f"{warehouse} cannot be read ({first}): {advice}"
