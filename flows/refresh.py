"""The spine: fetch → build → metrics → publish. Read this first."""

from typing import Any, Literal, cast

from prefect import flow, get_run_logger
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.assemble import Build
from flows.build_warehouse import build_warehouse
from flows.compute_metrics import compute_metrics
from flows.fetch_sources import fetch_sources
from flows.fingerprint import build_id
from flows.plan import plan_steps
from flows.publish import publish
from flows.runs import RunRecord, keep_real_figures, only_writer
from flows.settings import Settings
from flows.steps import PARAMETERS, STEPS
from warehouse.catalog import published_build

Profile = Literal["sample", "live", "mirror"]


@flow(
    name="refresh",
    flow_run_name="Refresh the warehouse from {profile}",
    # Two at a time: Polars and NumPy use the cores that there are; more would only need memory.
    task_runner=cast(TaskRunner[PrefectFuture[Any]], ThreadPoolTaskRunner(max_workers=2)),
    validate_parameters=True,
)
def refresh(
    profile: Profile = "sample", mirror: str | None = None, locked: bool = False
) -> dict[str, Any]:
    """Fetches the sources, builds the warehouse, computes the metrics and publishes.

    Args:
        profile: `sample` (the simulated world, offline), `live` (the publishers) or `mirror`.
        mirror: Folder or base URL with HOST/PATH below it, for profile `mirror`.
        locked: Use exactly the bytes pinned in `sources.lock.json`.

    Returns:
        `result` (`published` or `unchanged`), the build id, rows per table, and seconds per
        step; the same as the record in `$ASYMMETRY_HOME/runs`.
    """
    settings = Settings.from_environment()
    record = RunRecord(profile)
    result = "failed"
    with only_writer(settings.home):
        try:
            published = published_build(settings.warehouse)
            keep_real_figures(published, profile, settings)
            snapshots = fetch_sources(profile, mirror, locked)
            hashes = {slug: s.sha256 for slug, s in snapshots.items()}
            record.details["snapshots"] = {slug: s.snapshot_id for slug, s in snapshots.items()}
            new_id = record.details["build_id"] = build_id(
                hashes, PARAMETERS, [s.wiring for s in STEPS]
            )
            if published and new_id == published[0]:
                result = "unchanged"
                get_run_logger().info("nothing new: build %s is published already", new_id[:12])
            else:
                plan = plan_steps(hashes)
                running = build_warehouse(plan, snapshots, settings)
                record.details["steps"] = compute_metrics(plan, snapshots, settings, running)
                build = Build(new_id, profile, PARAMETERS, plan, snapshots)
                record.details["rows"] = publish(build, settings)
                result = "published"
        except BaseException as error:
            record.details["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            record.write(settings.runs, result)
    return {"result": result, **record.details}
