"""Every night: are the snapshots, the published file and the sources still what they should be?"""

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.engine.store import StepDamagedError, StepStore
from flows.fetch.errors import FetchError
from flows.fetch.fetch_log import Channel
from flows.fetch.snapshots import SnapshotStore
from flows.home.builds import build_file, checksum_file, sha256_of_file
from flows.home.paths import Home
from flows.monitoring.events import SOURCE_STALE, emit
from flows.operations.freshness import freshness_of_sources
from flows.sources import load_declarations
from warehouse.catalog.builds import PublishedBuild, column_drift, current_build
from warehouse.db import QueryError, WarehouseMissingError, read_published


class VerificationError(RuntimeError):
    """Stored bytes are not what they were; the message names each file and what to do."""


@flow(name="verify", flow_run_name="Verify snapshots, warehouse and sources", timeout_seconds=7200)
def verify() -> dict[str, Any]:
    """Hashes every snapshot and finished step, checks the published file and the sources' age.

    Emits `source.stale` for each source that nobody has asked for longer than its cadence; a
    stale source is told and does not fail the run. Nothing is changed anywhere.

    Returns:
        `n_snapshots` and `n_steps` that are as they were, the published `build_id`, and the
        `stale` sources with the reason of each.

    Raises:
        VerificationError: A snapshot, a finished step or the published file has changed.
    """
    home = Home.from_environment()
    n_snapshots, damaged = check_snapshots(home)
    n_steps, damaged_steps = check_steps(home)
    published, faults = check_warehouse(home)
    stale = check_freshness(home, published)
    if damaged or damaged_steps or faults:
        kinds = {"snapshots": n_snapshots, "finished steps": n_steps}
        intact = [f"{n} {kind} are as they were." for kind, n in kinds.items()]
        if published and not faults:
            intact += [f"So is the published file (build {published.build_id[:12]})."]
        raise VerificationError(" ".join([*damaged, *damaged_steps, *faults, *intact]))
    return {
        "n_snapshots": n_snapshots,
        "n_steps": n_steps,
        "build_id": published.build_id if published else None,
        "stale": stale,
    }


@task(task_run_name="Hash every snapshot again", cache_policy=NO_CACHE)
def check_snapshots(home: Home) -> tuple[int, list[str]]:
    """Compares every stored file with the hash that its record and its name state.

    Returns:
        The number of snapshots that are as they were, and a message for each that is not.
    """
    store = SnapshotStore(home.snapshots)
    n_good, damaged = 0, []
    for slug in load_declarations():
        for folder in sorted((store.folder / slug).glob(f"{slug}.*")):
            try:
                store.verify(store.load(folder.name))
                n_good += 1
            except FetchError as error:
                damaged.append(str(error))
    get_run_logger().info("%d snapshots are as they were, %d are not", n_good, len(damaged))
    return n_good, damaged


@task(task_run_name="Hash every finished step again", cache_policy=NO_CACHE)
def check_steps(home: Home) -> tuple[int, list[str]]:
    """Compares every file of every finished step with the hash that its record states.

    A run compares only those that it reuses, when it begins.

    Returns:
        The number of steps that are as they were, and a message for each that is not.
    """
    store = StepStore(home.steps)
    n_good, damaged = 0, []
    for folder in store.folders():
        try:
            store.verify(folder)
            n_good += 1
        except StepDamagedError as error:
            damaged.append(str(error))
    get_run_logger().info("%d finished steps are as they were, %d are not", n_good, len(damaged))
    return n_good, damaged


@task(task_run_name="Open and check the published file", cache_policy=NO_CACHE)
def check_warehouse(home: Home) -> tuple[PublishedBuild | None, list[str]]:
    """Compares the published file with its contracts, and with the checksum of its build.

    Returns:
        The published build, and a message for each fault. No file is no fault: nothing has
        been published yet.
    """
    path = home.warehouse
    advice = (
        "`asymmetry rollback` puts an earlier build in its place. To make this one anew, move the"
        " file away and refresh: the finished steps are used."
    )
    try:
        with read_published(path) as connection:
            build = current_build(connection)
            drift = column_drift(connection)
    except WarehouseMissingError:
        return None, []
    except QueryError as error:
        return None, [f"{path} cannot be read ({error}). {advice}"]
    if build is None:
        return None, [f"{path} holds no build. {advice}"]
    if drift:  # no damage: the code has moved on since that build
        message = "the published file is of other contracts than this code (%s): refresh it"
        get_run_logger().warning(message, "; ".join(drift))
    recorded = checksum_file(build_file(build.build_id, home))
    if not recorded.is_file():
        get_run_logger().warning("no checksum of build %s was recorded", build.build_id[:12])
    elif (stated := recorded.read_text("utf-8").split()[0]) != (found := sha256_of_file(path)):
        return build, [f"{path} hashes to {found}, {recorded} says {stated}. {advice}"]
    return build, []


@task(task_run_name="Ask how old the sources are", cache_policy=NO_CACHE)
def check_freshness(home: Home, published: PublishedBuild | None) -> dict[str, str]:
    """Emits `source.stale` for each stale source.

    Args:
        home: Where the log of fetches is.
        published: Whose channel counts.

    Returns:
        Slug to reason, of the stale ones. Before anything is published nothing is stale.
    """
    if published is None:
        return {}
    channel: Channel = "sample" if published.is_simulated else published.profile
    stale = {f.slug: f for f in freshness_of_sources(home, channel) if f.is_stale}
    for slug, found in stale.items():
        get_run_logger().warning("%s is stale: %s", slug, found.reason)
        emit(
            SOURCE_STALE,
            resource=f"source.{slug}",
            payload={
                "slug": slug,
                "snapshot_id": found.snapshot_id,
                "asked_at": found.asked_at.isoformat() if found.asked_at else None,
                "cadence_days": found.cadence_days,
                "reason": found.reason,
            },
        )
    return {slug: found.reason for slug, found in stale.items()}
