"""Known snapshots → build → metrics → publish, or nothing where that is published already."""

from collections.abc import Mapping
from typing import Any, Literal

from prefect import flow, get_run_logger

from flows.fetch.route import Profile
from flows.fetch.selection import newest_snapshots, snapshots_to_build
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.earlier_build import earlier_build
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.monitoring.monitored_run import reported_run
from flows.runtime.runner_options import RunnerName, RunnerOptions
from flows.runtime.task_runners import on_threads
from flows.sources import load_declarations
from flows.tasks.build import build_from
from warehouse.catalog.builds import PublishedBuild, read_build

BuiltProfile = Literal["published", "sample", "live", "mirror"]


@flow(
    name="build-and-publish",
    flow_run_name="Build and publish what has changed ({profile})",
    task_runner=on_threads(3),
    timeout_seconds=6 * 3600,
)
def build_and_publish(
    profile: BuiltProfile = "published",
    snapshots: dict[str, str] | None = None,
    runner: RunnerName = "threads",
    dask_address: str | None = None,
) -> dict[str, Any]:
    """Builds and publishes the newest snapshots, without fetching anything.

    Runs when sources have changed: a deployment trigger passes what the last `source.changed`
    of a burst told; and every night, for what a run that failed or never came has left. A build
    whose id is published already ends as `unchanged`; where nothing is published and a source was
    never fetched, the run is `waiting`.

    Args:
        profile: Where the bytes came from; it is written into the build. `published`: from where
            those of the published build did, from the publishers where there is none.
        snapshots: Slug to snapshot id, as the event source.changed tells. A source that is not
            named, or was fetched again since, counts with its newest snapshot.
        runner: Where steps and chunks run, as in `refresh`.
        dask_address: Scheduler of an existing cluster, for runner `dask`.

    Returns:
        As `refresh`: the record of the run.
    """
    home = Home.from_environment()
    workers = RunnerOptions(runner, dask_address).check()
    earlier = earlier_build(home) if profile == "published" else None
    known = _profile_of(earlier) if profile == "published" else profile
    with reported_run(known, home) as record:
        published = read_build(home.warehouse)
        refuse_sample_over_real(published, known, home)
        store = SnapshotStore(home.snapshots)
        if profile == "published" and earlier is None and not _all_fetched(known, store):
            get_run_logger().info("nothing is published, and not every source was fetched yet")
            record.result = "waiting"
            return record.summary()
        chosen = snapshots_to_build(snapshots or {}, known, store)
        _tell_of_newer(snapshots or {}, chosen)
        build_from(chosen, known, home, record, published=published, workers=workers)
    return record.summary()


def _profile_of(published: PublishedBuild | None) -> Profile:
    if published is None:
        return "live"
    return "sample" if published.is_simulated else published.profile


def _all_fetched(profile: Profile, store: SnapshotStore) -> bool:
    return set(newest_snapshots(store, profile)) == set(load_declarations())


def _tell_of_newer(named: Mapping[str, str], chosen: Mapping[str, Snapshot]) -> None:
    for slug, snapshot_id in named.items():
        if chosen[slug].snapshot_id != snapshot_id:
            message = "%s has been fetched again since: %s is used, not %s"
            get_run_logger().info(message, slug, chosen[slug].snapshot_id, snapshot_id)
