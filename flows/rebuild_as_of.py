"""A past state, built again from its own snapshots."""

from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger

from flows.home.output_file import output_target
from flows.home.paths import Home
from flows.home.real_figures import refuse_sample_over_real
from flows.home.run_record import RunRecord
from flows.monitoring.monitored_run import reported_run
from flows.operations.past_state import state_as_of
from flows.runtime.task_runners import on_threads
from flows.tasks.build import build_aside, build_from
from warehouse.catalog.builds import read_build


@flow(
    name="rebuild-as-of",
    flow_run_name="Rebuild the state of {as_of}",
    task_runner=on_threads(3),
    timeout_seconds=6 * 3600,
)
def rebuild_as_of(as_of: str, output: str | None = None, publish: bool = False) -> dict[str, Any]:
    """Builds a past state again, from its own snapshots and covariates, with the code of today.

    The published warehouse stays as it is unless `publish` is set. Where the code has not
    changed since, the build has the same id and the same tables; where it has, the new id says
    so, and an older checkout of the code gives the old one.

    Args:
        as_of: A build id (8 digits or more), the name of a run's record in `runs/`, or a day or
            time (2026-11-22, UTC): the last state that was published up to then.
        output: Where the file goes, outside the home; into its `builds/` unless given.
        publish: Also put it in the place of the published file.

    Returns:
        `result` (`built`, `kept` where that file was there, `published` or `unchanged`), the
        build id, `build_id_then`, and the file.

    Raises:
        UnknownStateError: No such state, or a snapshot of it is gone.
        OutputError: The file cannot be written, or would lie in the home.
    """
    home = Home.from_environment()
    if output:
        output_target(Path(output), home)  # at once, and again where it is written
    past = state_as_of(as_of, home)
    with reported_run(past.profile, home) as record:
        record.details |= {"as_of": as_of, "run_then": past.run, "build_id_then": past.build_id}
        source = (past.snapshots, past.profile, home, record)
        if publish:
            published = read_build(home.warehouse)
            refuse_sample_over_real(published, past.profile, home)
            wanted = dict.fromkeys(past.snapshots, f"the state of {as_of} was asked for")
            build_from(*source, published=published, user_files=past.user_files, asked=wanted)
        else:
            file = Path(output) if output else None
            build_aside(*source, output=file, user_files=past.user_files)
        _compare(record)
    return record.summary()


def _compare(record: RunRecord) -> None:
    then, now = record.details["build_id_then"], record.details["build_id"]
    if then == now:
        get_run_logger().info("build %s, as it was then: the same tables", now[:12])
    else:
        message = "build %s, from the bytes of %s: the code has changed since"
        get_run_logger().warning(message, now[:12], then[:12])
