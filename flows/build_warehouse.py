"""Snapshots → staged → core → marts, with a gate after each.

Every step is a task: its name reads as a sentence, its tag is the stage, its cache key is the
step's hash. Tasks pass hashes and paths, never frames.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import CacheKeyFnPolicy
from prefect.context import TaskRunContext
from prefect.futures import PrefectFuture

from flows.fetch.snapshots import Snapshot, SnapshotStore
from flows.fingerprint import sha256_of
from flows.plan import PlannedStep
from flows.settings import Settings
from flows.step_runner import run_step
from flows.step_store import FinishedStep, StepStore
from flows.steps import Stage, step_named


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
    home: str,
    ingredients: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Runs one step, or finds it finished.

    Args:
        sentence: What the step does, for the UI.
        step_name: Name in `flows.steps`.
        step_hash: Its hash (`flows.plan`).
        inputs: Full table name to parquet file.
        snapshot_id: Snapshot that a staging step reads.
        home: `$ASYMMETRY_HOME`.
        ingredients: What the hash is made of, to be stored with the result.

    Returns:
        Rows per table, seconds, and whether the result was there before.
    """
    settings = Settings(home=Path(home))
    finished, was_there = run_step(
        step_named(step_name),
        step_hash,
        {table: Path(path) for table, path in inputs.items()},
        StepStore(settings.steps),
        SnapshotStore(settings.snapshots).load(snapshot_id) if snapshot_id else None,
        ingredients=ingredients,
    )
    record = finished.record()
    rows = {table: entry["n_rows"] for table, entry in record["tables"].items()}
    told = ", ".join(f"{table} {n:,} rows" for table, n in rows.items())
    get_run_logger().info("%s%s", told, " (kept)" if was_there else f" in {record['seconds']} s")
    return {"rows": rows, "seconds": record["seconds"], "was_there": was_there}


def submit_steps(
    plan: Mapping[str, PlannedStep],
    stages: tuple[Stage, ...],
    snapshots: Mapping[str, Snapshot],
    settings: Settings,
    running: dict[str, PrefectFuture[Any]],
) -> None:
    """Submits the steps of some stages, each after the steps whose tables it reads.

    Args:
        plan: All planned steps.
        stages: The stages to submit.
        snapshots: Slug to snapshot.
        settings: Where finished steps are.
        running: Step name to future; the submitted steps are added to it.
    """
    store = StepStore(settings.steps)
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
        task_of_step = run_step_task.with_options(tags=[step.stage], refresh_cache=not is_finished)
        running[name] = task_of_step.submit(
            return_state=False,
            sentence=step.sentence,
            step_name=name,
            step_hash=planned.step_hash,
            inputs=inputs,
            snapshot_id=snapshots[step.source].snapshot_id if step.source else None,
            home=str(settings.home),
            ingredients=dict(planned.ingredients),
            wait_for=[running[m] for m in dict.fromkeys(planned.inputs.values()) if m in running],
        )


def build_warehouse(
    plan: Mapping[str, PlannedStep],
    snapshots: Mapping[str, Snapshot],
    settings: Settings,
) -> dict[str, PrefectFuture[Any]]:
    """Submits everything from the snapshots to the marts.

    Returns:
        Step name to future.
    """
    running: dict[str, PrefectFuture[Any]] = {}
    submit_steps(plan, ("staged", "core", "marts"), snapshots, settings, running)
    return running
