"""Every night: are the snapshots, the published file and the sources still what they should be?"""

from collections.abc import Iterator
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
from flows.operations.open_faults import note_verification, open_rows
from flows.operations.rederive import Rederived
from flows.operations.verification import (
    Bytes,
    File,
    VerificationError,
    counts_of,
    looked_at,
    verify_bytes,
    verify_cells,
    verify_file,
)
from warehouse.catalog.builds import PublishedBuild, read_build


@flow(name="verify", flow_run_name="Verify snapshots, warehouse and sources", timeout_seconds=7200)
def verify() -> dict[str, Any]:
    """Hashes all that is stored, derives some published cells again, and asks for the sources' age.

    Emits `source.stale` for each source that nobody has asked for longer than its cadence; a
    stale source is told and does not fail the run. Nothing is changed but that a record is left in
    `runs/`, which `asymmetry status` reads.

    Returns:
        `n_snapshots`, `n_steps` and `n_builds` that are as they were, the published `build_id` and
        whether its file was compared with a checksum, `n_cells` of `n_tables` that were derived
        again, and the `stale` sources with the reason of each.

    Raises:
        VerificationError: A snapshot, a finished step, a kept build or the published file has
            changed, a snapshot is gone that a kept build needs, or a published cell is not what
            the bytes give.
    """
    home = Home.from_environment()
    profile = _channel(read_build(home.warehouse))
    with noted_run(VERIFY, profile or "unknown", "verified", home) as record:
        record.details["flow_run_id"] = flow_run.id
        # other cells every night, and those that were wrong the last time
        asked = Asked(seed=datetime.now(UTC).toordinal(), again=open_rows(home))
        stored, file, cells = check_bytes(home), check_file(home), None
        if file.build and not file.faults:
            cells = check_cells(home, file.build, asked, stored.damaged)
        counts, looked = counts_of(stored, file, cells), looked_at(stored, file, cells, asked)
        found = [*stored.faults, *file.faults, *(cells.faults if cells else ())]
        note_verification(record, home, counts, looked, found)
        stale = check_freshness(home, file.build)
        if found:
            raise VerificationError(found, [*_intact(stored, file)])
    return {**counts, "stale": stale}


def _intact(stored: Bytes, file: File) -> Iterator[str]:
    """What was compared, and is as it was, in sentences."""
    kinds = {
        "snapshots": stored.n_snapshots,
        "finished steps": stored.n_steps,
        "kept builds": stored.n_builds,
    }
    yield from (f"{n} {kind} are as they were." for kind, n in kinds.items())
    if file.build and file.is_recorded and not file.faults:
        yield f"So is the published file (build {file.build.build_id[:12]})."


@task(task_run_name="Hash all that is stored again", cache_policy=NO_CACHE)
def check_bytes(home: Home) -> Bytes:
    """Hashes snapshots, finished steps and kept builds, and looks for what kept builds need.

    A run hashes only those that it reuses, when it begins.
    """
    found = verify_bytes(home)
    message = "as they were: %d snapshots, %d finished steps, %d kept builds; %d findings"
    counts = (found.n_snapshots, found.n_steps, found.n_builds)
    get_run_logger().info(message, *counts, len(found.faults))
    for name in found.unrecorded:
        get_run_logger().warning("no checksum of the kept build %s was recorded", name)
    return found


@task(task_run_name="Open and check the published file", cache_policy=NO_CACHE)
def check_file(home: Home) -> File:
    """Compares the published file with its contracts, and with the checksum of its build.

    No file is no fault: nothing has been published yet.
    """
    found = verify_file(home)
    if found.other_code:  # no damage: the code has moved on since that build
        get_run_logger().info("%s", found.other_code)
    if found.drift:
        message = "the published file is of other contracts than this code (%s): refresh it"
        get_run_logger().warning(message, "; ".join(found.drift))
    if found.build and not found.is_recorded:
        get_run_logger().warning("no checksum of build %s was recorded", found.build.build_id[:12])
    return found


@task(task_run_name="Derive some published cells again", cache_policy=NO_CACHE)
def check_cells(
    home: Home, published: PublishedBuild, asked: Asked, damaged: tuple[str, ...]
) -> Rederived:
    """Derives cells from the raw bytes.

    Args:
        home: The home.
        published: What its published file holds.
        asked: Which cells.
        damaged: Snapshots that nothing is derived from.
    """
    found = verify_cells(home, published, asked, damaged)
    n_cells, n_tables = sum(found.n_cells.values()), len(found.n_cells)
    message = "%d cells of %d tables derived again, %d findings"
    get_run_logger().info(message, n_cells, n_tables, len(found.faults))
    for table, reason in found.left_out.items():
        get_run_logger().warning("nothing of %s was derived: %s", table, reason)
    return found


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
    if published is None or channel is None:
        return {}
    used = published.snapshots
    stale = {f.slug: f for f in freshness_of_sources(home, channel, used=used) if f.is_stale}
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
