"""Files of builds, and whether they are what was written: checksum and size, recorded beside them.

DuckDB is not imported here: the quickest verbs ask, too.
"""

import hashlib
import os
from pathlib import Path

from flows.home.paths import Home
from warehouse.swap_in import swap_in

ADVICE = (
    "`asymmetry refresh` makes it anew, of the finished steps; `asymmetry rollback` puts an"
    " earlier build in its place."
)
"""What to do about a published file that is not what was written."""
_HEX_DIGITS = 64
_SIZE = "# bytes:"
"""Begins the line of the size: a comment, for `sha256sum -c`."""


def build_file(build_id: str, home: Home, folder: Path | None = None) -> Path:
    """Where the database of a build is kept: in `builds/`, or in another folder of the home."""
    return (folder or home.builds) / f"{build_id[:16]}.duckdb"


def checksum_file(path: Path) -> Path:
    """Where the checksum of a build file is, in the form that `sha256sum -c` reads."""
    return path.with_name(f"{path.name}.sha256")


def record_checksum(build: Path, path: Path) -> None:
    """Writes the checksum and the size of a finished build, complete or not at all.

    Args:
        build: The file that is hashed.
        path: Where it will be kept.
    """
    partial = path.with_name(f".{path.name}.sha256.{os.getpid()}")
    size = f"{_SIZE} {build.stat().st_size}"
    try:
        partial.write_text(f"{sha256_of_file(build)}  {path.name}\n{size}\n", "utf-8")
        swap_in(partial, checksum_file(path))
    finally:
        partial.unlink(missing_ok=True)


def recorded_checksum(path: Path) -> str | None:
    """What the checksum of a build file is by its record; None where that cannot be read."""
    words = _record(path).split()
    return words[0] if words and len(words[0]) == _HEX_DIGITS else None


def recorded_size(path: Path) -> int | None:
    """How many bytes a build file has by its record; None where that does not say."""
    stated = _record(path).partition(_SIZE)[2].strip()
    return int(stated) if stated.isdecimal() else None


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fault_of_bytes(path: Path, build_id: str, home: Home) -> str | None:
    """Compares a file with the checksum that was recorded of its build.

    Args:
        path: The published file, or a kept one.
        build_id: The build that it holds.
        home: The home.

    Returns:
        What is wrong with it, and what to do; None where it is as it was written, or where no
        checksum was recorded.
    """
    stated = recorded_checksum(build_file(build_id, home))
    if stated is None or stated == (found := sha256_of_file(path)):
        return None
    return f"{path} hashes to {found}, that of its build is {stated}. {ADVICE}"


def unknown_bytes(build_id: str, home: Home) -> str | None:
    """Says that nothing is kept with which the file of a build could be compared; None if it is."""
    if recorded_checksum(build_file(build_id, home)) is not None:
        return None
    return (
        f"No checksum of build {build_id[:12]} is kept in {home.builds}, so whether its file is as"
        " it was written is not known. `asymmetry refresh` makes it anew, of the finished steps."
    )


def fault_of_size(path: Path, build_id: str, home: Home) -> str | None:
    """As `fault_of_bytes`, for those who have no time to hash: of the size alone."""
    stated = recorded_size(build_file(build_id, home))
    if stated is None or stated == (found := path.stat().st_size):
        return None
    return f"{path} has {found:,} bytes, that of its build has {stated:,}. {ADVICE}"


def _record(path: Path) -> str:
    try:
        return checksum_file(path).read_text("utf-8")
    except (OSError, ValueError):
        return ""
