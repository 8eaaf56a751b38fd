"""How often Python looks for objects that refer to one another and are wanted by nobody.

Prefect and Great Expectations make some hundred thousand objects while they are imported, of which
nearly all stay. Python looks through the young ones whenever there are 700 more, which is 6 to 24 %
of what importing this code, Great Expectations and Prefect's server takes. Other programs that make
as many do the same (mypy, black).
"""

import gc

_YOUNG_OBJECTS = 100_000
_TIMES = 50


def look_for_garbage_seldom() -> None:
    """Lets a process of our own look when it has a hundred thousand objects more.

    Tables are in nobody's cycle: they are freed at once as before. For the beginning of a process,
    not for a library: whoever imports a module of ours has his own process as he wants it.
    """
    gc.set_threshold(_YOUNG_OBJECTS, _TIMES, _TIMES)
