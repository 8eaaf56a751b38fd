"""Files that a person asks for: never in the home, and complete or not at all."""

import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.home.paths import Home

_partials: set[Path] = set()
_OF_NAME = 40
"""Characters of a file's name that the name of its draft has: the whole may be as long as a system
allows."""


class OutputError(ValueError):
    """That file cannot be written, or must not be; the message says why."""


def output_target(path: Path, home: Home) -> Path:
    """Finds where an output goes, and refuses what belongs to the home.

    Args:
        path: What the person has named; a symbolic link stays one.
        home: The home, which only runs write to.

    Returns:
        The absolute path of the file itself, for `write_output`.

    Raises:
        OutputError: The file, what it links to, or another name of it lies in the home; or it
            is a folder, lies in none, or cannot be written.
    """
    refuse_in_home(path, home)
    # what a pipe's link leads to is no path
    target, what = path.absolute() if _is_device(path) else path.resolve(), None
    if target.is_dir():
        what = f"{path} is a folder: name a file in it"
    elif not target.parent.is_dir():
        what = f"There is no folder {path.parent} to write {path.name} into: make it first"
    elif not os.access(target if target.exists() else target.parent, os.W_OK) or (
        _is_replaced(target) and not os.access(target.parent, os.W_OK)
    ):
        what = f"{path} cannot be written"
    if what:
        raise OutputError(f"{what}. Nothing was written.")
    return target


def refuse_in_home(path: Path, home: Home) -> None:
    """Refuses a file or folder that belongs to the home, under whatever name.

    Raises:
        OutputError: It lies in the home, links to what does, or is another name of a build.
    """
    if _is_in_home(path.resolve(), home):
        raise OutputError(
            f"{path} lies in the home {home.path}, which only runs write to: name one outside of"
            " it. Nothing was written."
        )


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A file to fill under another name, put in its place at the end: complete or not at all.

    Args:
        target: From `output_target`; into a device or a pipe the finished file is copied.

    Yields:
        An empty file. When the block raises, it is removed; when the command is interrupted, too.

    Raises:
        OutputError: It could not be written; what was there before is still there.
    """
    partial = None
    try:
        partial = _new_partial(target)
        yield partial
        if _is_replaced(target):
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.replace(target)
        else:
            with partial.open("rb") as written, target.open("wb") as device:
                shutil.copyfileobj(written, device)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{target} could not be written ({reason}). What was there before still is."
        raise OutputError(message) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
            _partials.discard(partial)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Removes a file or folder at the end of the block, or when the command is ended in it.

    Args:
        path: What is made in the block; nothing may be there yet.
    """
    _partials.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _partials.discard(path)


def write_output(target: Path, content: bytes) -> None:
    """Writes a file: complete or not at all.

    Args:
        target: From `output_target`.
        content: All of it.

    Raises:
        OutputError: It could not be written; what was there before is still there.
    """
    with replacing(target) as partial:
        partial.write_bytes(content)


def remove_partials() -> None:
    """Removes what this process has not finished; for the one who ends it."""
    for partial in list(_partials):
        with suppress(OSError):
            _remove(partial)


def _remove(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
    else:
        partial.unlink(missing_ok=True)


def _new_partial(target: Path) -> Path:
    name = f".{target.name[:_OF_NAME]}.{uuid.uuid4().hex[:8]}"
    folder = target.parent if _is_replaced(target) else Path(tempfile.gettempdir())
    partial = folder / name
    _partials.add(partial)
    # as any program makes a file: with the permissions that the user gives by default
    partial.touch(exist_ok=False)
    if target.is_file():
        partial.chmod(stat.S_IMODE(target.stat().st_mode))
    return partial


def _is_replaced(target: Path) -> bool:
    """Whether a file is put in this place; a device or a pipe stays what it is."""
    return target.is_file() or not target.exists()


def _is_device(path: Path) -> bool:
    """Whether it is a device or a pipe, of which nothing can take the place."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _is_in_home(target: Path, home: Home) -> bool:
    places = {home.path.resolve()}
    with suppress(OSError):  # parts of a home may be links to other disks
        places |= {entry.resolve() for entry in home.path.iterdir()}
    if any(target == place or place in target.parents for place in places):
        return True
    try:
        found = target.stat()
    except OSError:
        return False
    if found.st_nlink == 1 or stat.S_ISDIR(found.st_mode):
        return False
    return (found.st_dev, found.st_ino) in set(_identities(home))


def _identities(home: Home) -> Iterator[tuple[int, int]]:
    """Device and number of every file that a build is kept in."""
    for path in (home.warehouse, *home.builds.glob("*")):
        with suppress(OSError):
            found = path.stat()
            yield found.st_dev, found.st_ino
