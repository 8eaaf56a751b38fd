"""The page on first contact has every source, every host that is asked, and what is open."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.sources import SourceDeclaration, load_declarations
from flows.sources.optional import load_optional_declarations

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "first_contact.md").read_text("utf-8")
DECLARED = {**load_declarations(), **load_optional_declarations()}
PARTS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[2:]
"""One for each publisher, after the introduction and what holds for all."""


def sections() -> list[tuple[list[str], str, str]]:
    """(sources of the heading, section, part of the publisher)."""
    found = []
    for part in PARTS:
        for section in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
            heading = section.partition("\n")[0]
            found.append((re.findall(r"`(\w+)`", heading), section, part))
    return found


def hosts(declaration: SourceDeclaration) -> set[str]:
    """Hosts that profile live asks for a source."""
    asked = [declaration.publisher_url or declaration.url, *declaration.discover.listings]
    return {urlsplit(address).netloc for address in asked}


def test_every_source_is_there_once() -> None:
    named = [slug for slugs, _, _ in sections() for slug in slugs]
    assert sorted(named) == sorted(DECLARED)


@pytest.mark.parametrize(("slugs", "section", "part"), sections(), ids=lambda v: str(v)[:30])
def test_it_says_what_is_known_and_what_is_to_be_shown(
    slugs: list[str], section: str, part: str
) -> None:
    assert "* **Certain**: " in section or "* **Uncertain**: " in section
    assert "* **To be shown**: " in section
    heading = part.partition("\n")[0]
    for slug in slugs:
        assert hosts(DECLARED[slug]) <= set(re.findall(r"[\w.]+\.\w+", heading)), slug


@pytest.mark.parametrize("slug", DECLARED)
def test_what_only_a_first_contact_can_show_of_a_layout_is_there(slug: str) -> None:
    """A layout that was tested on a made-up file alone names its columns or its file as open."""
    (section,) = (text for slugs, text, _ in sections() if slug in slugs)
    open_points = section.partition("**To be shown**")[2]
    if DECLARED[slug].layouts:
        assert re.search(r"header|columns|gates|bytes", open_points), slug
