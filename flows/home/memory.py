"""What is said where memory does not suffice, whatever has run out of it."""

import errno

from flows.home.disk_space import what_is_left
from flows.home.paths import Home

_PHRASES = (
    "Cannot allocate memory",
    "Unable to allocate",
    "Out of Memory Error",
    "failed to map segment from shared object",
)
# by name: what DuckDB, pools and Dask raise is not imported for it
_BY_NAME = {"OutOfMemoryException", "BrokenProcessPool", "KilledWorker"}


class NoMemoryError(RuntimeError):
    """There is not enough memory; the message says what is kept and what to do."""


def lacks_memory(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that memory was refused or a process ended.

    The system ends a process when memory runs out, and a library in C ends its own when it is
    refused some; both are seen only by a pool that has lost a process.
    """
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, MemoryError) or _says_so(found):
            return True
        found = found.__cause__ or found.__context__
    return False


def no_memory_message(home: Home, outcome: str, cause: str) -> str:
    """What is said where memory does not suffice.

    Args:
        home: The home.
        outcome: What the run leaves, in words without a full stop; may be empty.
        cause: The error's own words.
    """
    sentences = [f"Memory does not suffice ({cause or 'it was refused'})"]
    sentences += what_is_left(home, outcome)
    sentences += [
        "A build of the real files takes about 4 GB",
        "End other programs, or take a larger machine, and run the command again: it goes on with"
        " what is finished",
    ]
    return ". ".join(sentences) + "."


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _BY_NAME) or any(phrase in str(error) for phrase in _PHRASES)
