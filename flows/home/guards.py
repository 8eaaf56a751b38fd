"""What a run refuses before it begins: a home that it cannot write."""

import os
import tempfile
from pathlib import Path

from flows.home.modes import other_owner
from flows.home.paths import Home


def need_writable(home: Path) -> None:
    """Makes the home, or says why it cannot be.

    Raises:
        UnwritableHomeError: The home is no folder, nothing can be written in it, a folder is
            where the published file belongs, or it is that of another user.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise UnwritableHomeError(
            f"Nothing can be written in {home} ({error.strerror or error}). Nothing was changed."
            " Set ASYMMETRY_HOME to a folder of yours."
        ) from error
    if fault := fault_of_place(Home.at(home).warehouse):
        raise UnwritableHomeError(f"{fault} Nothing was changed.")
    if owner := other_owner(home):
        raise UnwritableHomeError(
            f"{home} belongs to {owner}: files of yours in it would keep {owner} from writing."
            f" Nothing was changed. Run this as {owner}, or set ASYMMETRY_HOME to a folder of"
            " yours."
        )


def fault_of_place(warehouse: Path) -> str | None:
    """Why no file can be where the published one belongs; None where one is or could be."""
    if not warehouse.is_dir():
        return None
    return f"{warehouse} is a folder, and the published file belongs there: move it away."


def existing_part(home: Path) -> Path:
    """The home, or the nearest folder above it that is there."""
    return next(place for place in (home, *home.parents) if place.exists())


def can_be_written(home: Path) -> bool:
    """Whether a run could write there, as far as can be seen without writing anything."""
    place = existing_part(home)
    return place.is_dir() and os.access(place, os.W_OK)


class UnwritableHomeError(RuntimeError):
    """The home cannot be written."""


class NothingPublishedError(LookupError):
    """There is no published build, or none that has what is asked of it."""
