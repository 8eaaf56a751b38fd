"""Snapshots → staged → core → marts, with a gate after each.

Every step is a task: its name reads as a sentence, its tag is the stage, its cache key is the
step's hash. A step that is computed in chunks has one more task per chunk, before its own. Tasks
pass hashes and paths, never frames.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task, unmapped
from prefect.cache_policies import NO_CACHE, CacheKeyFnPolicy
from prefect.context import TaskRunContext
from prefect.futures import PrefectFuture

from flows.dag import Stage, step_named
from flows.engine.chunks import ChunkStore
from flows.engine.compute import run_chunk
from flows.engine.fingerprint import sha256_of
from flows.engine.plan import PlannedStep
from flows.engine.process_pool import exit_with_parent, run_in_pool
from flows.engine.runner import run_step
from flows.engine.store import FinishedStep, StepStore
from flows.fetch.snapshots import Snapshot, SnapshotStore
from flows.home.covariates import find_covariates
from flows.home.paths import Home
from flows.monitoring.artifacts import ShownProgress


def _key_of_step(_: TaskRunContext, parameters: dict[str, Any]) -> str:
    # hashed, since a local result store uses the key as a file name
    return sha256_of(parameters["home"], parameters["step_name"], parameters["step_hash"])


@task(
    name="run step",
    task_run_name="{sentence}",
    cache_policy=CacheKeyFnPolicy(cache_key_fn=_key_of_step),
    persist_result=True,
    result_serializer="json",
)
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
    """Runs one step, or finds it finished.

    Args:
        sentence: What the step does, for the UI.
        step_name: Name in `flows.dag`.
        step_hash: Its hash (`flows.engine.plan`).
        inputs: Full table name to parquet file.
        snapshot_id: Snapshot that a staging step reads.
        home: The home.
        ingredients: What the hash is made of, to be stored with the result.
        covariates: Argument name to the hash of the file that was handed over for it.

    Returns:
        Rows per table, seconds, and whether the result was there before.
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
    record = finished.record()
    rows = {table: entry["n_rows"] for table, entry in record["tables"].items()}
    message = ", ".join(f"{table} {n:,} rows" for table, n in rows.items())
    get_run_logger().info("%s%s", message, " (kept)" if reused else f" in {record['seconds']} s")
    return {"rows": rows, "seconds": record["seconds"], "reused": reused}


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
        Seconds, and whether the piece was there before.
    """
    exit_with_parent()
    started = time.monotonic()
    pieces = ChunkStore.of(StepStore(home.steps), step_name, step_hash, n_chunks)
    paths = {table: Path(path) for table, path in inputs.items()}
    path, reused = run_in_pool(run_chunk, step_named(step_name), chunk, paths, pieces)
    seconds = round(time.monotonic() - started, 3)
    get_run_logger().info("%s%s", path.name, " (kept)" if reused else f" in {seconds} s")
    return {"seconds": seconds, "reused": reused}


def submit_steps(
    plan: Mapping[str, PlannedStep],
    stages: tuple[Stage, ...],
    snapshots: Mapping[str, Snapshot],
    home: Home,
    running: dict[str, PrefectFuture[Any]],
) -> None:
    """Submits the steps of some stages, each after the steps whose tables it reads.

    Args:
        plan: All planned steps.
        stages: The stages to submit.
        snapshots: Slug to snapshot.
        home: Where finished steps are.
        running: Step name to future; the submitted steps are added to it, and chunks before
            their step.
    """
    store = StepStore(home.steps)
    places = {
        name: FinishedStep(name, p.step_hash, store.folder(name, p.step_hash))
        for name, p in plan.items()
    }
    for name, planned in plan.items():
        step = planned.step
        if step.stage not in stages:
            continue
        inputs = {t: str(places[maker].table(t)) for t, maker in planned.inputs.items()}
        is_finished = store.find(name, planned.step_hash) is not None
        makers = dict.fromkeys(planned.inputs.values())
        wait_for = [running[maker] for maker in makers if maker in running]
        if step.chunk_function and not is_finished:
            chunks = _submit_chunks(planned, inputs, home, wait_for)
            running |= chunks
            # a new list: the chunks hold the old one, and would wait for themselves
            wait_for = [*wait_for, *chunks.values()]
        task_of_step = run_step_task.with_options(tags=[step.stage], refresh_cache=not is_finished)
        running[name] = task_of_step.submit(
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


def _submit_chunks(
    planned: PlannedStep,
    inputs: dict[str, str],
    home: Home,
    wait_for: list[PrefectFuture[Any]],
) -> dict[str, PrefectFuture[Any]]:
    """Submits the chunks of a step; returns their labels and futures."""
    step = planned.step
    chunks = list(range(step.n_chunks))
    labels = [f"{step.sentence} ({chunk + 1} of {step.n_chunks})" for chunk in chunks]
    futures = run_chunk_task.with_options(tags=[step.stage, "chunk"]).map(
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


def build_warehouse(
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    home: Home,
) -> dict[str, PrefectFuture[Any]]:
    """Submits everything from the snapshots to the marts.

    Returns:
        Step name to future.
    """
    running: dict[str, PrefectFuture[Any]] = {}
    submit_steps(plan, ("staged", "core", "marts"), snapshots, home, running)
    return running


def compute_metrics(
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    home: Home,
    running: dict[str, PrefectFuture[Any]],
) -> dict[str, Any]:
    """Submits the metrics, and waits for everything that is running.

    Args:
        plan: All planned steps.
        snapshots: Slug to snapshot.
        home: Where finished steps are.
        running: Futures of the steps that were submitted before.

    Returns:
        Step name to what it did (rows, seconds, whether the result was there before).

    Raises:
        Exception: The first step's or chunk's error, in the order of the plan.
    """
    submit_steps(plan, ("metrics",), snapshots, home, running)
    progress = ShownProgress("build", "Steps that are done")
    for number, future in enumerate(running.values(), start=1):
        future.wait()
        progress.move(number / len(running))
    done = {name: _told(future) for name, future in running.items()}
    return {name: did for name, did in done.items() if name in plan}


def _told(future: PrefectFuture[Any]) -> dict[str, Any]:
    """What a step did; a result that Prefect had cached tells of the run that made it."""
    did: dict[str, Any] = future.result()
    return {**did, "reused": did["reused"] or future.state.name == "Cached"}
