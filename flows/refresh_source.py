"""Fetches some sources and tells who listens what has changed. Builds nothing."""

from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run

from flows.fetch.route import Profile
from flows.home.noted_run import noted_run
from flows.home.paths import Home
from flows.home.run_history import REFRESH_SOURCE
from flows.sources import load_declarations
from flows.tasks.changed_sources import emit_source_changed
from flows.tasks.fetch import submit_fetches


def _run_name() -> str:
    asked = flow_run.parameters
    return f"Fetch {', '.join(asked['sources'])} from {asked['profile']}"


@flow(
    name="refresh-source",
    flow_run_name=_run_name,
    timeout_seconds=3 * 3600,
)
def refresh_source(
    sources: list[str],
    profile: Profile = "live",
    mirror: str | None = None,
    locked: bool = False,
) -> dict[str, Any]:
    """Fetches sources into snapshots, and emits `source.changed` for each that is new.

    The deployment `build-and-publish` runs on that event. Nothing is built here, and the
    published warehouse is not touched.

    Args:
        sources: Slugs, as `asymmetry sources` lists them.
        profile: `live` asks the publishers, `mirror` a copy of their files, `sample` reads the
            simulated world.
        mirror: Folder or base URL with HOST/PATH below it, for profile `mirror`.
        locked: Use exactly the bytes pinned in `sources.lock.json`.

    Returns:
        `snapshots` (slug to snapshot id) and `changed` (the slugs whose snapshot is new here).

    Raises:
        FetchError: A source could not be had; the others are stored and told of.
    """
    home = Home.from_environment()
    if unknown := sorted(set(sources) - set(load_declarations())):
        raise ValueError(f"No source {', '.join(unknown)}; known: {', '.join(load_declarations())}")
    with noted_run(REFRESH_SOURCE, profile, "fetched", home) as record:
        record.details["flow_run_id"] = flow_run.id
        futures = submit_fetches(sources, profile, mirror, locked, home)
        results: dict[str, Any] = {
            slug: future.result(raise_on_failure=False) for slug, future in futures.items()
        }
        errors = {s: e for s, e in results.items() if isinstance(e, BaseException)}
        fetched = {s: r for s, r in results.items() if s not in errors}
        # not `snapshots`: retention keeps those for as long as the record
        record.details["fetched"] = {s: r["snapshot_id"] for s, r in fetched.items()}
        record.details["source_errors"] = {s: f"{type(e).__name__}: {e}" for s, e in errors.items()}
        changed = [slug for slug, result in fetched.items() if result["status"] == "new"]
        latest = None
        for slug in changed:
            latest = emit_source_changed(fetched[slug]["snapshot_id"], profile, home, latest)
        get_run_logger().info("%d of %d sources have changed", len(changed), len(sources))
        if errors:  # the others are fetched and told of all the same
            raise next(iter(errors.values()))
    return {"snapshots": {k: r["snapshot_id"] for k, r in fetched.items()}, "changed": changed}
