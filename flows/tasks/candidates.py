"""A newer release → fetched, staged, gated, compared, built aside → followed, held or refused."""

from dataclasses import replace
from datetime import UTC, datetime

from polars.exceptions import PolarsError
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from expectations.gate.failures import GateFailedError
from flows.discovery.ask import Visit
from flows.discovery.discover import discover
from flows.engine.release_message import in_short
from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.followed import of_release
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.members import read_members
from flows.fetch.packed_text import may_be_packed
from flows.fetch.route import Profile
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import (
    Candidate,
    Fate,
    SeenRelease,
    SourceReleases,
    forget_candidate_builds,
    read_releases,
)
from flows.home.discovered import write_releases as keep
from flows.home.paths import Home
from flows.home.release_records import Comparison
from flows.home.run_record import RunRecord
from flows.operations.followed import follow
from flows.operations.known_releases import after_check, as_discovery, declared_or_followed
from flows.sources import SourceDeclaration, load_declarations
from flows.tasks.build import build_candidate
from warehouse.catalog.builds import PublishedBuild

ONE_DOWNLOAD = HttpPolicy(attempts=1)
"""The next check comes soon enough; the largest files take long over a slow line."""
_OF_THE_RELEASE = (
    GateFailedError,
    FetchError,
    PolarsError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
)
"""What a file raises that the code was not written for. A full disk is not the file's fault."""


@task(
    name="ask publisher",
    task_run_name="Ask what the publisher of {slug} has released",
    cache_policy=NO_CACHE,
)
def ask_publisher(
    slug: str, profile: Profile, mirror: str | None, home: Home, visit: Visit
) -> SourceReleases:
    """Asks for the releases of one source, and keeps what was found.

    Args:
        slug: The source.
        profile: Who is asked.
        mirror: Folder or base URL, for profile `mirror`.
        home: The home.
        visit: What this check has asked so far.

    Returns:
        All that is known of its releases now.
    """
    before = read_releases(slug, profile, home)
    declaration = declared_or_followed(slug, before)
    found = discover(
        declaration, home, profile, mirror=mirror, visit=visit, before=as_discovery(before)
    )
    known = after_check(before, found)
    if known is not before:
        keep(known, home)
    say = get_run_logger().info
    say("%s: %s (%s), %d requests", slug, found.state, found.reason, found.n_requests)
    return known


def try_candidate(
    known: SourceReleases,
    mirror: str | None,
    home: Home,
    record: RunRecord,
    *,
    published: PublishedBuild | None,
    visit: Visit,
) -> Candidate | None:
    """Tries the newest release of a source in safety, and follows it, holds it or refuses it.

    Args:
        known: What is known of the source's releases.
        mirror: Folder or base URL, for profile `mirror`.
        home: The home.
        record: Of the run.
        published: The build that is published.
        visit: What this check has asked so far.

    Returns:
        What became of it; None where it waits for the next check.
    """
    release = known.newest
    if release is None:
        return None
    tried = Candidate(release, "held", "", _now())
    if published is None:
        return None  # the first build takes what is declared; there is nothing to compare with
    try:
        visit.ask(release.url, known.slug)
        snapshot = _fetched(known, release, mirror, home)
    except FetchError as error:
        if isinstance(error, AccessRefusedError | ChecksFailedError | MissingFileError):
            return replace(tried, fate="refused", reason=str(error))
        get_run_logger().warning("%s", error)  # a network that fails now may not the next time
        return None
    tried = replace(tried, snapshot_id=snapshot.snapshot_id)
    if snapshot.snapshot_id == published.snapshots.get(known.slug):
        return replace(tried, fate="followed", reason="the same bytes as published")
    return _built(tried, snapshot, known, home, record, published=published)


def _built(
    tried: Candidate,
    snapshot: Snapshot,
    known: SourceReleases,
    home: Home,
    record: RunRecord,
    *,
    published: PublishedBuild,
) -> Candidate:
    """What became of a candidate whose bytes are here: built aside, and judged."""
    if snapshot.is_simulated != published.is_simulated:
        return replace(tried, fate="refused", reason="simulated and real figures do not mix")
    store, slug = SnapshotStore(home.snapshots), known.slug
    try:
        others = {name: store.load(of) for name, of in published.snapshots.items()}
        if slug in others and holds_the_same(snapshot, others[slug], load_declarations()[slug]):
            return replace(tried, fate="followed", reason="the same data as published, packed anew")
        path, compared = build_candidate(
            {**others, slug: snapshot}, slug, known.profile, home, record, published=published
        )
    except _OF_THE_RELEASE as error:
        return replace(tried, fate="refused", reason=f"{type(error).__name__}: {error}")
    fate, reason = judge(slug, compared)
    return replace(tried, fate=fate, reason=reason, build_file=str(path))


def holds_the_same(one: Snapshot, other: Snapshot, declaration: SourceDeclaration) -> bool:
    """Whether two archives hold the same data and differ in how they are packed."""
    if declaration.file_format != "zip" and not may_be_packed(declaration):
        return False
    return read_members(one, declaration) == read_members(other, declaration)


def judge(slug: str, compared: Comparison | None) -> tuple[Fate, str]:
    """Whether a release that builds is followed by itself or waits for a person, and why.

    Args:
        slug: The source.
        compared: The candidate against the published release; None where they cannot be compared.
    """
    if compared is None:
        return "held", "it could not be compared with the published release"
    if compared.notable():
        return "held", in_short(compared)
    if load_declarations()[slug].discover.follow == "ask":
        said = in_short(compared)
        return "held", f"{said}; a primary claim rests on this source, so somebody has to agree"
    return "followed", in_short(compared)


def settle(known: SourceReleases, candidate: Candidate, home: Home) -> SourceReleases:
    """Keeps what became of a candidate, and follows it where it is to be followed."""
    known = known.with_candidate(candidate)
    keep(known, home)
    forget_candidate_builds(home)
    if candidate.fate == "followed":
        known = follow(known, candidate, candidate.reason, home)
    say = get_run_logger().warning if candidate.fate == "refused" else get_run_logger().info
    say("%s %s: %s (%s)", known.slug, candidate.release.version, candidate.fate, candidate.reason)
    return known


def _fetched(
    known: SourceReleases, release: SeenRelease, mirror: str | None, home: Home
) -> Snapshot:
    declaration = of_release(load_declarations()[known.slug], release)
    profile: Profile = "mirror" if known.profile == "mirror" else "live"
    result = fetch_source(
        declaration, home, profile, mirror=mirror, policy=ONE_DOWNLOAD, candidate=release
    )
    return result.snapshot


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
