"""Folders that a person asks for: never in the home, and complete or not at all."""

import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from flows.home.output_file import OutputError, refuse_in_home
from flows.home.paths import Home


def folder_target(path: Path, home: Home, mark: str) -> Path:
    """Finds where a folder goes, and refuses what it must not replace.

    Args:
        path: What the person has named.
        home: The home, which only runs write to.
        mark: Name of a file that every such folder has.

    Returns:
        The absolute path, for `write_folder`.

    Raises:
        OutputError: It lies in the home or holds it, is a file, is a folder with other things in
            it, or cannot be written.
    """
    refuse_in_home(path, home)
    target, what = path.resolve(), None
    if target == home.path.resolve() or target in home.path.resolve().parents:
        what = f"{path} holds the home {home.path}"
    elif target.exists() and not target.is_dir():
        what = f"{path} is a file: name a folder"
    elif target.is_dir() and any(target.iterdir()) and not (target / mark).is_file():
        what = f"{path} has other things in it: name a new folder, or one written before"
    elif not target.parent.is_dir():
        what = f"There is no folder {path.parent} to write {path.name} into: make it first"
    elif not os.access(target.parent, os.W_OK):
        what = f"{path} cannot be written"
    if what:
        raise OutputError(f"{what}. Nothing was written.")
    return target


def write_folder(target: Path, files: Mapping[str, str]) -> None:
    """Writes a folder under another name and puts it in its place.

    Args:
        target: From `folder_target`; what is there is replaced.
        files: Path below the folder to text.

    Raises:
        OutputError: It could not be written; what was there before is still there.
    """
    word = uuid.uuid4().hex[:8]
    partial, old = (target.with_name(f".{target.name}.{word}{end}") for end in ("", ".old"))
    try:
        try:
            for name, text in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8", newline="\n")
            if target.exists():
                target.rename(old)
            partial.rename(target)
        except OSError:
            if old.exists() and not target.exists():
                old.rename(target)
            raise
        finally:
            for rest in (partial, old):
                shutil.rmtree(rest, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{target} could not be written ({reason}). What was there before still is."
        raise OutputError(message) from error
