"""One hash of everything that a plan can depend on but bytes and parameters.

A plan says which change matters to which step, and reads every module for it. Where nothing at all
has changed that is not needed: a run notes the stamp of the code that it has planned with, and
whoever finds the same stamp again knows what a plan would come to. Contents are hashed, not dates.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ROOMS = ("expectations", "flows", "transforms", "warehouse")
_LEFT_OUT = ("__pycache__", "bundle", "assets")
"""Folders of which no plan knows: compiled code, shipped answers, scripts of pages."""


def code_stamp(rooms: Iterable[Path] | None = None) -> str:
    """SHA-256 of every file of the four rooms, and of the names of all installed libraries.

    Args:
        rooms: Folders of the rooms; of the packages that are installed unless given.
    """
    digest = hashlib.sha256(f"{sys.version}\n".encode())
    for folder in map(_folder_of, _ROOMS) if rooms is None else rooms:
        for path in _files_below(folder):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{folder.name}/{path.relative_to(folder)} {content}\n".encode())
    for name in sorted(_libraries()):
        digest.update(f"{name}\n".encode())
    return digest.hexdigest()


@cache
def stamp_at_first() -> str:
    """The stamp of the code when this process first asked for it."""
    return code_stamp()


def _folder_of(room: str) -> Path:
    spec = find_spec(room)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {room} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        yield from (Path(place, name) for name in sorted(names))


def _libraries() -> Iterator[str]:
    """What is installed, by the names of its records: `polars-2.1.0.dist-info`."""
    for place in dict.fromkeys(sys.path):
        yield from (record.name for record in Path(place).glob("*.dist-info"))
