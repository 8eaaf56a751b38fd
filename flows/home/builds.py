"""Build files in `builds/`: where they are, what they hold, which is published."""

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.home.paths import Home
from flows.home.run_record import swapping
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.swap_in import swap_in

BUILDS_KEPT = 5
"""Each publication leaves the newest of them; `retention` may keep fewer."""
_WRITABLE = 0o222
_HEX_DIGITS = 64


def build_file(build_id: str, home: Home, folder: Path | None = None) -> Path:
    """Where the database of a build is kept: in `builds/`, or in another folder of the home."""
    return (folder or home.builds) / f"{build_id[:16]}.duckdb"


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


def checksum_file(path: Path) -> Path:
    """Where the checksum of a build file is, in the form that `sha256sum -c` reads."""
    return path.with_name(f"{path.name}.sha256")


def record_checksum(build: Path, path: Path) -> None:
    """Writes the checksum of a finished build, complete or not at all.

    Args:
        build: The file that is hashed.
        path: Where it will be kept.
    """
    partial = path.with_name(f".{path.name}.sha256.{os.getpid()}")
    try:
        partial.write_text(f"{sha256_of_file(build)}  {path.name}\n", "utf-8")
        swap_in(partial, checksum_file(path))
    finally:
        partial.unlink(missing_ok=True)


def recorded_checksum(path: Path) -> str | None:
    """What the checksum of a build file is by its record; None where that cannot be read."""
    try:
        words = checksum_file(path).read_text("utf-8").split()
    except (OSError, ValueError):
        return None
    return words[0] if words and len(words[0]) == _HEX_DIGITS else None


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget_old_builds(home: Home, published: Path) -> None:
    """Deletes all but the newest `BUILDS_KEPT` builds, with their checksums.

    Args:
        home: The home.
        published: The build that has just been published. It stays, whatever the clock says of
            the others: one that was set back makes it look older than all of them.
    """
    others = [path for path in home.builds.glob("*.duckdb") if path != published]
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


def kept_builds(home: Home) -> list[KeptBuild]:
    """The builds that are kept, newest first."""
    published = read_build(home.warehouse)
    found = []
    newest_first = sorted(home.builds.glob("*.duckdb"), key=_written_at, reverse=True)
    for path in newest_first:
        build = read_build(path)
        is_published = bool(build and published and build.build_id == published.build_id)
        found.append(KeptBuild(path, build, is_published))
    return found


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def unreadable(warehouse: Path, error: Exception) -> str:
    """What is said of a published file that cannot be read, and what to do about it."""
    first = str(error).splitlines()[0]
    advice = "asymmetry refresh builds it anew; earlier builds lie in builds/"
    return f"{warehouse} cannot be read ({first}): {advice}"
