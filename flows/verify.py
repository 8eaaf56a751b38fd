"""Every night: are the snapshots, the published file and the sources still what they should be?"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows.fetch.fetch_log import Channel
from flows.home.noted_run import noted_run
from flows.home.paths import Home
from flows.home.run_history import VERIFY
from flows.monitoring.events import SOURCE_STALE, emit
from flows.operations.compare_cells import Asked
from flows.operations.freshness import freshness_of_sources
from flows.operations.integrity import hash_snapshots, hash_steps, missing_snapshots
from flows.operations.verification import VerificationError, verify_cells, verify_file
from warehouse.catalog.builds import PublishedBuild, read_build


@flow(name="verify", flow_run_name="Verify snapshots, warehouse and sources", timeout_seconds=7200)
def verify() -> dict[str, Any]:
    """Hashes all that is stored, derives some published cells again, and asks for the sources' age.

    Emits `source.stale` for each source that nobody has asked for longer than its cadence; a
    stale source is told and does not fail the run. Nothing is changed but that a record is left in
    `runs/`, which `asymmetry status` reads.

    Returns:
        `n_snapshots` and `n_steps` that are as they were, the published `build_id`, `n_cells` of
        `n_tables` that were derived again, and the `stale` sources with the reason of each.

    Raises:
        VerificationError: A snapshot, a finished step or the published file has changed, a
            snapshot is gone that a kept build needs, or a published cell is not what the bytes
            give.
    """
    home = Home.from_environment()
    profile = _channel(read_build(home.warehouse))
    with noted_run(VERIFY, profile or "unknown", "verified", home) as record:
        record.details["flow_run_id"] = flow_run.id
        n_snapshots, damaged = check_snapshots(home)
        n_steps, damaged_steps = check_steps(home)
        published, faults = check_warehouse(home)
        build_id = published.build_id if published else None
        counts: dict[str, Any] = {"build_id": build_id}
        counts |= {"n_snapshots": n_snapshots, "n_steps": n_steps}
        wrong: list[str] = []
        if published and not damaged and not faults:
            counts["n_cells"], counts["n_tables"], wrong = check_cells(home, published)
        record.details["verified"] = counts
        stale = check_freshness(home, published)
        if damaged or damaged_steps or faults or wrong:
            kinds = {"snapshots": n_snapshots, "finished steps": n_steps}
            intact = [f"{n} {kind} are as they were." for kind, n in kinds.items()]
            if published and not faults:
                intact += [f"So is the published file (build {published.build_id[:12]})."]
            found = [*damaged, *damaged_steps, *faults, *wrong]
            raise VerificationError(" ".join([*found, *intact]))
    return {**counts, "stale": stale}


@task(task_run_name="Hash every snapshot again", cache_policy=NO_CACHE)
def check_snapshots(home: Home) -> tuple[int, list[str]]:
    """Compares every stored file with its hash, and looks for those that kept builds need.

    Returns:
        The number of snapshots that are as they were, and a message for each that is not.
    """
    found = hash_snapshots(home)
    faults = [*found.faults, *missing_snapshots(home)]
    get_run_logger().info("%d snapshots are as they were, %d not", found.n_good, len(faults))
    return found.n_good, faults


@task(task_run_name="Hash every finished step again", cache_policy=NO_CACHE)
def check_steps(home: Home) -> tuple[int, list[str]]:
    """Compares every file of every finished step with the hash that its record states.

    A run compares only those that it reuses, when it begins.

    Returns:
        The number of steps that are as they were, and a message for each that is not.
    """
    found = hash_steps(home)
    message = "%d finished steps are as they were, %d are not"
    get_run_logger().info(message, found.n_good, len(found.faults))
    return found.n_good, list(found.faults)


@task(task_run_name="Open and check the published file", cache_policy=NO_CACHE)
def check_warehouse(home: Home) -> tuple[PublishedBuild | None, list[str]]:
    """Compares the published file with its contracts, and with the checksum of its build.

    Returns:
        The published build, and a message for each fault. No file is no fault: nothing has
        been published yet.
    """
    found = verify_file(home)
    if found.drift:  # no damage: the code has moved on since that build
        message = "the published file is of other contracts than this code (%s): refresh it"
        get_run_logger().warning(message, "; ".join(found.drift))
    if found.build and not found.is_recorded:
        get_run_logger().warning("no checksum of build %s was recorded", found.build.build_id[:12])
    return found.build, list(found.faults)


@task(task_run_name="Derive some published cells again", cache_policy=NO_CACHE)
def check_cells(home: Home, published: PublishedBuild) -> tuple[int, int, list[str]]:
    """Derives cells from the raw bytes, other ones every night.

    Returns:
        How many, of how many tables, and a message for each that is not as published.
    """
    found = verify_cells(home, published, Asked(seed=datetime.now(UTC).toordinal()))
    n_cells, n_tables = sum(found.n_cells.values()), len(found.n_cells)
    message = "%d cells of %d tables derived again, %d findings"
    get_run_logger().info(message, n_cells, n_tables, len(found.faults))
    for table, reason in found.left_out.items():
        get_run_logger().warning("nothing of %s was derived: %s", table, reason)
    return n_cells, n_tables, found.faults


@task(task_run_name="Ask how old the sources are", cache_policy=NO_CACHE)
def check_freshness(home: Home, published: PublishedBuild | None) -> dict[str, str]:
    """Emits `source.stale` for each stale source.

    Args:
        home: Where the log of fetches is.
        published: Whose channel counts.

    Returns:
        Slug to reason, of the stale ones. Before anything is published nothing is stale.
    """
    channel = _channel(published)
    if channel is None:
        return {}
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


def _channel(published: PublishedBuild | None) -> Channel | None:
    if published is None:
        return None
    return "sample" if published.is_simulated else published.profile
