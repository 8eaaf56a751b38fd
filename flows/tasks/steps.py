"""Snapshots → staged → core → marts → metrics, with a gate after each.

Only what has to run is a task: a step that is not finished, and each chunk of one that is computed
in chunks. Finished steps are found by their hash in the store, which is the only cache. Tasks pass
hashes and paths, never frames; their names begin with the table.
"""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task, unmapped
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from flows.dag import step_named
from flows.engine.chunks import ChunkStore
from flows.engine.compute import run_chunk
from flows.engine.order import submission_order
from flows.engine.plan import PlannedStep
from flows.engine.process_pool import exit_with_parent, run_in_pool, start_processes
from flows.engine.runner import run_step
from flows.engine.store import FinishedStep, StepStore
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.covariates import find_covariates
from flows.home.paths import Home
from flows.home.step_parts import sum_of, timed
from flows.monitoring.artifacts import ShownProgress


@task(name="run step", task_run_name="{sentence}", cache_policy=NO_CACHE)
def run_step_task(
    *,
    sentence: str,  # noqa: ARG001 - names the run in the UI
    step_name: str,
    step_hash: str,
    inputs: dict[str, str],
    snapshot_id: str | None,
    home: Home,
    ingredients: dict[str, str] | None = None,
    covariates: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Runs one step.

    Args:
        sentence: The step's table and what happens to it, for the UI.
        step_name: Name in `flows.dag`.
        step_hash: Its hash (`flows.engine.plan`).
        inputs: Full table name to parquet file.
        snapshot_id: Snapshot that a staging step reads.
        home: The home.
        ingredients: What the hash is made of, to be stored with the result.
        covariates: Argument name to the hash of the file that was handed over for it.

    Returns:
        As `summary_of`. `reused` where another process has finished the step meanwhile.
    """
    exit_with_parent()
    finished, reused = run_step(
        step_named(step_name),
        step_hash,
        {table: Path(path) for table, path in inputs.items()},
        StepStore(home.steps),
        SnapshotStore(home.snapshots).load(snapshot_id) if snapshot_id else None,
        ingredients=ingredients,
        user_files={a: find_covariates(of, home) for a, of in (covariates or {}).items()},
    )
    done = summary_of(finished, reused=reused)
    rows = ", ".join(f"{table} {n:,} rows" for table, n in done["rows"].items())
    get_run_logger().info("%s%s", rows, " (reused)" if reused else f" in {done['seconds']} s")
    return done


@task(name="run chunk", task_run_name="{label}", cache_policy=NO_CACHE)
def run_chunk_task(
    *,
    label: str,  # noqa: ARG001 - names the run in the UI
    chunk: int,
    n_chunks: int,
    step_name: str,
    step_hash: str,
    inputs: dict[str, str],
    home: Home,
) -> dict[str, Any]:
    """Runs one chunk of a step, or finds it finished.

    Args:
        label: What the chunk is, for the UI.
        chunk: Which one, from 0.
        n_chunks: Of how many.
        step_name: Name in `flows.dag`.
        step_hash: Its hash (`flows.engine.plan`).
        inputs: Full table name to parquet file.
        home: The home.

    Returns:
        Seconds, what they went to, and whether the chunk was finished before.
    """
    exit_with_parent()
    started = time.monotonic()
    pieces = ChunkStore.of(StepStore(home.steps), step_name, step_hash, n_chunks)
    paths = {table: Path(path) for table, path in inputs.items()}
    pieces.begin()
    piece = partial(run_chunk, step_named(step_name), chunk, paths, pieces)
    (path, reused), parts = run_in_pool(timed, piece)
    seconds = round(time.monotonic() - started, 3)
    get_run_logger().info("%s%s", path.name, " (reused)" if reused else f" in {seconds} s")
    return {"seconds": seconds, "parts": parts, "reused": reused}


def summary_of(finished: FinishedStep, *, reused: bool) -> dict[str, Any]:
    """What is told of a finished step: rows per table, the seconds it took, whether reused.

    `parts` says what the seconds went to (`flows.home.step_parts`); nothing in older records.
    """
    record = finished.record()
    rows = {table: entry["n_rows"] for table, entry in record["tables"].items()}
    took = {"seconds": record["seconds"], "parts": record.get("parts") or {}}
    return {"rows": rows, **took, "reused": reused}


def run_steps(
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    home: Home,
    store: StepStore,
) -> dict[str, Any]:
    """Runs the steps that are not finished, and waits for them; for use inside a flow.

    Args:
        plan: All planned steps.
        snapshots: Slug to snapshot.
        home: The home.
        store: Its finished steps; each that is reused is verified, once per store object.

    Returns:
        Step name to what is told of it (`summary_of`), in the order of the plan. A finished step
        that is not as it was written is computed anew.

    Raises:
        Exception: The first step's or chunk's error, in the order of the plan.
    """
    if not all(store.folder(name, planned.step_hash).is_dir() for name, planned in plan.items()):
        start_processes()  # while those that are finished are verified
    warn = get_run_logger().warning
    reused = {
        name: finished
        for name, planned in plan.items()
        if (finished := store.find_or_remove(name, planned.step_hash, warn))
    }
    to_run = {name: planned for name, planned in plan.items() if name not in reused}
    get_run_logger().info("%d steps to run, %d reused", len(to_run), len(reused))
    running = submit_steps(to_run, plan, snapshots, home, store)
    progress = ShownProgress("build", "Steps that are done")
    for number, future in enumerate(running.values(), start=1):
        future.wait()
        progress.move(number / len(running))
    in_order = [label for name in to_run for label in (*_labels_of_chunks(plan[name]), name)]
    done = {label: running[label].result() for label in in_order}
    for name, planned in to_run.items():
        chunks = [done[label] for label in _labels_of_chunks(planned)]
        seconds = sum(chunk["seconds"] for chunk in chunks)
        done[name]["seconds"] = round(done[name]["seconds"] + seconds, 3)
        done[name]["parts"] = sum_of([done[name]["parts"], *(chunk["parts"] for chunk in chunks)])
    done |= {name: summary_of(finished, reused=True) for name, finished in reused.items()}
    return {name: done[name] for name in plan}


def submit_steps(
    to_run: Mapping[str, PlannedStep],
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    home: Home,
    store: StepStore,
) -> dict[str, PrefectFuture[Any]]:
    """Submits steps, each after those among them whose tables it reads, the dearest way first.

    Args:
        to_run: The steps, in an order in which they can run.
        plan: These and the finished ones.
        snapshots: Slug to snapshot.
        home: The home.
        store: Where finished steps are, and will be.

    Returns:
        Step name to future, and the labels of its chunks to theirs.
    """
    places = {name: store.place(name, planned.step_hash) for name, planned in plan.items()}
    running: dict[str, PrefectFuture[Any]] = {}
    made_after = {
        name: [maker for maker in dict.fromkeys(planned.inputs.values()) if maker in to_run]
        for name, planned in to_run.items()
    }
    for name in submission_order(made_after):
        planned = to_run[name]
        step = planned.step
        inputs = {t: str(places[maker].table(t)) for t, maker in planned.inputs.items()}
        wait_for = [running[maker] for maker in made_after[name]]
        if step.chunk_function:
            chunks = _submit_chunks(planned, inputs, home, wait_for)
            running |= chunks
            # a new list: the chunks hold the old one, and would wait for themselves
            wait_for = [*wait_for, *chunks.values()]
        running[name] = run_step_task.submit(
            return_state=False,
            sentence=step.sentence,
            step_name=name,
            step_hash=planned.step_hash,
            inputs=inputs,
            snapshot_id=snapshots[step.source].snapshot_id if step.source else None,
            home=home,
            ingredients=dict(planned.ingredients),
            covariates=dict(planned.user_files),
            wait_for=wait_for,
        )
    return running


def _submit_chunks(
    planned: PlannedStep,
    inputs: dict[str, str],
    home: Home,
    wait_for: list[PrefectFuture[Any]],
) -> dict[str, PrefectFuture[Any]]:
    """Submits the chunks of a step; returns their labels and futures."""
    step = planned.step
    chunks, labels = list(range(step.n_chunks)), _labels_of_chunks(planned)
    futures = run_chunk_task.map(
        label=labels,
        chunk=chunks,
        n_chunks=unmapped(step.n_chunks),
        step_name=unmapped(step.name),
        step_hash=unmapped(planned.step_hash),
        inputs=unmapped(inputs),
        home=unmapped(home),
        wait_for=wait_for,
    )
    return dict(zip(labels, futures, strict=True))


def _labels_of_chunks(planned: PlannedStep) -> list[str]:
    """What the chunks of a step are called; none where it has none."""
    step = planned.step
    numbers = range(1, step.n_chunks + 1) if step.chunk_function else ()
    return [f"{step.sentence} ({number} of {step.n_chunks})" for number in numbers]
