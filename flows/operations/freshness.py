"""How long ago each source was asked for, against how often it is worth asking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.fetch_log import Channel
from flows.fetch.snapshots import SnapshotStore
from flows.home.clock import has_come
from flows.home.discovered import read_releases
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations

# A month has up to 31 days, a failed run is tried again the week after: no alarm before that.
GRACE_DAYS = 7


@dataclass(frozen=True)
class Freshness:
    """One source's age.

    Attributes:
        slug: The source.
        snapshot_id: What the last fetch found; None where there was none.
        asked_at: When that was, UTC.
        cadence_days: How often it is worth asking, as declared.
        is_stale: Whether the last fetch lies further back than the cadence and some grace.
        reason: In words.
        is_readable: Whether the log of its fetches can be read; the reason says what is wrong.
    """

    slug: str
    snapshot_id: str | None
    asked_at: datetime | None
    cadence_days: int
    is_stale: bool
    reason: str
    is_readable: bool = True


def freshness_of_sources(
    home: Home,
    channel: Channel,
    now: datetime | None = None,
    *,
    used: Mapping[str, str] | None = None,
) -> Sequence[Freshness]:
    """Says for each declared source whether it is stale.

    Args:
        home: Where snapshots and the log of fetches are.
        channel: Whose fetches count: `live`, `mirror` or `sample`.
        now: Aware; the present unless given.
        used: Slug to the snapshot that the published build was made of, which was fetched once,
            whatever has become of the log since.

    Returns:
        One entry per source, in alphabetical order.
    """
    now = now or datetime.now(UTC)
    store = SnapshotStore(home.snapshots)
    found = []
    for slug, declaration in load_declarations().items():
        cadence = declaration.cadence_days
        try:
            asked = [f for f in store.fetches(slug) if f.channel == channel]
        except SnapshotDamagedError as error:
            found.append(Freshness(slug, None, None, cadence, True, str(error), is_readable=False))
            continue
        if not asked:
            reason = f"{_never_asked(slug, channel, used)}; worth asking every {cadence} days"
            found.append(Freshness(slug, None, None, cadence, True, reason))
            continue
        last = asked[-1]
        asked_at = datetime.fromisoformat(last.fetched_at)
        age = now - asked_at
        is_stale = age > timedelta(days=cadence + GRACE_DAYS)
        reason = f"asked {age.days} days ago, worth asking every {cadence} days"
        if not has_come(asked_at, now):
            is_stale = True  # whenever that was
            reason = f"asked on {asked_at:%Y-%m-%d}, which has not come yet: was the clock ahead?"
        elif last.via == "manual":
            reason = _since_download(declaration, age, channel, home)
        found.append(Freshness(slug, last.snapshot_id, asked_at, cadence, is_stale, reason))
    return found


def _never_asked(slug: str, channel: Channel, used: Mapping[str, str] | None) -> str:
    if snapshot_id := (used or {}).get(slug):
        return f"asked nobody knows when: {snapshot_id} is published, its log of fetches is gone"
    return f"never fetched here ({channel})"


def _since_download(
    declaration: SourceDeclaration, age: timedelta, channel: Channel, home: Home
) -> str:
    """The age of a file that a person has downloaded, and where a newer one is to be had."""
    known = read_releases(declaration.slug, channel, home)
    said = f"handed over {age.days} days ago"
    if known.state == "newer" and known.newest:
        said += f"; the publisher has newer ({known.newest.version})"
    return (
        f"{said}; worth looking every {declaration.cadence_days} days: {declaration.landing_page}"
    )
