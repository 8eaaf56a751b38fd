"""Pages in a real Chromium: what they say on the console, ask for, and look like to a reader."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
)
INSIDE = ("file:", "data:", "blob:")
DRAWN = """() => [...document.querySelectorAll('.chart')].every(
    c => c.closest('details:not([open])') || c.dataset.rows || c.querySelector('.nothing'))"""


@dataclass
class Visit:
    """A page that is open, and what went wrong on it.

    Attributes:
        page: Playwright's page.
        said: Warnings and errors of the console, and exceptions.
        asked: Addresses of everything that it has loaded.
    """

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """What it wanted from elsewhere than this disk."""
        return [url for url in self.asked if not url.startswith(INSIDE)]

    def drawn(self) -> None:
        """Waits until every chart that can be seen is there."""
        self.page.wait_for_function(DRAWN, timeout=30_000)

    def cells(self, selector: str) -> list[list[str]]:
        """The texts of the rows of a table, hidden ones too."""
        rows = self.page.locator(f"{selector} tbody").evaluate_all(
            "bodies => bodies.flatMap(b => [...b.rows].map(r => [...r.cells].map(c =>"
            " c.dataset.value !== undefined ? c.dataset.value : c.textContent.trim())))"
        )
        return [list(row) for row in rows]

    def serious(self, *rules: str) -> list[str]:
        """What axe-core finds that keeps people from reading or using the page.

        Args:
            *rules: The rules to judge by; none: all.
        """
        from axe_playwright_python.sync_playwright import Axe

        # a script of the page cannot read its style sheets from disk; rows of a table are alike
        options: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        context = {"exclude": [["tbody tr:nth-child(n+12)"]]}
        found = Axe().run(self.page, context=context, options=options).response["violations"]
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:150]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium; without it a test is skipped, and fails in CI, which installs it."""
    from playwright.sync_api import sync_playwright

    if shutil.which("chromium") is None:
        reason = "there is no chromium here: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Any, site: Path, address: str, **context: Any) -> Iterator[Visit]:
    """Opens a page of a site from disk; nothing from elsewhere is let through."""
    room = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
    try:
        page = room.new_page()
        found = Visit(page)
        page.route(
            lambda url: not url.startswith(INSIDE),
            lambda route: route.abort(),
        )
        page.on("request", lambda request: found.asked.append(request.url))
        page.on(
            "console",
            lambda m: found.said.append(m.text) if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: found.said.append(str(error)))
        path, _, anchor = address.partition("#")
        page.goto((site / path).as_uri() + (f"#{anchor}" if anchor else ""))
        found.drawn()
        yield found
    finally:
        room.close()
