"""Following a release: from now on its address is fetched, and its bytes are the newest."""

from dataclasses import replace
from datetime import UTC, datetime

from flows.fetch.fetch_log import Channel
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import (
    Adopted,
    Candidate,
    SourceReleases,
    forget_candidate_builds,
    write_releases,
)
from flows.home.paths import Home


def follow(known: SourceReleases, candidate: Candidate, because: str, home: Home) -> SourceReleases:
    """Adopts a candidate: the next build takes its bytes, and its address is fetched from then on.

    Args:
        known: What is known of the source's releases.
        candidate: The release, with its bytes here.
        because: Why, in words.
        home: The home.

    Returns:
        What is known now.

    Raises:
        ValueError: The bytes of the candidate are not here.
    """
    if candidate.snapshot_id is None:
        raise ValueError(
            f"{known.slug} {candidate.release.version}: its bytes could not be had"
            f" ({candidate.reason}). Nothing was changed."
        )
    store = SnapshotStore(home.snapshots)
    snapshot = store.load(candidate.snapshot_id)
    seen = [f for f in store.fetches(known.slug) if f.snapshot_id == candidate.snapshot_id][-1]
    channel: Channel = "sample" if snapshot.is_simulated else _channel(known.profile)
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="microseconds")
    store.log(candidate.snapshot_id, replace(seen, channel=channel, fetched_at=stamp))
    adopted = Adopted(candidate.release, now.isoformat(timespec="seconds"), because)
    followed = replace(candidate, fate="followed")
    known = replace(known.with_candidate(followed), adopted=adopted, state="current")
    known = replace(known, reason=f"{candidate.release.version} is followed", newer=())
    write_releases(known, home)
    forget_candidate_builds(home)
    return known


def _channel(profile: str) -> Channel:
    return "mirror" if profile == "mirror" else "live"
