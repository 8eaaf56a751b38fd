"""Processes beside a flow that compute steps, while its threads judge and tell.

What a step computes is Python and NumPy for a good part, and so are the gates and Prefect: on
the threads of one process they would wait for one another's interpreter lock. The processes
start where the build has something to compute, and end with it. Of Prefect and Great Expectations
they import only what the program that opens them imports first: nothing for a command, the engine
for a deployed run.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from multiprocessing import active_children, parent_process
from typing import ParamSpec, TypeVar

from flows.engine.memory import keep_freed_memory, look_for_garbage_seldom

P = ParamSpec("P")
T = TypeVar("T")

N_PROCESSES = 2
_open: list[ProcessPoolExecutor] = []
_gave_up = threading.Event()


class BuildEndedError(RuntimeError):
    """Work was asked for after what it belongs to had failed or was cancelled."""


@contextmanager
def step_processes(n_processes: int = N_PROCESSES) -> Iterator[None]:
    """Opens the processes; what `beside` is asked to call goes to them meanwhile.

    Whatever goes wrong inside, a cancelled run too, ends them at once: what they were at is not
    finished, and not stored.

    Args:
        n_processes: How many.
    """
    pool = ProcessPoolExecutor(
        n_processes,
        # never forked: Polars, DuckDB and Prefect hold threads that a fork would not have
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_live_for_the_flow,
    )
    _open.append(pool)
    _gave_up.clear()
    try:
        with workers_ended_on_failure(pool):
            try:
                yield
            except BaseException:
                _gave_up.set()
                raise
    finally:
        _open.remove(pool)
        pool.shutdown(cancel_futures=True)


def start_processes() -> None:
    """Starts the processes where some are open: they import what steps need before the first one.

    They would start with the first call anyway, and never where nothing is called.
    """
    for pool in _open[-1:]:
        for _ in range(N_PROCESSES):
            pool.submit(_import_what_steps_need)


def run_in_pool(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Calls a function in one of the open processes, or here where none was opened.

    Args:
        function: One that another process can import.
        *args: Anything that can be pickled: paths, not frames.
        **kwargs: The same.

    Returns:
        What the function returns.

    Raises:
        BrokenProcessPool: A process has died, of too little memory for example.
        BuildEndedError: The processes were ended by an error or a cancellation, and threads of
            the flow still take what was queued. It is not computed, here or there.
    """
    if _gave_up.is_set():
        raise BuildEndedError("The build has ended. What is finished is kept; run it again.")
    if not _open:
        return function(*args, **kwargs)
    return _open[-1].submit(function, *args, **kwargs).result()


def _import_what_steps_need() -> None:
    import_module("flows.engine.compute")
    import_module("numpy")


def _live_for_the_flow() -> None:
    look_for_garbage_seldom()
    keep_freed_memory()
    exit_with_parent()
    for number in (signal.SIGINT, signal.SIGHUP):  # a terminal's, for the command to answer
        signal.signal(number, signal.SIG_IGN)


@cache
def exit_with_parent() -> None:
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
def workers_ended_on_failure(pool: object = None) -> Iterator[None]:
    """Ends at once the processes that were started inside, when what is inside fails.

    A pool that is left waits for what its processes are at; a cancelled run has no use for it.

    Args:
        pool: The one that they belong to, where they belong to a `ProcessPoolExecutor`.
    """
    others = set(active_children())
    try:
        yield
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        if isinstance(pool, ProcessPoolExecutor):
            _stop_feeding(pool)
        raise


def _stop_feeding(pool: ProcessPoolExecutor) -> None:
    """Closes the pipe that calls go through, which nobody reads once the processes have ended.

    Python before 3.11.5 waits for ever for a call to be written to a pipe that is full
    (python/cpython#94777), as it is where three calls of Prefect are queued. Later ones close it
    themselves, in a thread of theirs: the file would be closed twice, and with it perhaps another
    one that was opened under its number in between.
    """
    if sys.version_info >= (3, 11, 5):
        return
    calls = getattr(pool, "_call_queue", None)
    if calls is not None:
        # the thread that feeds it closes it at its end, perhaps at this moment
        with suppress(OSError):
            calls._reader.close()
