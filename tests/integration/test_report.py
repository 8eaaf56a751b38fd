"""The site of the simulated world in a real Chromium: it opens from disk, for everybody."""

import re
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.reports.site_texts import site_texts
from tests.built_homes import BuiltHome
from tests.integration.browser import visit
from tests.integration.site import Site
from tests.processes import asymmetry
from warehouse.db import read_published
from warehouse.report.site.write import site_files

KINDS = (
    "index.html",
    "claims.html",
    "countries.html",
    "countries/POL.html",
    "leaders.html",
    "periods.html",
    "map.html",
    "alliances.html",
    "network.html",
    "build.html",
    "sources.html",
)


def test_the_command_says_what_it_wrote_and_that_it_is_simulated(site: Site) -> None:
    assert "index.html" in site.printed
    assert "SIMULATED" in site.warned
    for page in site.folder.rglob("*.html"):
        assert "SIMULATED" in page.read_text("utf-8"), page.name


@pytest.mark.parametrize("address", KINDS)
def test_a_page_opens_from_disk_and_everybody_can_read_it(
    browser: Any, site: Site, address: str
) -> None:
    with visit(browser, site.folder, address, color_scheme="light") as seen:
        assert seen.outside == []
        assert seen.serious() == []
        seen.page.emulate_media(color_scheme="dark")
        seen.page.wait_for_timeout(300)  # charts are drawn anew in other colours
        seen.drawn()
        assert seen.serious("color-contrast") == [], "in dark mode"
        seen.page.set_viewport_size({"width": 360, "height": 740})
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, "a phone has to scroll sideways"
        seen.page.emulate_media(media="print")
        assert not seen.page.locator("nav").is_visible()
        assert seen.page.locator("h1").is_visible()
        assert seen.page.locator(".banner").is_visible()
        assert seen.said == []


def test_every_link_leads_somewhere(site: Site) -> None:
    for page in site.folder.rglob("*.html"):
        for target in re.findall(r'(?:href|src)="([^"]+)"', page.read_text("utf-8")):
            if target.startswith(("http:", "https:", "data:")):
                continue
            path, _, anchor = target.partition("#")
            other = (page.parent / path).resolve() if path else page
            assert other.is_file(), f"{page.name}: {target}"
            assert not anchor or f'id="{anchor}"' in other.read_text("utf-8"), target


def test_it_is_small_and_the_charts_are_stored_once(browser: Any, site: Site) -> None:
    files = [path for path in site.folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40e6
    assert [p.name for p in files if p.stat().st_size > 500_000] == ["vega.js"]
    with visit(browser, site.folder, "countries/POL.html") as seen:
        loaded = {url for url in seen.asked if url.startswith("file:")}
        names = {url.rpartition("/")[2].partition("#")[0] for url in loaded}
    assert "vega.js" in names
    by_name = {path.name: path.stat().st_size for path in files}
    assert sum(by_name[name] for name in names) < 3e6


def test_the_same_build_gives_the_same_bytes(site: Site, sample_home: BuiltHome) -> None:
    with read_published(sample_home.warehouse) as connection:
        again = dict(site_files(connection, site_texts(Home(sample_home.home), connection)))
    written = {
        str(path.relative_to(site.folder)): path.read_text("utf-8")
        for path in site.folder.rglob("*")
        if path.is_file()
    }
    assert written.keys() == again.keys()
    assert [name for name in again if again[name] != written[name]] == []


def test_tables_sort_filter_and_download_by_keyboard(browser: Any, site: Site) -> None:
    with visit(browser, site.folder, "countries.html", accept_downloads=True) as seen:
        page = seen.page
        table = page.locator("table[data-file=states]")
        code = table.get_by_role("button", name="code")
        code.focus()
        page.keyboard.press("Enter")
        codes = [int(row[2]) for row in seen.cells("table[data-file=states]")]
        assert codes == sorted(codes)
        page.keyboard.press("Enter")
        assert table.locator("th[aria-sort=descending]").inner_text().startswith("code")
        tools = table.locator("xpath=../preceding-sibling::div[1]")
        tools.get_by_label("Filter").fill("poland")
        assert table.locator("tbody tr:visible").count() == 1
        with page.expect_download() as download:
            tools.get_by_role("button", name="Download CSV").click()
        text = Path(download.value.path()).read_text("utf-8-sig")
        assert download.value.suggested_filename == "states.csv"
        assert text.splitlines()[0].startswith("state,COW,code")
        assert text.splitlines()[1].startswith("Poland,POL,290")
        assert len(text.splitlines()) == 2


def test_a_state_is_found_and_the_colours_are_chosen(browser: Any, site: Site) -> None:
    with visit(browser, site.folder, "index.html") as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        button = page.get_by_role("button", name="Colours")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        button.click()
        button.click()
        assert button.inner_text() == "Colours: dark"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        page.get_by_label("Find a state").fill("nowhere")
        page.keyboard.press("Enter")
        page.locator("#find-answer").get_by_text("no state of that name").wait_for()
        page.get_by_label("Find a state").fill("290")
        page.keyboard.press("Enter")
        page.wait_for_url("**/countries/POL.html")
        for name in ("Польша", "pologne", "POL"):
            page.goto((site.folder / "index.html").as_uri())
            page.get_by_label("Find a state").fill(name)
            page.keyboard.press("Enter")
            page.wait_for_url("**/countries/POL.html")


def test_what_is_no_site_is_not_replaced(sample_home: BuiltHome, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.tex").write_text("years of work")
    done = asymmetry(sample_home.home, "report", "--output", str(tmp_path / "papers"))
    assert done.returncode == 2
    assert "other things in it" in done.stderr
    assert [p.name for p in (tmp_path / "papers").iterdir()] == ["thesis.tex"]
    for wrong, why in (
        (sample_home.home / "site", "lies in the home"),
        (sample_home.home.parent, "holds the home"),
        (tmp_path / "none" / "site", "There is no folder"),
    ):
        done = asymmetry(sample_home.home, "report", "--output", str(wrong))
        assert (done.returncode, why in done.stderr) == (2, True), done.stderr
