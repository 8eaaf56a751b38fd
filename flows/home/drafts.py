"""What a run writes under another name until it is complete, and how that is removed.

Only the holder of the writer lock makes drafts in `steps/`, `builds/`, `candidates/` and in
place of the published file. So whoever holds the lock may remove all that are there, its own at the
end of a run that is ended from outside, and those of runs that died at the beginning of the next.
"""

import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.home.paths import Home

_TRASH = ".removed."
_SECONDS_TO_FORBID = 0.5
_beginning = threading.Lock()


@contextmanager
def beginning_draft() -> Iterator[None]:
    """Holds while a draft is begun; never returns once drafts are forbidden."""
    with _beginning:
        yield


def forbid_drafts() -> None:
    """Has every thread wait for ever that would begin a draft, since the process is to end."""
    _beginning.acquire(timeout=_SECONDS_TO_FORBID)


def remove_drafts(home: Home) -> int:
    """Removes every draft in a home; only for the holder of its writer lock.

    A draft is renamed before it is removed: a thread that is just completing it finds it whole
    or not at all, so nothing incomplete is ever taken for finished.

    Args:
        home: The home.

    Returns:
        How many there were.
    """
    return sum(_remove(path) for path in _drafts(home))


def remove_incoming(home: Home) -> None:
    """Removes what this process was fetching; other processes may be fetching meanwhile."""
    # laid out by `flows.fetch.snapshots`
    for path in (home.snapshots / "_incoming").glob(f"*-{os.getpid()}-*"):
        _remove(path)


def _drafts(home: Home) -> Iterator[Path]:
    yield from home.steps.glob("*/.*")
    yield from home.steps.glob("*/*.chunks/.*")
    yield from home.builds.glob(".*")
    yield from home.candidates.glob(".*")
    yield from home.partial.glob(".*")
    yield from home.path.glob(".warehouse.*")
    yield from home.runs.glob(".*")
    # the simulated world is written without the lock, under names that end with a process' id
    for path in home.sample_world.glob("**/.*.*"):
        if not is_alive(path.name.rpartition(".")[2]):
            yield path


def is_alive(process: str) -> bool:
    """Whether a process of this id, as the name of a draft has it, is another one that runs."""
    if not process.isdigit() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(path: Path) -> bool:
    trash = path.with_name(f"{_TRASH}{uuid.uuid4().hex[:8]}")
    with suppress(OSError):
        path.rename(trash)
        if trash.is_dir():
            shutil.rmtree(trash, ignore_errors=True)
        else:
            trash.unlink()
        return True
    return False
