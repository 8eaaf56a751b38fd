"""What each publisher has, beside what is declared and followed here."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from flows.home.discovered import SourceReleases, read_releases
from flows.home.paths import Home
from flows.sources import load_declarations

PROFILES = ("live", "mirror")
_WIDTH, _MOST_LINES = 160, 6


@dataclass(frozen=True)
class SourceOverview:
    """One source: its newest release, as far as is known, and what became of it.

    Attributes:
        slug: The source.
        declared: What its declaration is, as releases of its kind are compared.
        newest: The publisher's name of the newest release; None where none is known.
        is_newer: Whether that is newer than the one that is fetched; None where it is not known.
        released_on: ISO 8601; None where the listing does not say.
        url: Address of the newest release.
        adopted: The release that is followed in the place of the declared one.
        state: `current`, `newer` (not tried yet), `followed`, `held`, `refused`, `withdrawn`,
            `not_asked`, `nothing_to_discover`, `unreachable`, `unknown` (nobody has asked yet).
        reason: The state in words, with what to do.
        checked_at: When the publisher was asked last, UTC, ISO 8601.
        snapshot_id: Bytes of the release that was tried.
        build_file: The build made of it, aside.
    """

    slug: str
    declared: str
    newest: str | None
    is_newer: bool | None
    released_on: str | None
    url: str | None
    adopted: str | None
    state: str
    reason: str
    checked_at: str | None
    snapshot_id: str | None = None
    build_file: str | None = None


def overview(home: Home, slug: str | None = None) -> list[SourceOverview]:
    """What is known of the releases of every source, or of one, without asking anybody."""
    return [_of_source(one, home) for one in load_declarations() if slug in {None, one}]


def accept_command(one: SourceOverview) -> str:
    """The command that follows a held release, its reason still to be written."""
    return f'asymmetry releases accept {one.slug} {one.newest} --because "…"'


def discovery_warnings(home: Home) -> Iterator[str]:
    """What wants attention among newer releases, each with what to do."""
    for one in overview(home):
        reason = _in_few_lines(one)
        if one.state == "held":
            yield (
                f"{one.slug}: {one.newest} is newer and held: {reason}. If it is right:"
                f" {accept_command(one)}"
            )
        elif one.state in {"refused", "withdrawn"}:
            yield f"{one.slug}: {one.newest or 'the declared release'} is {one.state}: {reason}"
        elif one.state == "newer":
            yield f"{one.slug}: {one.newest} is newer and was not tried yet: {reason}"


def _in_few_lines(one: SourceOverview) -> str:
    """The reason, cut to a few lines where it has many, with what has all of them."""
    lines = [part for line in one.reason.splitlines() for part in textwrap.wrap(line, _WIDTH)]
    if len(lines) <= _MOST_LINES:
        return "\n".join(lines)
    hidden = len(lines) - _MOST_LINES
    more = f"… and {hidden} more lines: `asymmetry releases {one.slug}` has all of them"
    return "\n".join([*lines[:_MOST_LINES], more])


def _of_source(slug: str, home: Home) -> SourceOverview:
    rule = load_declarations()[slug].discover
    known = _last_check(slug, home)
    newest = known.newest
    tried = known.candidate(newest) if newest else None
    state, reason = known.state, known.reason
    if rule.kind == "none":
        state, reason = "nothing_to_discover", rule.why
    elif known.state == "newer" and tried:
        state, reason = tried.fate, tried.reason
    return SourceOverview(
        slug=slug,
        declared=rule.declared or load_declarations()[slug].version,
        newest=newest.version if newest else None,
        is_newer=known.state == "newer" if known.checked_at and newest else None,
        released_on=newest.released_on if newest else None,
        url=newest.url if newest else None,
        adopted=known.adopted.release.version if known.adopted else None,
        state=state,
        reason=reason,
        checked_at=known.checked_at or None,
        snapshot_id=tried.snapshot_id if tried else None,
        build_file=tried.build_file if tried else None,
    )


def _last_check(slug: str, home: Home) -> SourceReleases:
    """The last check, whoever was asked."""
    return max((read_releases(slug, p, home) for p in PROFILES), key=lambda k: k.checked_at)
