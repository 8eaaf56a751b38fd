"""New snapshots → compared with the published ones → published, told of, or held."""

from collections.abc import Mapping, Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.engine.release_check import ReleaseCheck, accept_what_was_asked_for, compare_release
from flows.engine.release_message import in_short
from flows.home.paths import Home
from flows.home.release_records import Comparison


@task(
    name="compare release",
    task_run_name="Compare {check.release.slug} with the published release",
    cache_policy=NO_CACHE,
)
def compare_release_task(check: ReleaseCheck, home: Home) -> Comparison:
    """Compares one release with the published one; its staging is finished.

    Args:
        check: The release.
        home: The home.

    Returns:
        What was found, kept in the home as well.
    """
    return compare_release(check, home)


def compare_releases(
    checks: Sequence[ReleaseCheck], asked: Mapping[str, str], home: Home
) -> tuple[Comparison, ...]:
    """Compares releases with the published ones, and says what was found; inside a flow.

    Args:
        checks: The releases.
        asked: Slug to how its very bytes were asked for, in words; these are accepted by that.
        home: The home.
    """
    futures = [compare_release_task.submit(check, home) for check in checks]
    found = tuple(accept_what_was_asked_for(future.result(), asked) for future in futures)
    for comparison in found:
        release = comparison.release
        say = get_run_logger().warning if comparison.wants_attention else get_run_logger().info
        say(
            "%s against %s: %s",
            release.snapshot_id,
            release.previous_snapshot_id,
            in_short(comparison),
        )
    return found
