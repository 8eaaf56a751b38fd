"""Has a publisher released something newer? Tried in safety, then followed, held or refused."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger

from flows.discovery.ask import Visit
from flows.fetch.route import Profile
from flows.home.discovered import SourceReleases, read_releases
from flows.home.earlier_build import earlier_build
from flows.home.paths import Home
from flows.monitoring.events import SOURCE_RELEASED, emit
from flows.monitoring.monitored_run import reported_run
from flows.runtime.task_runners import on_threads
from flows.sources import load_declarations
from flows.tasks.candidates import ask_publisher, settle, try_candidate
from flows.tasks.changed_sources import emit_source_changed


@flow(
    name="check-releases",
    flow_run_name="Ask the publishers for newer releases ({profile})",
    task_runner=on_threads(3),
    timeout_seconds=3 * 3600,
)
def check_releases(
    profile: Profile = "live", mirror: str | None = None, sources: list[str] | None = None
) -> dict[str, Any]:
    """Asks each publisher for newer releases, and tries each that was not tried yet.

    A newer release is fetched, staged, gated, compared with the published one and built aside.
    It is followed where its declaration says `follow: auto` and nothing was lost or changed
    beyond what is usual; else it waits for `asymmetry releases accept`. What cannot be used is
    refused with the reason. The published file is not touched: a release that is followed is
    published by the next build, which finds its steps finished.

    Args:
        profile: `live` asks the publishers, `mirror` what stands for them.
        mirror: Folder or base URL with HOST/PATH below it, for profile `mirror`.
        sources: Slugs; all of them unless given.

    Returns:
        `result` (`checked`), and for each source its state, or what became of its candidate.
    """
    home = Home.from_environment()
    if unknown := sorted(set(sources or ()) - set(load_declarations())):
        raise ValueError(f"No source {', '.join(unknown)}; known: {', '.join(load_declarations())}")
    with reported_run(profile, home) as record:
        published, visit = earlier_build(home), Visit()
        states: dict[str, str] = {}
        latest = None
        for slug in _longest_unasked_first(sources or load_declarations(), profile, home):
            earlier = read_releases(slug, profile, home).newest
            known = ask_publisher(slug, profile, mirror, home, visit)
            states[slug] = known.state
            if known.state != "newer" or known.newest is None:
                continue
            before, days = known.candidate(known.newest), load_declarations()[slug].cadence_days
            if before and not before.is_tried_again(datetime.now(UTC), days):
                states[slug] = before.fate
                continue
            if earlier is None or not earlier.is_file_of(known.newest):
                _emit_source_released(known)
            found = try_candidate(known, mirror, home, record, published=published, visit=visit)
            if found is None:
                continue
            known = settle(known, found, home)
            states[slug] = found.fate
            if found.fate == "followed" and found.snapshot_id:
                latest = emit_source_changed(found.snapshot_id, profile, home, latest)
        record.result = "checked"
        record.details["sources"] = states
    return record.summary()


def _longest_unasked_first(slugs: Iterable[str], profile: Profile, home: Home) -> list[str]:
    """So that what one check leaves out, for a publisher was asked enough, begins the next one."""
    return sorted(slugs, key=lambda slug: (read_releases(slug, profile, home).checked_at, slug))


def _emit_source_released(known: SourceReleases) -> None:
    if (release := known.newest) is None:
        return
    get_run_logger().info("%s has released %s: %s", known.slug, release.version, release.url)
    emit(
        SOURCE_RELEASED,
        resource=f"source.{known.slug}",
        cause=release.version,
        payload={
            "slug": known.slug,
            "version": release.version,
            "released_on": release.released_on,
            "url": release.url,
            "profile": known.profile,
            "message": known.reason,
        },
    )
