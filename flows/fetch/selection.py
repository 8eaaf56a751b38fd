"""The snapshots of a build: pinned, named, or newest."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.fetch.errors import FetchError, SnapshotDamagedError
from flows.fetch.fetch_log import Channel
from flows.fetch.pins import Pin, load_lock
from flows.fetch.route import Profile
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import load_declarations


def channel_of(snapshot_id: str, store: SnapshotStore) -> Channel:
    """The channel in which a snapshot was seen last.

    Raises:
        FetchError: It was never seen here.
    """
    slug = snapshot_id.partition(".")[0]
    seen = [f.channel for f in store.fetches(slug) if f.snapshot_id == snapshot_id]
    if not seen:
        raise FetchError(
            f"There is no snapshot {snapshot_id} in {store.folder}. Nothing was changed."
            f" `asymmetry sources {slug}` lists those that there are."
        )
    return seen[-1]


def newest_snapshots(store: SnapshotStore, channel: Channel) -> dict[str, Snapshot]:
    """The newest snapshot of every source that the channel has seen."""
    found = {slug: store.latest(slug, channel) for slug in load_declarations()}
    return {slug: snapshot for slug, snapshot in found.items() if snapshot is not None}


def snapshots_to_build(
    named: Mapping[str, str], profile: Channel, store: SnapshotStore
) -> dict[str, Snapshot]:
    """The snapshots of a build that was triggered by some of them.

    A source that was fetched again since enters with its newest snapshot, so a queued run never
    publishes older bytes than the store has.

    Args:
        named: Slug to snapshot id, as in the event; may be empty.
        profile: The channel when nothing is named.
        store: Where snapshots are.

    Returns:
        Slug to snapshot, every declared source.

    Raises:
        FetchError: A named snapshot is not here, they are of several channels, or a source was
            never fetched.
    """
    channels = {channel_of(snapshot_id, store) for snapshot_id in named.values()} or {profile}
    if len(channels) > 1:
        raise FetchError(
            f"Simulated and real snapshots do not mix: {', '.join(sorted(named.values()))} are of"
            f" the channels {', '.join(sorted(channels))}. Nothing was changed."
        )
    (channel,) = channels
    found = newest_snapshots(store, channel)
    if missing := [slug for slug in load_declarations() if slug not in found]:
        raise FetchError(
            f"No snapshot of {', '.join(missing)} ({channel}) in {store.folder}, so there is"
            " nothing whole to build. Nothing was changed. Fetch every source once:"
            " `asymmetry fetch`, or a run of refresh-all."
        )
    return found


@dataclass(frozen=True)
class KnownSource:
    """A source's bytes as known without a request.

    Attributes:
        slug: The source.
        sha256: Hash of the bytes that the plan assumes; None where there are none.
        basis: Where that comes from, in words.
        fault: What is wrong with the bytes that are here, and what to do; empty where they are
            not damaged, as far as their record and their size tell.
    """

    slug: str
    sha256: str | None
    basis: str
    fault: str = ""


def known_sources(home: Home, profile: Profile, locked: bool) -> list[KnownSource]:
    """Each source's pin, or the newest bytes of the profile.

    Raises:
        SnapshotDamagedError: Those of one are damaged.
    """
    store, pins = SnapshotStore(home.snapshots), load_lock() if locked else {}
    return [_known(slug, store, profile, pins.get(slug)) for slug in load_declarations()]


def known_or_damaged_sources(home: Home, profile: Profile, locked: bool) -> list[KnownSource]:
    """As `known_sources`; what is damaged here has its fault, and of its bytes only a pin."""
    store, pins = SnapshotStore(home.snapshots), load_lock() if locked else {}
    found = []
    for slug in load_declarations():
        pin = pins.get(slug)
        try:
            found.append(_known(slug, store, profile, pin))
        except SnapshotDamagedError as error:
            basis = f"{'pinned; ' if pin else ''}damaged here, to be fetched again"
            found.append(KnownSource(slug, pin.sha256 if pin else None, basis, str(error)))
    return found


def _known(slug: str, store: SnapshotStore, profile: Profile, pin: Pin | None) -> KnownSource:
    if pin is not None:
        stored = store.find(slug, pin.sha256)
        return KnownSource(slug, pin.sha256, f"pinned; {'here' if stored else 'to be fetched'}")
    newest = store.latest(slug, profile)
    if newest is None:
        return KnownSource(slug, None, f"never fetched here ({profile})")
    basis = f"newest here, of {newest.fetched_at[:10]}; a fetch may bring other bytes"
    return KnownSource(slug, newest.sha256, basis)
