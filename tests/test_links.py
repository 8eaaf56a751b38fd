"""Every link of every page in Markdown leads somewhere: to a file, and to a heading in it.

Addresses on the web are looked at, not asked: a test needs no network.
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.processes import ROOT

FOLDERS = ("docs", "examples", "deploy", "benchmarks", "tests", "transforms", "flows", "warehouse")
PAGES = sorted([*ROOT.glob("*.md"), *(p for f in FOLDERS for p in (ROOT / f).rglob("*.md"))])
CODE = re.compile(r"^( *)(```|~~~).*?^\1\2|`[^`\n]+`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)|^\[[^\]]+\]: +(\S+)", re.MULTILINE)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:")


@cache
def links(page: Path) -> list[str]:
    """The targets of a page's links and images, code aside."""
    prose = CODE.sub("", page.read_text("utf-8"))
    return [first or second for first, second in LINK.findall(prose)]


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of headings: the second of a name gets -1."""
    prose = re.sub(CODE.pattern.partition("|`")[0], "", page.read_text("utf-8"), flags=CODE.flags)
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
    repeated = {f"{slug}-{n}" for slug, last in found.items() for n in range(1, last + 1)}
    return set(found) | repeated


def fault(page: Path, target: str) -> str | None:
    """What is wrong with a link, if anything is."""
    if ADDRESS.match(target):
        return fault_of_address(target)
    name, _, anchor = target.partition("#")
    other = (page.parent / name).resolve() if name else page
    if ROOT not in other.parents:
        return "outside the project"
    if not other.is_file():
        return "no such file"
    if anchor and other.suffix == ".md" and anchor not in anchors(other):
        return "no such heading"
    return None


def fault_of_address(target: str) -> str | None:
    """What is wrong with an address on the web, by its form alone."""
    parts = urlsplit(target)
    if parts.scheme == "mailto":
        return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", parts.path) else "no address"
    if parts.scheme not in ("http", "https"):
        return "an address of another kind"
    known = parts.hostname in ("127.0.0.1", "localhost") or "." in (parts.hostname or "")
    return None if known else "no host"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = {target: found for target in links(page) if (found := fault(page, target))}
    assert not dead


def test_there_are_links_on_the_pages() -> None:
    assert sum(len(links(page)) for page in PAGES) > 1000
    assert "docs/README.md" in links(ROOT / "README.md")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("none.md", "no such file"),
        ("docs", "no such file"),
        ("docs/glossary.md#no-heading-of-that-name", "no such heading"),
        ("#nowhere", "no such heading"),
        ("../../etc/hosts", "outside the project"),
        ("https://nowhere", "no host"),
        ("htp://example.org", "an address of another kind"),
        ("mailto:nobody", "no address"),
    ],
)
def test_a_dead_link_is_seen(target: str, message: str) -> None:
    assert fault(ROOT / "README.md", target) == message


def test_what_stands_in_code_is_no_link(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    code = "```sh\n# B\n[y](no.md)\n```"
    page.write_text(f"# A\n\n`[x](no.md)` [A](#a)\n\n{code}\n\n## A\n\n[z]: b.md\n")
    assert links(page) == ["#a", "b.md"]
    assert anchors(page) == {"a", "a-1"}
