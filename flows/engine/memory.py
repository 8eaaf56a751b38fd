"""How a process of our own deals with memory: for its beginning, not for a library.

Whoever imports a module of ours has his own process as he wants it. Neither changes a number.

**Looking for garbage.** Prefect and Great Expectations make some hundred thousand objects while
they are imported, of which nearly all stay. Python looks through the young ones whenever there are
700 more, which is 6 to 24 % of what importing this code, Great Expectations and Prefect's server
takes. Other programs that make as many do the same (mypy, black).

**Keeping what was freed.** The models of ideal points make and free arrays of some megabytes a
thousand times over. The C library of Linux gives such memory back to the system each time, which
clears every page of it before it comes again: a fifth to a third of what these models take.
"""

import ctypes
import gc
import sys

_YOUNG_OBJECTS = 100_000
_TIMES = 50

_TRIM_THRESHOLD = -1, 128 * 2**20
_MMAP_THRESHOLD = -3, 32 * 2**20
"""Names that `mallopt` has for them (malloc.h), and bytes: the second is the largest it takes."""


def look_for_garbage_seldom() -> None:
    """Lets this process look for cycles nobody wants when it has a hundred thousand objects more.

    Tables are in nobody's cycle: they are freed at once as before.
    """
    gc.set_threshold(_YOUNG_OBJECTS, _TIMES, _TIMES)


def keep_freed_memory() -> bool:
    """Lets this process keep up to 128 MB that it has freed, for what it makes next.

    Returns:
        Whether it will: not where the C library is another than GNU's (macOS, musl).
    """
    if sys.platform != "linux":
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    return all(set_option(*option) == 1 for option in (_MMAP_THRESHOLD, _TRIM_THRESHOLD))
