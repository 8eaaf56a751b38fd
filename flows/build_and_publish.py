"""Known snapshots → build → metrics → publish, or nothing where that is published already."""

from collections.abc import Mapping
from typing import Any, cast

from prefect import flow, get_run_logger
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.assemble import Build
from flows.build_warehouse import build_warehouse
from flows.compute_metrics import compute_metrics
from flows.covariates import NAME, covariates_file, handed_over_of
from flows.fetch.route import Profile
from flows.fetch.snapshots import Snapshot, SnapshotStore
from flows.fingerprint import build_id
from flows.known_snapshots import snapshots_to_build
from flows.plan import plan_steps
from flows.publish import publish
from flows.reported_run import reported_run
from flows.runners import compute_on
from flows.runs import RunRecord, keep_real_figures
from flows.settings import Settings
from flows.steps import PARAMETERS, STEPS
from flows.workers import THREADS, RunnerName, Workers
from warehouse.catalog import parameters_of_build, published_build


@flow(
    name="build-and-publish",
    flow_run_name="Build and publish what has changed ({profile})",
    task_runner=cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=3)),
    timeout_seconds=6 * 3600,
)
def build_and_publish(
    profile: Profile = "live",
    snapshots: dict[str, str] | None = None,
    runner: RunnerName = "threads",
    dask_address: str | None = None,
) -> dict[str, Any]:
    """Builds and publishes the newest snapshots, without fetching anything.

    Runs when sources have changed: a deployment trigger passes what the last `source.changed`
    of a burst told. A build whose id is published already ends as `unchanged`.

    Args:
        profile: Where the bytes came from; it is written into the build.
        snapshots: Slug to snapshot id, as the event source.changed tells. A source that is not
            named, or was fetched again since, counts with its newest snapshot.
        runner: Where steps and chunks run, as in `refresh`.
        dask_address: Scheduler of an existing cluster, for runner `dask`.

    Returns:
        As `refresh`: the record of the run.
    """
    settings = Settings.from_environment()
    workers = Workers(runner, dask_address).check()
    with reported_run(profile, settings) as record:
        keep_real_figures(published_build(settings.warehouse), profile, settings)
        store = SnapshotStore(settings.snapshots)
        chosen = snapshots_to_build(snapshots or {}, profile, store)
        _tell_of_newer(snapshots or {}, chosen)
        build_from(chosen, profile, settings, record, workers)
    return record.told()


def _tell_of_newer(named: Mapping[str, str], chosen: Mapping[str, Snapshot]) -> None:
    for slug, snapshot_id in named.items():
        if chosen[slug].snapshot_id != snapshot_id:
            told = "%s has been fetched again since: %s is used, not %s"
            get_run_logger().info(told, slug, chosen[slug].snapshot_id, snapshot_id)


def build_from(
    snapshots: Mapping[str, Snapshot],
    profile: str,
    settings: Settings,
    record: RunRecord,
    workers: Workers = THREADS,
    *,
    handed_over: Mapping[str, str] | None = None,
) -> None:
    """Builds and publishes what follows from these snapshots; for use inside a flow.

    Args:
        snapshots: Slug to snapshot, all sources.
        profile: `sample`, `live` or `mirror`.
        settings: The home.
        record: Filled in: `result`, and in `details` snapshots, build id, steps and rows.
        workers: Where steps and chunks run.
        handed_over: Name to the hash of a file that a person handed over (`flows.covariates`).
    """
    parameters = {**PARAMETERS, **(handed_over or {})}
    hashes = {slug: s.sha256 for slug, s in snapshots.items()}
    record.details["snapshots"] = {slug: s.snapshot_id for slug, s in snapshots.items()}
    record.details["parameters"] = parameters
    new_id = build_id(hashes, parameters, [s.wiring for s in STEPS])
    record.details["build_id"] = new_id
    published = published_build(settings.warehouse)
    record.details["replaced"] = published[0] if published else None
    if published and new_id == published[0]:
        record.result = "unchanged"
        get_run_logger().info("nothing new: build %s is published already", new_id[:12])
        return
    _tell_of_missing_covariates(settings, parameters)
    plan = plan_steps(hashes, handed_over)

    def compute() -> dict[str, Any]:
        running = build_warehouse(plan, snapshots, settings)
        return compute_metrics(plan, snapshots, settings, running)

    record.details["steps"] = compute_on(workers, settings.home, compute)
    build = Build(new_id, profile, parameters, plan, snapshots)
    record.details["rows"] = publish(build, settings)
    record.result = "published"


def _tell_of_missing_covariates(settings: Settings, parameters: Mapping[str, object]) -> None:
    """Warns where the published build has covariates and the new one will have none."""
    before = handed_over_of(parameters_of_build(settings.warehouse))
    if before and NAME not in parameters:
        told = (
            "the published build has covariates, this one is another build without them: what is"
            " matched on them will be NULL (covariates_missing). To keep them: --covariates %s"
        )
        get_run_logger().warning(told, covariates_file(before[NAME], settings))
