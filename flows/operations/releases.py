"""`asymmetry releases`: what new releases have lost or changed, and accepting that."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flows.engine.compared_rows import comparisons_of
from flows.engine.release_message import accept_command, in_short
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import Candidate, SourceReleases, read_releases
from flows.home.earlier_build import earlier_build, earlier_file
from flows.home.paths import Home
from flows.home.release_records import Comparison, ReleaseRecords
from flows.operations.followed import follow, leave
from flows.sources import load_declarations
from warehouse.catalog.releases import compared_rows, published_snapshots

DECLARED = "declared"
"""In the place of a version: the release of the declaration, which was left for a newer one."""
_LEAST_DIGITS = 8
_LONGEST_REASON = 1_000


class ReleaseNameError(ValueError):
    """No release that was compared here answers to that name, or no reason was given."""


def known_comparisons(home: Home) -> list[Comparison]:
    """Every comparison that the home or the published file knows, oldest first."""
    records = ReleaseRecords(home)
    found = {c.release.pair: c for c in comparisons_of(compared_rows(home.warehouse))}
    for kept in records.comparisons():
        published = found.get(kept.release.pair)
        accepted = kept.acceptance or (published.acceptance if published else None)
        found[kept.release.pair] = replace(kept, acceptance=accepted)
    known = [records.with_acceptance(comparison) for comparison in found.values()]
    return sorted(known, key=lambda c: c.compared_at)


def accept_release(slug: str, version: str, because: str, home: Home) -> Comparison:
    """Accepts what a release has lost or changed: for exactly its bytes, in place of those before.

    Args:
        slug: The source.
        version: The snapshot's id, or its hash or the first digits of it.
        because: Why, in a person's words.
        home: The home.

    Returns:
        The comparison, accepted now.

    Raises:
        ReleaseNameError: There is no such release, nothing of it wants to be accepted, or no
            reason is given; nothing was changed.
    """
    if slug not in load_declarations():
        known = ", ".join(load_declarations())
        raise ReleaseNameError(f"No source {slug!r}. There are: {known}. Nothing was changed.")
    reason = _reason(because)
    comparison = _match_release(slug, version, home)
    if comparison.severity not in {"warning", "critical"}:
        raise ReleaseNameError(
            f"{comparison.release.snapshot_id} has nothing to accept: {in_short(comparison)}."
            " Nothing was changed."
        )
    acceptance = ReleaseRecords(home).accept(comparison, reason)
    return replace(comparison, acceptance=acceptance)


def accept_candidate(slug: str, version: str, because: str, home: Home) -> SourceReleases | None:
    """Follows a release that was tried and held, by the publisher's name of it or its snapshot.

    Args:
        slug: The source.
        version: The publisher's version, or the snapshot's id; `declared` goes back to the release
            of the declaration.
        because: Why, in a person's words.
        home: The home.

    Returns:
        What is known of the source's releases now; None where no candidate answers to that name.

    Raises:
        ReleaseNameError: No reason is given, or it was refused; nothing was changed.
    """
    for profile in ("live", "mirror"):
        known = read_releases(slug, profile, home)
        if version == DECLARED and known.adopted:
            return leave(known, _reason(because), home)
        for candidate in reversed(known.candidates):
            if version not in {candidate.release.version, candidate.snapshot_id}:
                continue
            reason = _reason(because)
            if candidate.fate == "refused" or candidate.snapshot_id is None:
                raise ReleaseNameError(
                    f"{slug} {candidate.release.version} cannot be used: {candidate.reason}."
                    " Nothing was changed."
                )
            compared = _against_published(candidate, home)
            if compared is not None and compared.wants_attention:
                ReleaseRecords(home).accept(compared, reason)
            return follow(known, candidate, reason, home)
    return None


def _against_published(candidate: Candidate, home: Home) -> Comparison | None:
    published = earlier_build(home)
    slug = (candidate.snapshot_id or "").partition(".")[0]
    before = published.snapshots.get(slug) if published else None
    return held_comparison(known_comparisons(home), candidate.snapshot_id, before)


def _reason(because: str) -> str:
    reason = " ".join(because.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise ReleaseNameError(
            f"--because needs a reason, in {_LONGEST_REASON:,} characters at most: whoever reads"
            " the build later has nothing else to go by. Nothing was changed."
        )
    return reason


def _match_release(slug: str, version: str, home: Home) -> Comparison:
    known = [c for c in known_comparisons(home) if c.release.slug == slug]
    wanted = version.strip().lower().removeprefix(f"{slug}.")
    meant = [
        c for c in known if c.release.sha256.startswith(wanted) and len(wanted) >= _LEAST_DIGITS
    ]
    if not meant or len({c.release.sha256 for c in meant}) > 1:
        there_are = ", ".join(dict.fromkeys(c.release.snapshot_id for c in known)) or "none"
        raise ReleaseNameError(
            f"{version!r} is not one release of {slug} that was compared here ({there_are}). Give"
            f" its snapshot, or {_LEAST_DIGITS} digits of it or more: a refresh compares what is"
            " new. Nothing was changed."
        )
    published = earlier_build(home)
    current = published.snapshots.get(slug) if published else None
    # against what is published now, if it was compared with that; else the last comparison
    return max(meant, key=lambda c: (c.release.previous_snapshot_id == current, c.compared_at))


def held_comparison(
    known: list[Comparison], snapshot_id: str | None, published: str | None
) -> Comparison | None:
    """The comparison of a snapshot with the published one, if it was made."""
    pair = (snapshot_id, published)
    return next(
        (c for c in known if (c.release.snapshot_id, c.release.previous_snapshot_id) == pair), None
    )


def release_warnings(
    home: Home, published: Mapping[str, str], newest: Mapping[str, str | None]
) -> Iterator[str]:
    """What wants attention among the releases, each with what to do.

    Args:
        home: The home.
        published: Slug to the published snapshot.
        newest: Slug to the newest snapshot that is here.
    """
    known = known_comparisons(home)
    for slug, snapshot_id in newest.items():
        waiting = held_comparison(known, snapshot_id, published.get(slug))
        if waiting is None or waiting.severity != "critical":
            continue
        if waiting.is_held:
            yield (
                f"{snapshot_id} is held, nothing newer is published: {in_short(waiting)}."
                f" `asymmetry releases {slug}` shows it; if it is right: {accept_command(waiting)}"
            )
        else:
            yield f"{snapshot_id} was accepted: the next refresh publishes it."
    in_file = {c.release.pair for c in comparisons_of(compared_rows(home.warehouse))}
    for comparison in known:
        if comparison.release.pair in in_file and comparison.wants_attention:
            yield _line_of_published(comparison, published)
    if lines := ReleaseRecords(home).unreadable_lines():
        numbers = ", ".join(map(str, lines))
        yield f"releases/accepted.jsonl: line {numbers} cannot be read, and accepts nothing."


def _line_of_published(comparison: Comparison, published: Mapping[str, str]) -> str:
    release = comparison.release
    is_there = published.get(release.slug) == release.snapshot_id
    when = "is published and has" if is_there else "was published before, and had"
    return (
        f"{release.snapshot_id} {when} lost or changed something of"
        f" {release.previous_snapshot_id}: {in_short(comparison)}. `asymmetry releases"
        f" {release.slug}` shows it; if it is right, or mended since: {accept_command(comparison)};"
        " if not, `asymmetry rollback --list`."
    )


def preview_releases(
    home: Home, new: Mapping[str, str], profile: str, locked: bool
) -> tuple[tuple[str, ...], bool]:
    """What is known beforehand of the releases that a refresh would publish.

    Args:
        home: The home.
        new: Slug to the hash of the bytes that it would use.
        profile: Where they would come from.
        locked: Whether they are asked for as pinned; then none is held.

    Returns:
        A line for each source with other bytes than the published ones, and whether one of them
        would stop the build, as far as is known.
    """
    if profile == "sample":
        return (), False
    records, store = ReleaseRecords(home), SnapshotStore(home.snapshots)
    lines, is_stopped = [], False
    for slug, old in published_snapshots(earlier_file(home)).items():
        sha256 = new.get(slug, old.sha256)
        stored = store.find(slug, sha256)
        if sha256 == old.sha256 or (stored and stored.is_simulated != old.is_simulated):
            continue
        known = records.comparison(slug, sha256, old.sha256)
        name = stored.snapshot_id if stored else f"{slug}.{sha256[:12]}"
        if known is None:
            lines.append(f"{name} is compared with {old.snapshot_id} before it is published.")
        elif known.is_held and not locked:
            is_stopped = True
            what = in_short(known)
            lines.append(f"{name} is held: {what}. If it is right: {accept_command(known)}")
        else:
            reason = known.acceptance.because if known.acceptance else None
            accepted = f" (accepted: {reason})" if reason else ""
            lines.append(f"{name} against {old.snapshot_id}: {in_short(known)}{accepted}.")
    return tuple(lines), is_stopped
