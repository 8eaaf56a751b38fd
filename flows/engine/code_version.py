"""Which code has built a warehouse: the version, and the commit where there is one.

It enters no id: a build's id has the hashes of what decides numbers. It is for whoever wants to see
that code.
"""

import subprocess
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import flows

COMMIT_FILE = "commit.txt"
"""Beside `flows/runtime` in a wheel that was built from a clone; setup.py writes it."""
_DIGITS = 12
_SECONDS = 5


@cache
def code_version() -> str:
    """`0.2.0+1b96f5f038d4`, with `.changed` where files differ from the commit.

    The bare version where there is neither a clone nor a wheel that was built from one.
    """
    found = _commit_of_clone(Path(str(flows.__file__)).resolve().parents[1]) or _packed_commit()
    return version("alliance-asymmetry") + (f"+{found}" if found else "")


def _commit_of_clone(folder: Path) -> str | None:
    if not (folder / ".git").exists():
        return None  # a folder above may be a clone of something else
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return None
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return commit[:_DIGITS] + (".changed" if changed else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):  # no git here, or a clone of somebody else's
        return None
    return done.stdout.strip()


def _packed_commit() -> str | None:
    try:
        return (files("flows.runtime") / COMMIT_FILE).read_text("utf-8").strip() or None
    except OSError:
        return None
