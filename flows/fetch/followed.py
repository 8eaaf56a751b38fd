"""The declaration that a fetch goes by: with the address of the release that is followed."""

from dataclasses import replace

from flows.home.discovered import SeenRelease, read_releases
from flows.home.paths import Home
from flows.sources import SourceDeclaration, load_declarations


def declaration_of(
    slug: str, profile: str, home: Home, *, locked: bool = False
) -> SourceDeclaration:
    """A source's declaration, with the release that is followed in this home.

    Args:
        slug: The source.
        profile: Whose releases are followed: `live`, `mirror` or `sample`.
        home: The home.
        locked: Whether the pinned bytes are wanted: then the declaration as it stands.
    """
    declaration = load_declarations()[slug]
    adopted = None if locked else read_releases(slug, profile, home).adopted
    return of_release(declaration, adopted.release) if adopted else declaration


def of_release(declaration: SourceDeclaration, release: SeenRelease) -> SourceDeclaration:
    """A declaration with the address and version of another release."""
    return replace(declaration, url=release.url, version=f"{release.version} ({release.file_name})")
