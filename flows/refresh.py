"""The spine: fetch → build → metrics → publish. Read this first."""

from pathlib import Path
from typing import Any, Literal

from prefect import flow

from flows.dag import sources_of, steps_for
from flows.fetch.pins import load_lock
from flows.home.covariates import NAME, keep_covariates
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.monitoring.monitored_run import reported_run
from flows.runtime.runner_options import RunnerName, RunnerOptions
from flows.runtime.task_runners import on_threads
from flows.tasks.build import build_from, build_partial
from flows.tasks.fetch import fetch_sources
from warehouse.catalog.builds import read_build

Profile = Literal["sample", "live", "mirror"]


@flow(
    name="refresh",
    flow_run_name="Refresh the warehouse from {profile}",
    # Three at a time: one is judged while two are computed by the processes beside the flow.
    task_runner=on_threads(3),
    timeout_seconds=6 * 3600,
)
def refresh(
    profile: Profile = "sample",
    mirror: str | None = None,
    locked: bool = False,
    runner: RunnerName = "threads",
    dask_address: str | None = None,
    *,
    covariates: str | None = None,
    only: list[str] | None = None,
) -> dict[str, Any]:
    """Fetches the sources, builds the warehouse, computes the metrics and publishes.

    Args:
        profile: `sample` (the simulated world, offline), `live` (the publishers) or `mirror`.
        mirror: Folder or base URL with HOST/PATH below it, for profile `mirror`.
        locked: Use exactly the bytes pinned in `sources.lock.json`.
        runner: Where steps and chunks run: `threads`, `processes` or `dask`. No number depends
            on it.
        dask_address: Scheduler of an existing cluster, tcp://HOST:PORT, for runner `dask`.
        covariates: The user's own file of covariates (`flows.home.covariates`), for matching.
        only: Tables to build with what they need, into a partial file; nothing is published.

    Returns:
        `result` (`published` or `unchanged`), the build id, rows per table, and seconds per
        step; the same as the record in `$ASYMMETRY_HOME/runs`.
    """
    home = Home.from_environment()
    workers = RunnerOptions(runner, dask_address).check()
    with reported_run(profile, home) as record:
        published = read_build(home.warehouse)
        refuse_sample_over_real(published, profile, home)
        provided = {NAME: keep_covariates(Path(covariates), home)} if covariates else {}
        needed = sources_of(steps_for(only)) if only else ()
        snapshots = fetch_sources(profile, mirror, locked, needed)
        if only:
            aside = (snapshots, profile, home, record)
            build_partial(*aside, only=only, workers=workers, user_files=provided)
            return record.summary()
        build_from(
            snapshots,
            profile,
            home,
            record,
            published=published,
            workers=workers,
            user_files=provided,
            asked=dict.fromkeys(load_lock(), "pinned bytes (--locked)") if locked else None,
        )
    return record.summary()
