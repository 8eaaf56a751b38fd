"""The same tables on threads, processes and a Dask cluster, and after a worker has died."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, children_of, free_port


class Driver:
    """`runner_driver.py`, running."""

    def __init__(self, folder: Path, api: str) -> None:
        environment = {
            **os.environ,
            "PREFECT_API_URL": api,
            "PREFECT_HOME": str(folder / "prefect"),
            "PYTHONPATH": str(ROOT),
        }
        self.log = folder / "driver.log"
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("runner_driver.py"))],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("w"),
            text=True,
        )

    def run(self, home: Path, runner: str, dask_address: str | None = None) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        asked = {"home": str(home), "runner": runner, "dask_address": dask_address}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("answer "):
                answer: dict[str, Any] = json.loads(line.removeprefix("answer "))
                return answer
        raise AssertionError(self.log.read_text()[-3000:])

    def end(self) -> int:
        """Tells it that nothing more comes; returns its exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(timeout=60)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=20)


# --- a cluster on loopback ----------------------------------------------------------------------


class Cluster:
    """A real scheduler and worker processes; all ended by their own ids."""

    def __init__(self, folder: Path, api: str) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PREFECT_API_URL": api,
            "PREFECT_HOME": str(folder / "prefect"),
            "PYTHONPATH": str(ROOT),
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{arguments[0]}{len(self.workers)}.log").open("wb")
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )

    def add_worker(self) -> None:
        before = len(self.alive())
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60")
        where = ("--local-directory", str(self.folder / f"worker{len(self.workers)}"))
        self.workers.append(
            self._start("worker", self.address, "--host", "127.0.0.1", *options, *where)
        )
        deadline = time.monotonic() + 90
        while len(self.alive()) <= before:
            assert time.monotonic() < deadline, "the worker did not come"
            time.sleep(0.3)

    def alive(self) -> dict[str, Any]:
        import distributed

        connect: Any = distributed.Client
        with connect(self.address, timeout=60, set_as_default=False) as client:
            found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
            return found

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(timeout=20)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Iterator[Driver]:
    found = Driver(tmp_path_factory.mktemp("driver"), prefect_api)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> Iterator[Cluster]:
    found = Cluster(tmp_path_factory.mktemp("dask"), prefect_api)
    try:
        found.add_worker()
        yield found
    finally:
        found.close()


@pytest.fixture(scope="module")
def on_threads(tmp_path_factory: pytest.TempPathFactory, driver: Driver) -> dict[str, str]:
    found = driver.run(tmp_path_factory.mktemp("threads"), "threads")
    assert "sha256" in found, found
    return found


# --- tests --------------------------------------------------------------------------------------


@pytest.mark.soak
def test_the_same_table_on_processes(
    on_threads: dict[str, str], driver: Driver, tmp_path: Path
) -> None:
    assert driver.run(tmp_path, "processes") == on_threads


def test_the_same_table_on_one_worker_of_a_cluster_and_on_two(
    on_threads: dict[str, str], driver: Driver, cluster: Cluster, tmp_path: Path
) -> None:
    assert driver.run(tmp_path / "one", "dask", cluster.address) == on_threads
    cluster.add_worker()
    assert driver.run(tmp_path / "two", "dask", cluster.address) == on_threads


def kill_after_the_first_piece(home: Path, find: Callable[[], int]) -> threading.Thread:
    """Kills a process as soon as a first piece is there; the thread that waits for it."""

    def wait_and_kill() -> None:
        deadline = time.monotonic() + 90
        while not list(home.glob("steps/*/*.chunks/*.parquet")):
            if time.monotonic() > deadline:
                return
            time.sleep(0.005)
        os.kill(find(), signal.SIGKILL)

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


def test_a_worker_that_is_killed_costs_its_chunk_and_not_the_run(
    on_threads: dict[str, str], driver: Driver, cluster: Cluster, tmp_path: Path
) -> None:
    while len(cluster.alive()) < 2:
        cluster.add_worker()
    first = cluster.workers[0]
    killer = kill_after_the_first_piece(tmp_path, lambda: first.pid)
    assert driver.run(tmp_path, "dask", cluster.address) == on_threads
    killer.join()
    assert first.wait(timeout=20) == -signal.SIGKILL


def test_a_process_that_is_killed_breaks_the_pool_and_not_the_run(
    on_threads: dict[str, str], driver: Driver, tmp_path: Path
) -> None:
    killed: list[int] = []

    def one_of_the_pool() -> int:
        children = children_of(driver.process.pid)
        killed.append(next(p for p, words in children.items() if "spawn_main" in words))
        return killed[0]

    killer = kill_after_the_first_piece(tmp_path, one_of_the_pool)
    assert driver.run(tmp_path, "processes") == on_threads
    killer.join()
    assert killed
    assert "starting again with what is finished" in driver.log.read_text()


def test_a_scheduler_that_is_killed_ends_the_run_in_words_and_pieces_are_kept(
    on_threads: dict[str, str], driver: Driver, cluster: Cluster, tmp_path: Path
) -> None:
    killer = kill_after_the_first_piece(tmp_path, lambda: cluster.scheduler.pid)
    error = driver.run(tmp_path, "dask", cluster.address)["error"]
    killer.join()
    assert f"ClusterLostError: The Dask cluster at {cluster.address} went away" in error
    assert "What is finished is kept, nothing was published." in error
    assert list(tmp_path.glob("steps/*/*.chunks/*.parquet"))
    assert driver.run(tmp_path, "threads") == on_threads


def test_a_scheduler_that_does_not_answer_is_named(driver: Driver, tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    error = driver.run(tmp_path, "dask", address)["error"]
    assert f"RunnerError: No Dask scheduler answers at {address}" in error


def test_a_process_that_dies_while_it_tells_something_leaves_nothing_that_waits(
    driver: Driver, tmp_path: Path
) -> None:
    """Neither for calls that nobody reads, nor for messages that cannot be written any more."""
    answer: list[dict[str, Any]] = []
    asking = threading.Thread(
        target=lambda: answer.append(driver.run(tmp_path, "processes, one of which dies")),
        daemon=True,
    )
    asking.start()
    asking.join(timeout=150)
    assert answer == [{"results": [0, 1, 2, 3, 4, 5]}], driver.log.read_text()[-3000:]
    assert driver.end() == 0
