"""Runs one real step as a flow, on the workers that it is told: a process of its own.

Reads lines of JSON (home, runner, dask_address), answers each with a line of JSON. A process of its
own, since Prefect takes the address of its server when it is imported.
"""

import hashlib
import json
import os
import signal
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from flows.engine.chunks import ChunkStore
from flows.engine.plan import PlannedStep, plan_steps
from flows.engine.store import StepStore, write_table
from flows.fetch.snapshot_record import Snapshot
from flows.home.paths import Home
from flows.runtime.runner_options import RunnerOptions
from flows.sources import load_declarations

NAME = "metrics.network_null"
NO_SNAPSHOTS: dict[str, Snapshot] = {}


def treaties(n_states: int = 45, n_years: int = 24) -> dict[str, pl.DataFrame]:
    """States with pacts at random, other ones every year, so that every year is drawn anew."""
    random = np.random.default_rng(11)
    codes = [2, 365, *range(200, 200 + n_states - 2)]
    first = date(1950, 1, 1)
    states = pl.DataFrame(
        [(c, "europe" if c >= 200 else "americas", first, date(1999, 12, 31)) for c in codes],
        schema={
            "ccode": pl.Int16,
            "region": pl.String,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
        },
        orient="row",
    ).with_columns(counts_to="valid_to")
    rows = []
    for year in range(1950, 1950 + n_years):
        pairs = np.argwhere(np.triu(random.random((n_states, n_states)) < 0.15, 1))
        for a, b in pairs.tolist():
            rows += [(1, 0, year, codes[a], codes[b], 1, True)]
    obligations = pl.DataFrame(
        rows,
        schema={
            "atopid": pl.Int32,
            "phase": pl.Int16,
            "year": pl.Int16,
            "ccode_from": pl.Int16,
            "ccode_to": pl.Int16,
            "defense": pl.Int16,
            "is_cow_dyad": pl.Boolean,
        },
        orient="row",
    ).with_columns(not_owed=pl.lit(None, pl.String))
    alliances = pl.DataFrame(
        {"atopid": [1], "phase": [0], "is_bilateral": [False]},
        schema={"atopid": pl.Int32, "phase": pl.Int16, "is_bilateral": pl.Boolean},
    )
    return {"core.obligations": obligations, "core.alliances": alliances, "core.states": states}


def home_with_treaties(home: Path) -> dict[str, PlannedStep]:
    """Stores the world as finished steps of a home; returns them and the step to run."""
    plan = plan_steps({slug: slug for slug in load_declarations()})
    store = StepStore(Home.at(home).steps)
    wanted = {NAME: plan[NAME]}
    for table, frame in treaties().items():
        maker = plan[plan[NAME].inputs[table]]
        wanted[maker.step.name] = maker
        with store.draft(maker.step.name, maker.step_hash) as draft:
            write_table(draft.folder, table, frame)
            draft.finish(draft.close({}), {"seconds": 0.0})
    return wanted


def table_after(home: Path, workers: RunnerOptions) -> str:
    """Runs the step and its chunks as a flow on these workers; returns the table's SHA-256."""
    from prefect import flow

    from flows.runtime.task_runners import compute_on
    from flows.tasks.steps import submit_steps

    plan = home_with_treaties(home)

    @flow(name="one step", validate_parameters=False)
    def one_step() -> Any:
        def compute() -> Any:
            store = StepStore(Home.at(home).steps)
            to_run = {NAME: plan[NAME]}
            running = submit_steps(to_run, plan, NO_SNAPSHOTS, Home.at(home), store)
            return {name: future.result() for name, future in running.items()}

        return compute_on(workers, home, compute)

    done: Any = one_step()
    assert len(done) == 1 + plan[NAME].step.n_chunks
    store = StepStore(Home.at(home).steps)
    finished = store.find(NAME, plan[NAME].step_hash)
    assert finished is not None
    assert not ChunkStore.of(store, NAME, plan[NAME].step_hash, 1).folder.exists()
    return hashlib.sha256(finished.table(NAME).read_bytes()).hexdigest()


def results_after_a_death(home: Path) -> list[int]:
    """Runs tasks of which the first dies, with more calls queued than a pipe holds.

    It dies while it holds the lock of the queue that Prefect's logs and events come through, as one
    that is killed in the middle of a message does.
    """
    from prefect import flow, task

    from flows.runtime.task_runners import compute_on

    died = home / "died"

    @task
    def one(number: int, _: str) -> int:
        if number == 0 and not died.exists():
            time.sleep(2)  # until the others are queued
            died.touch()
            from prefect.logging import handlers

            queue: Any = handlers._api_log_sink
            queue.args[0]._wlock.acquire()
            os.kill(os.getpid(), signal.SIGKILL)
        while not died.exists():
            time.sleep(0.1)
        return number

    @flow(name="a process dies", validate_parameters=False)
    def all_of_them() -> list[int]:
        def compute() -> list[int]:
            futures = [one.submit(number, "x" * 60_000) for number in range(6)]
            return [future.result() for future in futures]

        return compute_on(RunnerOptions("processes", None, n_processes=2), home, compute)

    return all_of_them()


def answer_to(asked: dict[str, Any]) -> dict[str, Any]:
    """What a line of standard input asks for."""
    home = Path(asked["home"])
    if asked["runner"] == "processes, one of which dies":
        return {"results": results_after_a_death(home)}
    workers = RunnerOptions(asked["runner"], asked.get("dask_address"), n_processes=2)
    return {"sha256": table_after(home, workers)}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = answer_to(asked)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print("answer " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
