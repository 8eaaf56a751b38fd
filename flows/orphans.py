"""Worker processes do not outlive what started them."""

import os
import threading
from functools import cache
from multiprocessing import parent_process


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
