"""Plan, run, publish: what the flows that build have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import get_run_logger

from flows.engine.assemble import Build
from flows.engine.build_identity import PlannedBuild
from flows.engine.release_check import ReleaseCheck, releases_to_check
from flows.engine.release_message import refuse_held
from flows.engine.store import StepStore
from flows.fetch.snapshot_record import Snapshot
from flows.home.build_files import build_file
from flows.home.covariates import NAME, covariates_file, user_files_of
from flows.home.disk_space import need_space
from flows.home.earlier_build import earlier_file
from flows.home.output_file import output_target
from flows.home.paths import Home
from flows.home.release_records import Comparison
from flows.home.run_progress import ASSEMBLING, latest_progress
from flows.home.run_record import RunRecord
from flows.operations.integrity import doubt_of_published
from flows.runtime.runner_options import THREADS, RunnerOptions
from flows.runtime.task_runners import compute_on
from flows.tasks.noted_plan import is_known_plan, noted_plan
from flows.tasks.publish import assemble, publish
from flows.tasks.releases import compare_releases
from flows.tasks.steps import run_steps
from warehouse.catalog.builds import PublishedBuild, read_build

_NO_WITNESS = (
    "%s is gone, cannot be read or is not as it was written: new releases are compared with the"
    " kept build %s, and its history is handed on"
)


def build_from(
    snapshots: Mapping[str, Snapshot],
    profile: str,
    home: Home,
    record: RunRecord,
    *,
    published: PublishedBuild | None,
    workers: RunnerOptions = THREADS,
    user_files: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
) -> None:
    """Builds and publishes what follows from these snapshots; for use inside a flow.

    Args:
        snapshots: Slug to snapshot, all sources.
        profile: `sample`, `live` or `mirror`.
        home: The home.
        record: Filled in: `result`, and in `details` snapshots, build id, steps and rows.
        published: The build that is published now; the same id is not built again, unless the
            published file has been damaged.
        workers: Where steps and chunks run.
        user_files: Name to the hash of a user file (`flows.home.covariates`).
        asked: Slug to how exactly these bytes were asked for, in words: they are published
            whatever they lose against the published ones.

    Raises:
        ReleaseHeldError: A new snapshot has lost or changed more than its bounds allow.
    """
    record.details["replaced"] = published.build_id if published else None
    planned = None
    if not is_known_plan(published, snapshots, user_files, record, home):
        planned = noted_plan(snapshots, user_files, record)
    if published and record.details["build_id"] == published.build_id:
        damage = doubt_of_published(home, published)
        if damage is None:
            record.result = "unchanged"
            message = "nothing new: build %s is published already"
            get_run_logger().info(message, published.build_id[:12])
            return
        get_run_logger().warning("%s This run publishes it anew.", damage)
    planned = planned or noted_plan(snapshots, user_files, record)
    file = earlier_file(home)
    earlier = read_build(file)
    if earlier:
        record.details["replaced"] = earlier.build_id
        _warn_of_missing_covariates(earlier, planned, home)
        if file != home.warehouse:
            get_run_logger().warning(_NO_WITNESS, home.warehouse, earlier.build_id[:12])
    checks = releases_to_check(file, planned, snapshots, profile)
    is_made_anew = profile == "sample" and earlier is not None
    nothing_compared = "not_compared" if is_made_anew else "no_earlier_release"
    build = Build(planned, profile, snapshots, nothing_compared=nothing_compared)
    compared = _run(build, home, record, workers, checks=checks, asked=asked)
    record.details["rows"] = publish(replace(build, comparisons=compared), home)
    record.result = "published"


def build_aside(
    snapshots: Mapping[str, Snapshot],
    profile: str,
    home: Home,
    record: RunRecord,
    *,
    output: Path | None = None,
    workers: RunnerOptions = THREADS,
    user_files: Mapping[str, str] | None = None,
) -> None:
    """As `build_from`, but into a file of its own; the published one stays.

    Args:
        snapshots: Slug to snapshot, all sources.
        profile: `sample`, `live` or `mirror`.
        home: The home.
        record: Filled in, `file` too; `result` is `built` or `kept`.
        output: The file; None: in `builds/` of the home, unless that build is there already.
        workers: Where steps and chunks run.
        user_files: Name to the hash of a user file.
    """
    planned = noted_plan(snapshots, user_files, record)
    path = output_target(output, home) if output else build_file(planned.build_id, home)
    record.details["file"] = str(path)
    if output is None and path.exists():
        record.result = "kept"
        get_run_logger().info("%s holds that state already", path)
        return
    build = Build(planned, profile, snapshots, nothing_compared="not_compared")
    _run(build, home, record, workers)
    record.details["rows"] = assemble(build, home, path)
    record.result = "built"


def build_partial(
    snapshots: Mapping[str, Snapshot],
    profile: str,
    home: Home,
    record: RunRecord,
    *,
    only: Sequence[str],
    workers: RunnerOptions = THREADS,
    user_files: Mapping[str, str] | None = None,
) -> None:
    """Builds some tables and what they need, into a file in `partial/`; the published one stays.

    Args:
        snapshots: Slug to snapshot, those of the sources that are needed.
        profile: `sample`, `live` or `mirror`.
        home: The home.
        record: Filled in, `file` too; `result` is `built` or `kept`.
        only: The tables.
        workers: Where steps and chunks run.
        user_files: Name to the hash of a user file.
    """
    planned = noted_plan(snapshots, user_files, record, only)
    path = build_file(planned.build_id, home, home.partial)
    record.details["file"] = str(path)
    if path.exists():
        record.result = "kept"
        get_run_logger().info("%s holds that already", path)
        return
    build = Build(planned, profile, snapshots, nothing_compared="not_compared")
    _run(build, home, record, workers)
    record.details["rows"] = assemble(build, home, path)
    record.result = "built"


def build_candidate(
    snapshots: Mapping[str, Snapshot],
    slug: str,
    profile: str,
    home: Home,
    record: RunRecord,
    *,
    published: PublishedBuild,
) -> tuple[Path, Comparison | None]:
    """Builds aside what the published build would be with another release of one source.

    Args:
        snapshots: Those of the published build, with the candidate in its place.
        slug: The source.
        profile: Where the candidate came from.
        home: The home.
        record: Filled in with what was planned and how long the steps took.
        published: The build that is published (`flows.home.earlier_build`).

    Returns:
        The file, and the comparison of the candidate with the published release; None where they
        cannot be compared.

    Raises:
        GateFailedError: The candidate breaks a critical rule.
    """
    planned = noted_plan(snapshots, user_files_of(published.parameters), record)
    checks = releases_to_check(earlier_file(home), planned, snapshots, profile)
    build = Build(planned, profile, snapshots, nothing_compared="not_compared")
    # it is built whatever it has lost, so that a person can look at it
    compared = _run(build, home, record, THREADS, checks=checks, asked={slug: "a candidate"})
    # not among the builds: a rollback must not offer what nobody has accepted
    path = home.candidates / build_file(planned.build_id, home).name
    assemble(replace(build, comparisons=compared), home, path)
    found = next((c for c in compared if c.release.slug == slug), None)
    return path, replace(found, acceptance=None) if found else None


def _run(
    build: Build,
    home: Home,
    record: RunRecord,
    workers: RunnerOptions,
    *,
    checks: Sequence[ReleaseCheck] = (),
    asked: Mapping[str, str] | None = None,
) -> tuple[Comparison, ...]:
    """Runs what is not finished, if there is space for it; returns what releases were found to be.

    New releases are staged first, and nothing is computed of one that is held.
    """
    plan, store = build.planned.steps, StepStore(home.steps)
    # so that a run that is interrupted can count the steps that it leaves finished
    record.planned = {n: store.folder(n, of) for n, of in build.planned.step_hashes.items()}
    latest_progress().compute(record.planned)
    need_space(home, build.profile, record.planned)
    compared: tuple[Comparison, ...] = ()

    def compute() -> dict[str, Any]:
        nonlocal compared
        staged: dict[str, Any] = {}
        if checks:
            new = {check.step: plan[check.step] for check in checks}
            staged = run_steps(new, build.snapshots, home, store)
            compared = compare_releases(checks, asked or {}, home)
            record.details["releases"] = [comparison.summary() for comparison in compared]
            refuse_held(compared)
        return run_steps(plan, build.snapshots, home, store) | staged

    record.details["steps"] = compute_on(workers, home.path, compute)
    latest_progress().enter(ASSEMBLING)
    return compared


def _warn_of_missing_covariates(
    published: PublishedBuild, planned: PlannedBuild, home: Home
) -> None:
    """Warns where the published build has covariates and the new one will have none."""
    before = user_files_of(published.parameters)
    if before and NAME not in planned.parameters:
        message = (
            "the published build has covariates of a user file, this one is another build without"
            " them: what no source has will be missing. To keep them: --covariates %s"
        )
        get_run_logger().warning(message, covariates_file(before[NAME], home))
