"""How much space a build needs, how much there is, and what is said where it does not suffice."""

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.home.guards import existing_part
from flows.home.paths import Home
from flows.home.published_file import as_sentence, published_in_words

_PHRASES = ("No space left on device", "database or disk is full", "Disk quota exceeded")
_ERRNOS = {errno.ENOSPC, errno.EDQUOT}
_FULL_BELOW = 1 << 20
_FOR_PREFECT = 30_000_000  # its database grows by 10 MB a run, with its log beside it
_RESERVE = 1.1


@dataclass(frozen=True)
class _Sizes:
    """Bytes of a first build (measured in November 2026).

    Attributes:
        sources: The sources' files, in the simulated world and as snapshots.
        steps: Results of all steps.
        warehouse: The database file.
    """

    sources: int
    steps: int
    warehouse: int


_SIMULATED = _Sizes(sources=50_000_000, steps=37_000_000, warehouse=56_000_000)
_REAL = _Sizes(sources=440_000_000, steps=270_000_000, warehouse=270_000_000)


class DiskFullError(RuntimeError):
    """There is not enough space for a build; the message says how much is needed."""


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that nothing more can be written.

    Polars, DuckDB and SQLite say so in words only.
    """
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, OSError) and found.errno in _ERRNOS:
            return True
        if tells_of_full_disk(str(found)):
            return True
        found = found.__cause__ or found.__context__
    return False


def tells_of_full_disk(text: str) -> bool:
    """Whether a text says that nothing more can be written."""
    return any(phrase in text for phrase in _PHRASES)


def has_no_space(home: Home) -> bool:
    """Whether the disk of a home is as good as full."""
    return _free(home) < _FULL_BELOW


def bytes_needed(home: Home, profile: str, planned: Mapping[str, Path] | None = None) -> int:
    """Estimates how much more space a build takes, until it is published.

    Args:
        home: The home.
        profile: `sample`, `mirror` or `live`.
        planned: Step name to the folder of its finished result; None before steps are planned,
            when the sources may have to be stored as well.

    Returns:
        Bytes: what is missing of sources and steps, twice the database file (the build, and the
        published copy), and Prefect's. Sizes are those of earlier results where there are some,
        else measured ones.
    """
    usual = _SIMULATED if profile == "sample" else _REAL
    if planned is None:
        stored = _size(home.snapshots) + (_size(home.sample_world) if profile == "sample" else 0)
        missing = max(usual.sources - stored, 0) + max(usual.steps - _size(home.steps), 0)
    else:
        waiting = {name: folder for name, folder in planned.items() if not folder.is_dir()}
        earlier = {name: _newest_size(folder.parent) for name, folder in waiting.items()}
        n_new = sum(size is None for size in earlier.values())
        missing = sum(size or 0 for size in earlier.values())
        missing += usual.steps * n_new // max(len(planned), 1)
    published = home.warehouse.stat().st_size if home.warehouse.is_file() else 0
    return int(_RESERVE * (missing + 2 * max(published, usual.warehouse))) + _FOR_PREFECT


def need_space(home: Home, profile: str, planned: Mapping[str, Path] | None = None) -> None:
    """Refuses to begin what would end in a full disk.

    Args:
        home: The home.
        profile: `sample`, `mirror` or `live`.
        planned: Step name to the folder of its finished result, once the steps are planned.

    Raises:
        DiskFullError: There is less free space than is needed.
    """
    needed = bytes_needed(home, profile, planned)
    if _free(home) >= needed:
        return
    outcome = "nothing was published"
    if planned:
        n_finished = sum(folder.is_dir() for folder in planned.values())
        outcome = f"{n_finished} of {len(planned)} steps are kept, nothing was published"
    raise DiskFullError(full_disk_message(home, outcome, needed, is_rest=bool(planned)))


def full_disk_message(
    home: Home, outcome: str, needed: int | None = None, *, is_rest: bool = False, cause: str = ""
) -> str:
    """What is said where there is no space.

    Args:
        home: The home.
        outcome: What the run leaves, in words without a full stop; may be empty.
        needed: How much a build takes; None where no build was going on.
        is_rest: Whether that is for what is left of it.
        cause: The error, for a disk that is not the home's.
    """
    free = _free(home)
    if free >= _FULL_BELOW and needed is None and cause:
        return f"A disk is full ({cause}). That of {home.path} has {_in_mb(free)} left."
    state = "is full" if free < _FULL_BELOW else "has too little space"
    sentences = [f"The disk of {home.path} {state}: {_in_mb(free)} are free"]
    if needed is not None:
        what = "the rest of the build" if is_rest else "a build"
        sentences[0] += f", and {what} needs about {_in_mb(needed)}"
    sentences += what_is_left(home, outcome)
    sentences += [
        "Free some space and run the command again: it goes on with what is finished",
        "Or move the home to a larger disk and name it in ASYMMETRY_HOME; docs/runbook.md says"
        " what can be removed",
    ]
    return ". ".join(sentences) + "."


def what_is_left(home: Home, outcome: str) -> list[str]:
    """What a run leaves that has had to end, in sentences without their full stops.

    Args:
        home: The home.
        outcome: What the run leaves, in words without a full stop; may be empty.
    """
    sentences = [f"{outcome[0].upper()}{outcome[1:]}"] if outcome else []
    if home.warehouse.is_file() and "nothing was published" in outcome:
        sentences.append(as_sentence(published_in_words(home)).rstrip("."))
    return sentences


def _free(home: Home) -> int:
    return shutil.disk_usage(existing_part(home.path)).free


def _newest_size(step: Path) -> int | None:
    """Bytes of a step's newest result; None where it never ran."""
    try:
        folders = [f for f in step.iterdir() if not f.name.startswith(".") and f.is_dir()]
        return _size(max(folders, key=lambda f: f.stat().st_mtime)) if folders else None
    except OSError:
        return None


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_size
            except OSError:  # gone meanwhile
                continue
    return total


def _in_mb(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.0f} MB"
