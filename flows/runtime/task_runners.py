"""Where tasks run: on threads, on processes of this machine, or on an existing Dask cluster.

Steps and chunks pass hashes and paths, so any of them can run wherever the home is seen. Numbers
depend neither on the runner nor on the number of workers: draws are seeded by what they are, and
pieces are put together in order.

What dies costs what it was doing. Dask gives the tasks of a lost worker to another one; a pool of
processes breaks as a whole and is started again, and finished steps and pieces are found.
"""

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import get_run_logger
from prefect.context import FlowRunContext
from prefect.futures import PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from flows.engine.build_identity import code_identity, computing_libraries
from flows.engine.process_pool import step_processes, workers_ended_on_failure
from flows.runtime.runner_options import ClusterLostError, RunnerError, RunnerOptions

T = TypeVar("T")
_POOLS = 3
_SECONDS_TO_ANSWER = 10


def on_threads(max_workers: int) -> TaskRunner[PrefectFuture[Any]]:
    """Threads of the flow's own process, as a flow declares them."""
    return cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=max_workers))


def compute_on(workers: RunnerOptions, home: Path, compute: Callable[[], T]) -> T:
    """Calls a function whose tasks go to the workers, again where a process has died.

    Args:
        workers: Where they go. Threads are those of the flow, and what they compute is
            computed by processes beside it.
        home: `$ASYMMETRY_HOME`, which workers of a cluster have to see under the same path.
        compute: Submits tasks and waits for them; inside a flow.

    Returns:
        What the function returns.

    Raises:
        RunnerError: The cluster cannot be used; nothing has been computed.
        BrokenProcessPool: Processes keep dying; finished steps and pieces are kept.
        ClusterLostError: The cluster's scheduler is gone; they are kept then too.
    """
    for pools_left in reversed(range(_POOLS)):
        try:
            with _loss_in_words(workers.dask_address), _tasks_go_to(workers, home):
                return compute()
        except BrokenProcessPool:
            if not pools_left:
                raise
            get_run_logger().warning("a worker process died: starting again with what is finished")
    raise AssertionError("unreachable")


@contextmanager
def _tasks_go_to(workers: RunnerOptions, home: Path) -> Iterator[None]:
    """Puts a runner in the place of the flow's own, which a run could not choose otherwise.

    Threads stay those of the flow, with processes beside them that compute.
    """
    if workers.runner == "threads":
        with step_processes():
            yield
        return
    runner = _runner_of(workers, home)
    context = FlowRunContext.get()
    if context is None:
        raise RunnerError("Tasks can be sent to workers only from inside a flow.")
    sent_there = context.model_copy(update={"task_runner": runner})
    with (
        _messages_let_go(runner),
        runner,
        sent_there,
        workers_ended_on_failure(getattr(runner, "_executor", None)),  # which it has by now
    ):
        yield


@contextmanager
def _loss_in_words(dask_address: str | None) -> Iterator[None]:
    """Says what became of a run whose cluster went away, which Dask says of its futures alone."""
    if not dask_address:
        yield
        return
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    try:
        yield
    except (FutureCancelledError, CommClosedError) as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ClusterLostError(
            f"The Dask cluster at {dask_address} went away while tasks were on it"
            f" ({said}). What is finished is kept, nothing was published."
            " Start its scheduler and workers again, or leave --runner dask out, and run the"
            " command again: it goes on from there."
        ) from error


@contextmanager
def _messages_let_go(runner: TaskRunner[Any]) -> Iterator[None]:
    """Lets this process end where one of the runner's was killed while it told something.

    The dead one holds the lock of the queue that logs and events come through. Prefect gives up
    waiting for the queue to empty after five seconds; Python would wait for ever when it ends.
    """
    try:
        yield
    finally:
        not_emptied = getattr(runner, "_subprocess_message_queue", None)
        if not_emptied is not None:
            not_emptied.cancel_join_thread()


def _runner_of(workers: RunnerOptions, home: Path) -> TaskRunner[Any]:
    if workers.runner == "processes":
        return cast(TaskRunner[Any], ProcessPoolTaskRunner(max_workers=workers.n_processes))
    address = str(workers.check().dask_address)
    _check_cluster(address, home)
    from prefect_dask.task_runners import DaskTaskRunner

    return cast(TaskRunner[Any], DaskTaskRunner(address=address))


def _check_cluster(address: str, home: Path) -> None:
    """Asks every worker whether it sees the home and has this code and these libraries.

    Raises:
        RunnerError: Nobody answers, there is no worker, or one differs.
    """
    import distributed

    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RunnerError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}). Nothing was"
            " computed; what is finished is kept. Start one (`dask scheduler`) or name another."
        ) from error
    with client:
        seen = client.run(_what_a_worker_sees, str(home), on_error="return")
    if not seen:
        raise RunnerError(
            f"The Dask scheduler at {address} has no worker. Start some:"
            f" `dask worker {address} --nthreads 1`."
        )
    expected = _what_a_worker_sees(str(home))
    for worker, found in seen.items():
        if found != expected:
            failed = isinstance(found, BaseException)
            message = found if failed else _difference(found, expected)
            raise RunnerError(
                f"The Dask worker {worker} cannot be used: {message}. Every worker needs this"
                f" version of the project and of its libraries, and {home} on a store that all"
                " share."
            )


def _what_a_worker_sees(home: str) -> dict[str, Any]:
    return {
        "home": Path(home).is_dir(),
        "libraries": dict(computing_libraries()),
        "code": code_identity(),  # of other libraries too, so these are told first
    }


def _difference(found: dict[str, Any], expected: dict[str, Any]) -> str:
    if not found["home"]:
        return "it does not see the home"
    if found["libraries"] != expected["libraries"]:
        return "other library versions"
    return "it has other code"
