"""Folders that a person asks for: never in the home, and complete or not at all."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.home.output_file import OutputError, refuse_in_home, unfinished
from flows.home.paths import Home


def folder_target(path: Path, home: Home, mark: str | None = None) -> Path:
    """Finds where a folder goes, and refuses what it must not replace.

    Args:
        path: What the person has named.
        home: The home, which only runs write to.
        mark: Name of a file that a folder has which may be replaced; None: none may.

    Returns:
        The absolute path, for `filling_folder`.

    Raises:
        OutputError: It lies in the home or holds it, is a file, is a folder with other things in
            it, lies in no folder, or cannot be written.
    """
    refuse_in_home(path, home)
    target, what = path.resolve(), None
    is_ours = mark is not None and (target / mark).is_file()
    if target == home.path.resolve() or target in home.path.resolve().parents:
        what = f"{path} holds the home {home.path}"
    elif target.exists() and not target.is_dir():
        what = f"{path} is a file: name a folder"
    elif target.is_dir() and any(target.iterdir()) and not is_ours:
        or_ours = ", or one written before" if mark else ", or an empty one"
        what = f"{path} has other things in it: name a new folder{or_ours}"
    elif not target.parent.is_dir():
        what = f"There is no folder {path.parent} to make {path.name} in: make it first"
    elif not os.access(target.parent, os.W_OK):
        what = f"{path} cannot be written"
    if what:
        raise OutputError(f"{what}. Nothing was written.")
    return target


@contextmanager
def filling_folder(target: Path) -> Iterator[Path]:
    """A folder to fill under another name, put in its place at the end: complete or not at all.

    Args:
        target: From `folder_target`; what is there is replaced.

    Yields:
        An empty folder. When the block raises, or the command is ended, it is removed.

    Raises:
        OutputError: It could not be written; what was there before is still there.
    """
    hidden = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    old = hidden.with_name(f"{hidden.name}.old")
    with unfinished(hidden) as partial:
        try:
            partial.mkdir()
            yield partial
            if target.exists():
                target.rename(old)
            partial.rename(target)
        except OSError as error:
            if old.exists() and not target.exists():
                old.rename(target)
            reason = error.strerror or str(error)
            message = f"{target} could not be written ({reason}). What was there before still is."
            raise OutputError(message) from error
    shutil.rmtree(old, ignore_errors=True)
