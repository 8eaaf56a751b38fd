"""What is the newest release of a source, and is it newer than the declared one?"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flows.discovery import dataverse, github_path, html_links, undl_files, world_bank
from flows.discovery.ask import Publisher, TooManyRequestsError, Visit
from flows.discovery.release import ListingError, Release, newest_first, version_key
from flows.fetch.errors import AccessRefusedError, FetchError
from flows.fetch.header_checks import judge_header
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.route import Profile
from flows.home.paths import Home
from flows.sources import SourceDeclaration
from flows.sources.discover import DiscoveryRule, Kind

APPROVED = "ASYMMETRY_APPROVED_BY_PUBLISHER"
"""Sources, separated by commas, whose publisher has approved of a program that downloads."""

State = Literal[
    "newer",
    "current",
    "withdrawn",
    "postponed",
    "not_asked",
    "nothing_to_discover",
    "refused",
    "unreachable",
]
READERS: Mapping[Kind, Callable[[bytes, str, str, DiscoveryRule], list[Release]]] = {
    "dataverse": dataverse.read_releases,
    "html_links": html_links.read_releases,
    "github_path": github_path.read_releases,
    "undl_files": undl_files.read_releases,
    "world_bank": world_bank.read_releases,
}
_TEXTS = ("csv", "tsv")
ONE_ATTEMPT = HttpPolicy(attempts=1, total_seconds=120)
"""The next check comes soon enough, and a request that is tried again is one more request."""


@dataclass(frozen=True)
class Discovery:
    """What a check of one source has found.

    Attributes:
        slug: The source.
        state: `newer`: there is a release after the declared one; `current`: there is none;
            `withdrawn`: the publisher lists older releases only; `postponed`: it was asked often
            enough in this check, for other sources of its; `not_asked`: its terms want to
            be asked first; `nothing_to_discover`: it has no listing, or the mirror has none;
            `refused`: it answers no program; `unreachable`: it did not answer, or not in the
            form that its kind has.
        declared: The declared version.
        newest: The newest release that is listed and meant; None where none is known.
        reason: The state in words, with what to do.
        n_requests: Requests that the check has made.
        newer: Addresses of all files that are meant and newer, the newest first.
    """

    slug: str
    state: State
    declared: str
    newest: Release | None
    reason: str
    n_requests: int = 0
    newer: tuple[str, ...] = ()


def discover(
    declaration: SourceDeclaration,
    home: Home,
    profile: Profile,
    *,
    mirror: str | Path | None = None,
    policy: HttpPolicy | None = None,
    approved: frozenset[str] | None = None,
    visit: Visit | None = None,
    before: Discovery | None = None,
) -> Discovery:
    """Asks for the releases of one source.

    Args:
        declaration: The source, with how its releases are found.
        home: Where what comes in is kept for a moment.
        profile: Who is asked: the publisher (`live`) or the mirror; a simulated world has no
            releases.
        mirror: Folder or base URL, under profile `mirror`.
        policy: Timeouts and retries.
        approved: Sources whose publisher has approved of programs; those of the environment
            variable `ASYMMETRY_APPROVED_BY_PUBLISHER` unless given.
        visit: What the check has asked so far, where it is one of several sources.
        before: What the last check has found: as long as the same files are newer, none of them
            is looked into again.

    Returns:
        What was found. It never raises for what a publisher answers or fails to answer: that is
        a state with its reason.
    """
    rule = declaration.discover
    known = Discovery(declaration.slug, "nothing_to_discover", rule.declared, None, rule.why)
    if rule.kind == "none":
        return known
    approved = approved_sources() if approved is None else approved
    if (
        profile == "live"
        and declaration.program_access == "ask_first"
        and declaration.slug not in approved
    ):
        reason = (
            f"the publisher's terms want to be asked before a program downloads: look at"
            f" {declaration.landing_page} yourself, or ask, and then set"
            f" {APPROVED}={declaration.slug}"
        )
        return replace(known, state="not_asked", reason=reason)
    publisher = Publisher(
        declaration, home, profile, mirror, policy or ONE_ATTEMPT, visit or Visit()
    )
    found = _ask(publisher, known, before)
    return replace(found, n_requests=publisher.n_requests)


def approved_sources() -> frozenset[str]:
    """Sources whose publisher has approved of programs, as the user says."""
    return frozenset(name.strip() for name in os.environ.get(APPROVED, "").split(",") if name)


def _ask(publisher: Publisher, known: Discovery, before: Discovery | None) -> Discovery:
    declaration, rule = publisher.declaration, publisher.declaration.discover
    asked: list[str] = []
    for listed_at in rule.listings:
        try:
            listing = publisher.listing(listed_at)
            if listing is None:
                continue
            asked.append(listed_at)
            releases = READERS[rule.kind](listing, listed_at, declaration.slug, rule)
        except FetchError as error:
            return replace(known, state=_state_of(error), reason=str(error))
        except (ListingError, RecursionError) as error:
            reason = (
                f"{listed_at} did not answer in the form of kind {rule.kind}: {error}. Nothing was"
                f" concluded; open {declaration.landing_page}, and report what has changed there"
            )
            return replace(known, state="unreachable", reason=reason)
        if releases:
            return _judge(publisher, known, newest_first(releases), before)
    if not asked:
        where = "a simulated world" if publisher.profile == "sample" else "this mirror"
        return replace(known, reason=f"{where} has no listing at {', '.join(rule.listings)}")
    reason = (
        f"{', '.join(asked)} lists no file that {rule.file} describes: it was withdrawn or renamed;"
        f" open {declaration.landing_page}"
    )
    return replace(known, state="withdrawn", reason=reason)


def _state_of(error: FetchError) -> State:
    if isinstance(error, AccessRefusedError):
        return "refused"
    return "postponed" if isinstance(error, TooManyRequestsError) else "unreachable"


def _judge(
    publisher: Publisher,
    known: Discovery,
    releases: Sequence[Release],
    before: Discovery | None,
) -> Discovery:
    """Says whether the newest release is newer than the declared one."""
    declared = version_key(known.declared)
    kind = publisher.declaration.discover.kind
    newest = _compared(releases[0], declared, kind)
    if newest < declared:
        reason = (
            f"the newest that is listed is {releases[0].version} ({releases[0].file_name}), older"
            f" than the declared {known.declared}: that was withdrawn; what was fetched of it stays"
        )
        return replace(known, state="withdrawn", newest=releases[0], reason=reason)
    if newest == declared:
        return replace(known, state="current", newest=releases[0], reason="nothing newer")
    newer = [r for r in releases if _compared(r, declared, kind) > declared]
    urls = tuple(release.url for release in newer)
    # an address may be the same for every release, or its file replaced
    if before is not None and before.newer == urls and before.newest in newer:
        return replace(before, n_requests=0)
    chosen, said = _by_header(publisher, newer)
    return replace(known, state="newer", newest=chosen, reason=said, newer=urls)


def _compared(release: Release, declared: tuple[int, ...], kind: Kind) -> tuple[int, ...]:
    """The numbers of a release that are compared: of a commit only the day, where that is known."""
    return release.order[: len(declared)] if kind == "github_path" else release.order


def _by_header(publisher: Publisher, newer: Sequence[Release]) -> tuple[Release, str]:
    """The newest release whose header is the declared one, or else the newest, and why.

    Names are not enough: tables of dyads lie beside tables of states under like names.
    """
    wanted = publisher.declaration.header_starts_with.get("data")
    first = f"{newer[0].version} is newer than {publisher.declaration.discover.declared}"
    # of one file the header is seen when it is fetched
    if len(newer) == 1 or not wanted or publisher.declaration.file_format not in _TEXTS:
        return newer[0], first
    said: list[str] = []
    for release in newer:
        try:
            beginning = publisher.beginning(release.url)
        except TooManyRequestsError:
            break
        except FetchError as error:
            said.append(f"{release.file_name}: {error}")
            continue
        known, notes = judge_header(publisher.declaration, "data", beginning)
        if known:
            newer_than = publisher.declaration.discover.declared
            return release, f"{release.version} is newer than {newer_than}, its header {notes}"
        said.append(f"{release.file_name} {notes}")
    return newer[0], f"{first}, with another header: {' | '.join(said)}"
