"""What a check has found, and what was known before → what is known of a source's releases."""

from dataclasses import replace
from datetime import UTC, datetime

from flows.discovery.discover import Discovery
from flows.discovery.release import Release
from flows.home.discovered import SeenRelease, SourceReleases
from flows.sources import SourceDeclaration, load_declarations

_NOTHING_LEARNED = {"unreachable", "refused", "not_asked"}


def declared_or_followed(slug: str, known: SourceReleases) -> SourceDeclaration:
    """The declaration; what is newer is newer than the release that is followed already."""
    declaration = load_declarations()[slug]
    if known.adopted is None:
        return declaration
    rule = replace(declaration.discover, declared=known.adopted.order)
    return replace(declaration, discover=rule)


def after_check(before: SourceReleases, found: Discovery) -> SourceReleases:
    """What is known after a check.

    A publisher that does not answer takes nothing back: a newer release that it has listed, and
    that waits here for somebody, goes on waiting.

    Args:
        before: What was known.
        found: What the check has found.
    """
    if found.state == "postponed":
        return before
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if found.state in _NOTHING_LEARNED and before.state == "newer":
        return replace(before, checked_at=now)
    return replace(
        before,
        checked_at=now,
        state=found.state,
        reason=found.reason,
        newest=_seen(found.newest),
        newer=found.newer,
    )


def as_discovery(known: SourceReleases) -> Discovery | None:
    """What the last check found, for one that finds the same; None where nothing was newer."""
    if known.state != "newer" or known.newest is None:
        return None
    seen = known.newest
    order = tuple(int(part) for part in seen.order.split(".") if part)
    day = datetime.fromisoformat(seen.released_on).date() if seen.released_on else None
    newest = Release(
        known.slug, seen.version, order, day, seen.url, seen.file_name, seen.n_bytes, seen.md5
    )
    declared = declared_or_followed(known.slug, known).discover.declared
    return Discovery(known.slug, "newer", declared, newest, known.reason, 0, known.newer)


def _seen(release: Release | None) -> SeenRelease | None:
    if release is None:
        return None
    day = release.released_on.isoformat() if release.released_on else None
    return SeenRelease(
        release.version,
        day,
        release.url,
        release.file_name,
        release.n_bytes,
        release.md5,
        ".".join(map(str, release.order)),
    )
