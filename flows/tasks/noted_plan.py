"""The plan of a run, noted in its record; and where none is needed, since it is known."""

from collections.abc import Mapping, Sequence

from flows.dag import PARAMETERS
from flows.engine.build_identity import PlannedBuild, plan_build
from flows.engine.code_stamp import code_stamp, stamp_at_first
from flows.fetch.snapshot_record import Snapshot
from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.operations.known_plan import is_planned_already
from warehouse.catalog.builds import PublishedBuild


def is_known_plan(
    published: PublishedBuild | None,
    snapshots: Mapping[str, Snapshot],
    user_files: Mapping[str, str] | None,
    record: RunRecord,
    home: Home,
) -> bool:
    """Whether these snapshots are known to come to the published build; notes it, if they are.

    Args:
        published: The build that is published now.
        snapshots: Slug to snapshot, all sources.
        user_files: Name to the hash of a user file.
        record: The run's; gets what it would get of a plan.
        home: The home.
    """
    stamp, parameters = stamp_at_first(), {**PARAMETERS, **(user_files or {})}
    hashes = {slug: s.sha256 for slug, s in snapshots.items()}
    if published is None or not is_planned_already(published, stamp, hashes, parameters, home):
        return False
    _note_plan(record, stamp, snapshots, parameters, published.build_id)
    return True


def noted_plan(
    snapshots: Mapping[str, Snapshot],
    user_files: Mapping[str, str] | None,
    record: RunRecord,
    only: Sequence[str] = (),
) -> PlannedBuild:
    """Plans a build, and notes in the run's record of what and with which code.

    Args:
        snapshots: Slug to snapshot.
        user_files: Name to the hash of a user file.
        record: The run's.
        only: Tables of a partial build.
    """
    before = stamp_at_first()
    planned = plan_build({slug: s.sha256 for slug, s in snapshots.items()}, user_files, only)
    # of files that are changed meanwhile nobody knows which of them the plan has read
    stamp = before if code_stamp() == before else None
    _note_plan(record, stamp, snapshots, planned.parameters, planned.build_id)
    return planned


def _note_plan(
    record: RunRecord,
    stamp: str | None,
    snapshots: Mapping[str, Snapshot],
    parameters: Mapping[str, object],
    build_id: str,
) -> None:
    record.details |= {
        "code": stamp,
        "snapshots": {slug: s.snapshot_id for slug, s in snapshots.items()},
        "parameters": dict(parameters),
        "build_id": build_id,
    }
