"""What is fetched of a source whose publisher has newer releases: the one that is followed here."""

from dataclasses import replace
from pathlib import Path

from flows.fetch.admission import FetchResult
from flows.fetch.errors import MissingFileError
from flows.fetch.fetch_source import fetch_source
from flows.fetch.incoming import ProgressCallback
from flows.fetch.pins import load_lock
from flows.fetch.route import Profile
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import SeenRelease, SourceReleases, read_releases
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations


def fetch_for_build(
    slug: str,
    home: Home,
    profile: Profile,
    *,
    mirror: str | Path | None,
    locked: bool,
    progress: ProgressCallback | None = None,
) -> FetchResult:
    """Fetches a source for a build: the release that is followed, or the declared one.

    The last bytes stand in (`kept`, with the reason) where asking would bring a release that is
    held or refused, since the address is that of every release, and where the one that is wanted
    was withdrawn.

    Args:
        slug: The source.
        home: The home.
        profile: Where bytes come from.
        mirror: Folder or base URL, for the profiles that use one.
        locked: Whether the pinned bytes are wanted: then nothing stands in for them.
        progress: Called a few times a second while bytes come in.

    Raises:
        FetchError: As `fetch_source`.
    """
    known = read_releases(slug, profile, home)
    declaration = declaration_of(slug, profile, home, locked=locked)
    if not locked and _would_bring_another(known, declaration):
        why = "a newer release is held or refused, and its address is that of the one before it,"
        why += " which stands in"
        if found := _last_bytes(slug, profile, home, why):
            return found
    try:
        return fetch_source(
            declaration, home, profile, mirror=mirror, locked=locked, progress=progress
        )
    except MissingFileError as error:
        is_explained = known.adopted is not None or known.state in {"newer", "withdrawn"}
        why = f"its publisher has taken it away ({error}); what was fetched of it stands in"
        if locked or not is_explained:
            raise
        if found := _last_bytes(slug, profile, home, why):
            return found
        raise


def declaration_of(
    slug: str, profile: str, home: Home, *, locked: bool = False
) -> SourceDeclaration:
    """A source's declaration, with the release that is followed in this home.

    Args:
        slug: The source.
        profile: Whose releases are followed: `live`, `mirror` or `sample`.
        home: The home.
        locked: Whether the pinned bytes are wanted: then the declaration as it stands, with the
            address that the pinned bytes are from.
    """
    declaration = load_declarations()[slug]
    if locked:
        pin = load_lock().get(slug)
        return replace(declaration, url=pin.url, version=pin.version) if pin else declaration
    if adopted := read_releases(slug, profile, home).adopted:
        return of_release(declaration, adopted.release)
    return at_publisher(declaration) if profile == "live" else declaration


def at_publisher(declaration: SourceDeclaration) -> SourceDeclaration:
    """A declaration with the publisher's own address, where the declared one is that of a copy."""
    if declaration.publisher_url is None or declaration.publisher_version is None:
        return declaration
    return replace(
        declaration, url=declaration.publisher_url, version=declaration.publisher_version
    )


def of_release(declaration: SourceDeclaration, release: SeenRelease) -> SourceDeclaration:
    """A declaration with the address and version of another release."""
    return replace(declaration, url=release.url, version=f"{release.version} ({release.file_name})")


def _would_bring_another(known: SourceReleases, declaration: SourceDeclaration) -> bool:
    tried = known.candidate(known.newest) if known.state == "newer" and known.newest else None
    if tried is None or tried.fate == "followed":
        return False
    # the address of a branch brings its last commit; that of a followed commit does not
    is_branch = declaration.discover.kind == "github_path" and known.adopted is None
    return is_branch or declaration.url == tried.release.url


def _last_bytes(slug: str, profile: Profile, home: Home, why: str) -> FetchResult | None:
    """The snapshot that the last build of the profile had; None where there is none."""
    store = SnapshotStore(home.snapshots)
    # a mirror of a simulated world has the channel of simulated worlds
    seen = [f for f in store.fetches(slug) if profile in (f.channel, f.via)]
    of_builds = [f.snapshot_id for f in seen if f.channel != "candidate"]
    if not of_builds:
        return None
    snapshot = store.load(of_builds[-1])
    store.verify(snapshot)
    return FetchResult(snapshot, "kept", snapshot.checks, 0, why)
