"""Tells who listens that a source has new bytes: `build-and-publish` runs on that."""

from typing import TYPE_CHECKING

from flows.fetch.route import Profile
from flows.fetch.selection import channel_of, newest_snapshots
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.monitoring.events import SOURCE_CHANGED, emit

if TYPE_CHECKING:
    from prefect.events import Event


def emit_source_changed(
    snapshot_id: str, profile: Profile, home: Home, follows: "Event | None" = None
) -> "Event | None":
    """Tells who listens that a source has new bytes, and which snapshots are the newest of all.

    Args:
        snapshot_id: The new bytes.
        profile: Where they came from.
        home: The home.
        follows: What this burst has told before.

    Returns:
        The event.
    """
    store = SnapshotStore(home.snapshots)
    snapshot = store.load(snapshot_id)
    slug = snapshot.slug
    channel = channel_of(snapshot_id, store)
    earlier = [f.snapshot_id for f in store.fetches(slug) if f.channel == channel][:-1]
    return emit(
        SOURCE_CHANGED,
        resource=f"source.{slug}",
        payload={
            "slug": slug,
            "snapshot_id": snapshot_id,
            "sha256": snapshot.sha256,
            "previous_snapshot_id": earlier[-1] if earlier else None,
            "profile": profile,
            # of every source, so that whoever hears only the last event of a burst knows all
            "snapshots": {k: s.snapshot_id for k, s in newest_snapshots(store, channel).items()},
        },
        follows=follows,
    )
