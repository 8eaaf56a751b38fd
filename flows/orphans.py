"""Worker processes do not outlive what started them, nor what they work for."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import active_children, parent_process


@cache
def leave_with_parent() -> None:
    """Ends this process as soon as the one that started it as a worker is gone, however it went.

    A killed flow's pool would wait for work for ever. Where nobody started this process as a
    worker, nothing is done; a second call does nothing either.
    """
    parent = parent_process()
    if parent is None:
        return

    def wait_and_leave() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_and_leave, daemon=True).start()


@contextmanager
def workers_ended_on_failure() -> Iterator[None]:
    """Ends at once the processes that were started inside, when what is inside fails.

    A pool that is left waits for what its processes are at; a cancelled run has no use for it.
    """
    others = set(active_children())
    try:
        yield
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        raise
