"""`make docs-site`: the documentation as a site, opened from disk in a browser, offline."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.integration.browser import chromium
from tests.processes import BIN, ROOT

READS_FROM_THE_WEB = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"?https?:")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly: a dead link or anchor, or a page that is not listed, fails."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [str(BIN / "mkdocs"), "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page()


def test_pages_of_the_project_and_of_every_table_are_there(site: Path) -> None:
    for name in ("index", "project/index", "project/CONTRIBUTING", "decisions/index", "findings"):
        assert (site / f"{name}.html").is_file(), name
    assert (site / "generated" / "dictionary" / "core.votes.html").is_file()
    assert (site / "project" / "examples" / "argue.py").is_file()
    assert not (site / "site_hooks.py").exists()


def test_nothing_is_read_from_the_web(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 150
    assert not [page.name for page in pages if READS_FROM_THE_WEB.search(page.read_text("utf-8"))]


def test_it_opens_from_disk_and_finds_words(site: Path, browser_page: Page) -> None:
    asked: list[str] = []
    wrong: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.on("pageerror", lambda error: wrong.append(error.message))
    browser_page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    browser_page.goto((site / "index.html").as_uri())
    words = browser_page.locator("input.md-search__input")
    words.click()
    words.press_sequentially("seat disputed")
    found = browser_page.locator(".md-search-result__item", has_text="core.un_members")
    found.first.wait_for(timeout=20_000)
    found.locator("a").first.click()
    browser_page.wait_for_url("**/core.un_members.html*")
    assert "core.un_members" in browser_page.locator("h1").inner_text()
    assert asked
    assert not [url for url in asked if not url.startswith("file:")]
    assert not wrong
