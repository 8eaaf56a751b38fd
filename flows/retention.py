"""Deletes what nothing needs any more: in the home, and on the Prefect server."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from pydantic import Field

from flows.home.builds import BUILDS_KEPT
from flows.home.paths import Home
from flows.home.writer_lock import only_writer
from flows.monitoring.monitored_run import lock_timeout_of_run
from flows.operations.expired import Expired, RetentionPolicy, find_leftovers

_PAGE = 200
_ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

AtLeastOne = Annotated[int, Field(ge=1)]
UpToAllKept = Annotated[int, Field(ge=1, le=BUILDS_KEPT)]


@flow(
    name="retention",
    flow_run_name="Delete what nothing needs (dry run: {dry_run})",
    timeout_seconds=3600,
)
def retention(
    dry_run: bool = True,
    keep_runs_days: AtLeastOne = 730,
    keep_steps_days: AtLeastOne = 30,
    keep_builds: UpToAllKept = BUILDS_KEPT,
    keep_flow_runs_days: AtLeastOne = 90,
) -> dict[str, int]:
    """Deletes old runs, builds, steps that no kept build uses, and orphan snapshots.

    Pinned snapshots (`sources.lock.json`), the newest of each source, and those of a kept build
    or of a kept run's record always stay. What a process that died has left half-written goes
    after a day; pieces of a long computation that a run may still go on with stay as long as
    steps do.

    Args:
        dry_run: Only say what would be deleted; delete nothing.
        keep_runs_days: How long records of runs stay, with the snapshots they were made from.
        keep_steps_days: How long finished steps stay that no kept build uses.
        keep_builds: Newest builds that stay, besides the published one; no more than each
            publication leaves.
        keep_flow_runs_days: How long the Prefect server remembers a run.

    Returns:
        What was (or would be) deleted, by kind, and `bytes`.
    """
    home = Home.from_environment()
    horizon = RetentionPolicy.days(keep_runs_days, keep_steps_days, keep_builds)
    with only_writer(home.path, lock_timeout_of_run()):
        leftovers = find_leftovers(home, horizon)
        n_bytes = tell(leftovers)
        if not dry_run:
            delete(leftovers)
    n_flow_runs = delete_flow_runs(keep_flow_runs_days, dry_run)
    return {**leftovers.counts(), "bytes": n_bytes, "flow_runs": n_flow_runs}


def tell(leftovers: Expired) -> int:
    """Logs what may go, and returns how many bytes it holds."""
    total = 0
    for kind, paths in vars(leftovers).items():
        n_bytes = sum(_size(path) for path in paths)
        total += n_bytes
        get_run_logger().info("%d %s, %.1f MB", len(paths), kind, n_bytes / 1e6)
        for path in paths:
            get_run_logger().debug("%s", path)
    return total


@task(task_run_name="Delete what was found", cache_policy=NO_CACHE)
def delete(leftovers: Expired) -> None:
    """Deletes files and folders; one that is gone already is no fault."""
    for paths in vars(leftovers).values():
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


@task(task_run_name="Delete old runs on the Prefect server", cache_policy=NO_CACHE)
def delete_flow_runs(days: int, dry_run: bool) -> int:
    """Deletes the server's flow runs that ended long ago, with their tasks and logs.

    Returns:
        How many there are (dry run) or were.
    """
    before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    found = FlowRunFilter.model_validate(
        {"end_time": {"before_": before}, "state": {"type": {"any_": _ENDED}}}
    )
    n_deleted = 0
    with get_client(sync_client=True) as client:
        if dry_run:
            return client.count_flow_runs(flow_run_filter=found)
        while page := client.read_flow_runs(flow_run_filter=found, limit=_PAGE):
            for run in page:
                client.delete_flow_run(run.id)
            n_deleted += len(page)
    return n_deleted


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.stat().st_nlink == 1 else 0
