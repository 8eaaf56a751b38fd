"""Swaps a finished build in for the published file, by one rename."""

import os
from pathlib import Path

UNMERGED = ".wal"
"""Ending of the file in which DuckDB keeps what a writer has changed and not yet merged; ours are
merged and closed before anybody sees them."""


def unmerged_changes(path: Path) -> Path:
    """Where changes of a writer would lie that are not in the file itself yet."""
    return path.with_name(path.name + UNMERGED)


def swap_in(build: Path, target: Path) -> None:
    """Replaces the published file with a finished build, atomically.

    Args:
        build: A closed, checkpointed file on the same file system as `target`.
        target: The published file; readers that have it open keep the old data. What another
            program has written beside the old one (`unmerged_changes`) goes with it:
            DuckDB would take it for changes of the new one, and refuse both.
    """
    with build.open("rb") as file:
        os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    unmerged_changes(target).unlink(missing_ok=True)
    build.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
