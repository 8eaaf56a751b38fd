"""Each declaration → bytes → byte checks → snapshot id."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture
from prefect.tasks import Task, exponential_backoff

from flows.engine.build_identity import code_identity
from flows.fetch.errors import FetchError
from flows.fetch.followed import fetch_for_build
from flows.fetch.incoming import Progress
from flows.fetch.route import Profile
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.home.run_progress import latest_progress
from flows.monitoring.artifacts import ShownProgress
from flows.operations.known_plan import is_code_of_published
from flows.sample.write import write_sample_world
from flows.sources import load_declarations
from warehouse.catalog.builds import read_build

Log = logging.Logger | logging.LoggerAdapter[logging.Logger]

_SECONDS_BETWEEN = 10


async def _may_help(_: Task[..., Any], __: TaskRun, state: State[Any]) -> bool:
    """Another try may help against a network, not against a refusal or a failed check."""
    error = await state.aresult(raise_on_failure=False)
    return not isinstance(error, FetchError | ValueError) or type(error) is FetchError


@task(
    name="fetch source",
    task_run_name="Fetch {slug} ({profile})",
    cache_policy=NO_CACHE,  # a conditional request asks the publisher each time
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_help,
)
def fetch_task(
    slug: str, profile: Profile, mirror: str | None, locked: bool, home: Home
) -> dict[str, str]:
    """Fetches one source.

    Args:
        slug: Name of the declaration.
        profile: Where bytes come from.
        mirror: Folder or base URL for the profiles `mirror` and `sample`.
        locked: Use exactly the pinned bytes.
        home: The home.

    Returns:
        `snapshot_id`, and `status` as `flows.fetch.fetch_source.FetchResult` has it.
    """
    result = fetch_for_build(
        slug,
        home,
        profile,
        mirror=mirror,
        locked=locked,
        progress=tell_now_and_then(get_run_logger(), slug),
    )
    size = f"{result.bytes_downloaded / 1e6:,.1f} MB came in"
    latest_progress().note_fetched()
    get_run_logger().info("%s %s, %s", result.snapshot.snapshot_id, result.status, size)
    if result.why:
        get_run_logger().warning("%s: %s", slug, result.why)
    return {"snapshot_id": result.snapshot.snapshot_id, "status": result.status}


def tell_now_and_then(
    logger: Log, slug: str, seconds_between: float = _SECONDS_BETWEEN
) -> Callable[[Progress], None]:
    """A callback that logs how far a download is, and moves its bar on the Prefect server.

    Args:
        logger: Of the run.
        slug: The source.
        seconds_between: At most one line in so many seconds.
    """
    last = time.monotonic()
    bar = ShownProgress(f"fetch-{slug.replace('_', '-')}", f"Bytes of {slug}")

    def tell(progress: Progress) -> None:
        nonlocal last
        if progress.bytes_total:
            bar.move(min(1.0, progress.bytes_done / progress.bytes_total))
        if time.monotonic() - last >= seconds_between:
            last = time.monotonic()
            logger.info("%s: %s", progress.slug, how_far(progress))

    return tell


def how_far(progress: Progress) -> str:
    """How much of a download has come in, at what rate, and how long the rest takes."""
    done, rate = progress.bytes_done / 1e6, progress.bytes_per_second / 1e6
    if progress.bytes_total is None or progress.seconds_left is None:
        return f"{done:.1f} MB so far, {rate:.1f} MB/s"
    whole, left = progress.bytes_total / 1e6, progress.seconds_left
    return f"{done:.1f} of {whole:.1f} MB, {rate:.1f} MB/s, {left:.0f} s left"


def submit_fetches(
    slugs: Iterable[str], profile: Profile, mirror: str | None, locked: bool, home: Home
) -> dict[str, PrefectFuture[dict[str, str]]]:
    """Begins to fetch sources, each as a task.

    Args:
        slugs: Which.
        profile: `sample` writes the simulated world first and reads it like a mirror.
        mirror: Folder or base URL, for profile `mirror`.
        locked: Use exactly the pinned bytes.
        home: The home.

    Returns:
        Slug to the future of what `fetch_task` returns.
    """
    if profile == "sample":
        write_sample_world(home.sample_world)
        mirror = str(home.sample_world)
    return {slug: fetch_task.submit(slug, profile, mirror, locked, home) for slug in slugs}


def fetch_sources(
    profile: Profile, mirror: str | None, locked: bool, slugs: Sequence[str] = ()
) -> dict[str, Snapshot]:
    """Fetches declared sources, all unless some are named; as `submit_fetches`.

    Returns:
        Slug to snapshot, in alphabetical order.
    """
    home = Home.from_environment()
    wanted = [slug for slug in load_declarations() if not slugs or slug in slugs]
    latest_progress().fetch(len(wanted))
    futures = submit_fetches(wanted, profile, mirror, locked, home)
    if not is_code_of_published(read_build(home.warehouse), home):
        code_identity()  # reading code, which the plan will need, while bytes come in
    store = SnapshotStore(home.snapshots)
    return {slug: store.load(future.result()["snapshot_id"]) for slug, future in futures.items()}
