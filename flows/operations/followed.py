"""Following a release: from now on its address is fetched, and its bytes are the newest."""

from dataclasses import replace
from datetime import UTC, datetime

from flows.fetch.fetch_log import Channel
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import (
    Adopted,
    Candidate,
    SeenRelease,
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
        ValueError: The bytes of the candidate could not be had.
        SnapshotDamagedError: They are no longer what they were.
    """
    if candidate.snapshot_id is None:
        raise ValueError(
            f"{known.slug} {candidate.release.version}: its bytes could not be had"
            f" ({candidate.reason}). Nothing was changed."
        )
    store = SnapshotStore(home.snapshots)
    snapshot = store.load(candidate.snapshot_id)
    store.verify(snapshot)
    seen = [f for f in store.fetches(known.slug) if f.snapshot_id == candidate.snapshot_id][-1]
    channel: Channel = "sample" if snapshot.is_simulated else _channel(known.profile)
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="microseconds")
    store.log(candidate.snapshot_id, replace(seen, channel=channel, fetched_at=stamp))
    adopted = Adopted(candidate.release, now.isoformat(timespec="seconds"), because)
    followed = replace(candidate, fate="followed")
    known = _with_others_waiting(known, "another release was followed in its place")
    known = replace(known.with_candidate(followed), adopted=adopted)
    reason = f"{candidate.release.version} is followed"
    known = replace(known, state="current", reason=reason, newer=())
    write_releases(known, home)
    forget_candidate_builds(home)
    return known


def leave(known: SourceReleases, because: str, home: Home) -> SourceReleases:
    """Goes back to the declared release: its address is fetched, and its bytes are the newest.

    Where the declared address is that of every release, the bytes of before go on, since asking
    would bring again what is left now.

    Args:
        known: What is known of the source's releases.
        because: Why, in words.
        home: The home.

    Returns:
        What is known now; what was followed waits, as any other newer release.
    """
    adopted = known.adopted
    if adopted is None:
        return known
    _put_back_before(known, adopted.release, home)
    reason = f"it is followed no more: {because}"
    waiting = _with_others_waiting(known, reason)
    newest = known.newest or adopted.release
    left = replace(waiting, adopted=None, state="newer", reason=reason, newest=newest, newer=())
    write_releases(left, home)
    return left


def _put_back_before(known: SourceReleases, left: SeenRelease, home: Home) -> None:
    """Makes the bytes that were used before a release the newest ones of their channel."""
    store, tried = SnapshotStore(home.snapshots), known.candidate(left)
    if tried is None:
        return
    seen = [f for f in store.fetches(known.slug) if f.channel != "candidate"]
    channels = {f.channel for f in seen if f.snapshot_id == tried.snapshot_id}
    others = [f for f in seen if f.snapshot_id != tried.snapshot_id]
    if before := [f for f in others if f.channel in channels]:
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        store.log(before[-1].snapshot_id, replace(before[-1], fetched_at=now))


def _with_others_waiting(known: SourceReleases, why: str) -> SourceReleases:
    """What was followed until now waits again, should it be newer than what is followed now."""
    for other in known.candidates:
        if other.fate == "followed":
            again = replace(other, fate="held", reason=why, build_file=None)
            known = known.with_candidate(again)
    return known


def _channel(profile: str) -> Channel:
    return "mirror" if profile == "mirror" else "live"
