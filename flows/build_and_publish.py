"""Known snapshots → build → metrics → publish, or nothing where that is published already."""

from collections.abc import Mapping

from prefect import get_run_logger

from flows.assemble import Build
from flows.build_warehouse import build_warehouse
from flows.compute_metrics import compute_metrics
from flows.fetch.snapshots import Snapshot
from flows.fingerprint import build_id
from flows.plan import plan_steps
from flows.publish import publish
from flows.runs import RunRecord
from flows.settings import Settings
from flows.steps import PARAMETERS, STEPS
from warehouse.catalog import published_build


def build_from(
    snapshots: Mapping[str, Snapshot], profile: str, settings: Settings, record: RunRecord
) -> None:
    """Builds and publishes what follows from these snapshots; for use inside a flow.

    Args:
        snapshots: Slug to snapshot, all sources.
        profile: `sample`, `live` or `mirror`.
        settings: The home.
        record: Filled in: `result`, and in `details` snapshots, build id, steps and rows.
    """
    hashes = {slug: s.sha256 for slug, s in snapshots.items()}
    record.details["snapshots"] = {slug: s.snapshot_id for slug, s in snapshots.items()}
    new_id = build_id(hashes, PARAMETERS, [s.wiring for s in STEPS])
    record.details["build_id"] = new_id
    published = published_build(settings.warehouse)
    if published and new_id == published[0]:
        record.result = "unchanged"
        get_run_logger().info("nothing new: build %s is published already", new_id[:12])
        return
    plan = plan_steps(hashes)
    running = build_warehouse(plan, snapshots, settings)
    record.details["steps"] = compute_metrics(plan, snapshots, settings, running)
    build = Build(new_id, profile, PARAMETERS, plan, snapshots)
    record.details["rows"] = publish(build, settings)
    record.result = "published"
