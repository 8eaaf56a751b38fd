"""Processes beside a flow: they answer, say what is wrong, and never outlive what opened them."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children
from pathlib import Path

import pytest

from flows.engine.process_pool import (
    BuildEndedError,
    run_in_pool,
    start_processes,
    step_processes,
)
from tests.processes import PATIENCE, ROOT, is_alive

# an error in a thread of the pool's own is one, too
pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")

OPENS_AND_WAITS = """
import os, sys, time
from flows.engine.process_pool import run_in_pool, step_processes
if __name__ == "__main__":
    with step_processes(1):
        print(run_in_pool(os.getpid), flush=True)
        time.sleep(60)
"""


def gone_within(seconds: float, pid: int) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.1)
    return not is_alive(pid)


def test_without_processes_a_function_is_called_here() -> None:
    assert run_in_pool(os.getpid) == os.getpid()


def test_open_processes_answer_and_pass_on_what_is_wrong() -> None:
    with step_processes(1):
        there = run_in_pool(os.getpid)
        assert there != os.getpid()
        with pytest.raises(ValueError, match="row 7"):
            run_in_pool(int, "row 7")
        assert run_in_pool(os.getpid) == there
    assert gone_within(10, there)
    assert run_in_pool(os.getpid) == os.getpid()


def test_none_is_started_where_nothing_is_computed() -> None:
    before = set(active_children())
    with step_processes(1):
        assert set(active_children()) == before
        start_processes()
        assert len(set(active_children()) - before) == 1


def test_a_process_that_dies_is_said_and_the_next_ones_answer() -> None:
    with pytest.raises(BrokenProcessPool), step_processes(1):
        run_in_pool(os.kill, run_in_pool(os.getpid), signal.SIGKILL)
    with step_processes(1):
        assert run_in_pool(abs, -1) == 1


def test_what_goes_wrong_in_the_flow_ends_them_at_work_and_what_waits(tmp_path: Path) -> None:
    """Two wait for one process that is busy for a minute: neither goes on here or there."""
    began = time.monotonic()
    there: list[int] = []

    def build(threads: ThreadPoolExecutor) -> list["Future[None]"]:
        with step_processes(1):
            there.append(run_in_pool(os.getpid))
            waiting = [threads.submit(run_in_pool, time.sleep, 60)]
            # not yet taken up by the one thread when the flow fails
            waiting.append(threads.submit(run_in_pool, (tmp_path / "computed").touch))
            running.extend(waiting)
            time.sleep(0.5)
            raise KeyError("cancelled")

    running: list[Future[None]] = []
    with ThreadPoolExecutor(1) as threads:
        with pytest.raises(KeyError):
            build(threads)
        assert gone_within(10, there[0])
        assert isinstance(running[0].exception(20), BrokenProcessPool)
        assert isinstance(running[1].exception(20), BuildEndedError)
    assert not (tmp_path / "computed").exists()
    assert time.monotonic() - began < 40 * PATIENCE
    with step_processes(1):
        assert run_in_pool(abs, -1) == 1
    assert run_in_pool(abs, -2) == 2


def test_they_leave_when_the_flow_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "opens_and_waits.py"
    script.write_text(OPENS_AND_WAITS)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as flow:
        assert flow.stdout
        there = int(flow.stdout.readline())
        assert is_alive(there)
        flow.kill()
    assert gone_within(20, there)
