"""Known snapshots → build → metrics → publish, or nothing where that is published already."""

from collections.abc import Mapping
from typing import Any

from prefect import flow, get_run_logger

from flows.fetch.route import Profile
from flows.fetch.selection import snapshots_to_build
from flows.fetch.snapshots import Snapshot, SnapshotStore
from flows.home.guards import refuse_sample_over_real
from flows.home.paths import Home
from flows.monitoring.monitored_run import reported_run
from flows.runtime.runner_options import RunnerName, RunnerOptions
from flows.runtime.task_runners import on_threads
from flows.tasks.build import build_from
from warehouse.catalog.builds import read_build


@flow(
    name="build-and-publish",
    flow_run_name="Build and publish what has changed ({profile})",
    task_runner=on_threads(3),
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
    home = Home.from_environment()
    workers = RunnerOptions(runner, dask_address).check()
    with reported_run(profile, home) as record:
        published = read_build(home.warehouse)
        refuse_sample_over_real(published, profile, home)
        store = SnapshotStore(home.snapshots)
        chosen = snapshots_to_build(snapshots or {}, profile, store)
        _tell_of_newer(snapshots or {}, chosen)
        build_from(chosen, profile, home, record, published=published, workers=workers)
    return record.summary()


def _tell_of_newer(named: Mapping[str, str], chosen: Mapping[str, Snapshot]) -> None:
    for slug, snapshot_id in named.items():
        if chosen[slug].snapshot_id != snapshot_id:
            message = "%s has been fetched again since: %s is used, not %s"
            get_run_logger().info(message, slug, chosen[slug].snapshot_id, snapshot_id)
