"""Plan, run, publish: what the flows that build have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prefect import get_run_logger

from flows.dag import PARAMETERS, STEPS
from flows.engine.assemble import Build
from flows.engine.fingerprint import build_id
from flows.engine.plan import plan_steps
from flows.fetch.snapshots import Snapshot
from flows.home.builds import build_file
from flows.home.covariates import NAME, covariates_file, user_files_of
from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.operations.past_state import PastState
from flows.runtime.runner_options import THREADS, RunnerOptions
from flows.runtime.task_runners import compute_on
from flows.tasks.publish import assemble, publish
from flows.tasks.steps import build_warehouse, compute_metrics
from warehouse.catalog.builds import parameters_of_build, published_build


def build_from(
    snapshots: Mapping[str, Snapshot],
    profile: str,
    home: Home,
    record: RunRecord,
    workers: RunnerOptions = THREADS,
    *,
    user_files: Mapping[str, str] | None = None,
) -> None:
    """Builds and publishes what follows from these snapshots; for use inside a flow.

    Args:
        snapshots: Slug to snapshot, all sources.
        profile: `sample`, `live` or `mirror`.
        home: The home.
        record: Filled in: `result`, and in `details` snapshots, build id, steps and rows.
        workers: Where steps and chunks run.
        user_files: Name to the hash of a file that a person handed over (`flows.home.covariates`).
    """
    parameters = {**PARAMETERS, **(user_files or {})}
    hashes = {slug: s.sha256 for slug, s in snapshots.items()}
    record.details["snapshots"] = {slug: s.snapshot_id for slug, s in snapshots.items()}
    record.details["parameters"] = parameters
    new_id = build_id(hashes, parameters, [s.wiring for s in STEPS])
    record.details["build_id"] = new_id
    published = published_build(home.warehouse)
    record.details["replaced"] = published[0] if published else None
    if published and new_id == published[0]:
        record.result = "unchanged"
        get_run_logger().info("nothing new: build %s is published already", new_id[:12])
        return
    _tell_of_missing_covariates(home, parameters)
    plan = plan_steps(hashes, user_files)

    def compute() -> dict[str, Any]:
        running = build_warehouse(plan, snapshots, home)
        return compute_metrics(plan, snapshots, home, running)

    record.details["steps"] = compute_on(workers, home.path, compute)
    build = Build(new_id, profile, parameters, plan, snapshots)
    record.details["rows"] = publish(build, home)
    record.result = "published"


def _tell_of_missing_covariates(home: Home, parameters: Mapping[str, object]) -> None:
    """Warns where the published build has covariates and the new one will have none."""
    before = user_files_of(parameters_of_build(home.warehouse))
    if before and NAME not in parameters:
        message = (
            "the published build has covariates, this one is another build without them: what is"
            " matched on them will be NULL (covariates_missing). To keep them: --covariates %s"
        )
        get_run_logger().warning(message, covariates_file(before[NAME], home))


def _build_aside(past: PastState, output: Path | None, home: Home, record: RunRecord) -> None:
    hashes = {slug: s.sha256 for slug, s in past.snapshots.items()}
    parameters = {**PARAMETERS, **past.user_files}
    new_id = build_id(hashes, parameters, [s.wiring for s in STEPS])
    path = output or build_file(new_id, home)
    record.details |= {
        "snapshots": {slug: s.snapshot_id for slug, s in past.snapshots.items()},
        "parameters": parameters,
        "build_id": new_id,
        "file": str(path),
    }
    if output is None and path.exists():
        record.result = "kept"
        get_run_logger().info("%s holds that state already", path)
        return
    plan = plan_steps(hashes, past.user_files)
    running = build_warehouse(plan, past.snapshots, home)
    record.details["steps"] = compute_metrics(plan, past.snapshots, home, running)
    build = Build(new_id, past.profile, parameters, plan, past.snapshots)
    record.details["rows"] = assemble(build, home, path)
    record.result = "built"
