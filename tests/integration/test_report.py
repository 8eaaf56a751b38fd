"""The site of the simulated world in a real Chromium: it opens from disk and says what SQL says."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.reports.site_texts import site_texts
from tests.built_homes import BuiltHome
from tests.integration.browser import chromium, visit
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
AGREEMENT = """
SELECT CAST(ccode AS VARCHAR), sum(n_with_hegemon + n_abstained / 2) / sum(n_votes_of_class)
FROM metrics.hegemon_support
WHERE ccode_hegemon = {leader} AND vote_set = 'final_only' AND vote_class = '{vote_class}'
  AND session + 1945 BETWEEN {first} AND {last}
GROUP BY ccode HAVING sum(n_votes_of_class) >= 5
"""


@dataclass(frozen=True)
class Site:
    """A written site.

    Attributes:
        folder: Where it is.
        printed: What the command printed.
        warned: What it printed to stderr.
    """

    folder: Path
    printed: str
    warned: str


@pytest.fixture(scope="module")
def site(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the simulated world, written once by the command."""
    folder = tmp_path_factory.mktemp("a site, ünïcode") / "site"
    done = asymmetry(sample_home.home, "report", "--output", str(folder))
    assert done.returncode == 0, done.stderr
    return Site(folder, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


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


def test_verdicts_and_figures_are_those_of_the_warehouse(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    rows = sample_home.rows("SELECT claim, verdict, estimate, ci_low, ci_high FROM claims")
    with visit(browser, site.folder, "claims.html#C4") as seen:
        for claim, verdict, *figures in rows:
            shown = seen.page.locator(f"article#{claim}")
            assert verdict.replace("_", " ") in shown.locator(".verdict").inner_text().lower()
            if None not in figures:
                numbers = [f"{value:+.3f}".replace("-", "\u2212") for value in figures]
                text = shown.locator(".numbers").first.inner_text()
                assert text == f"{numbers[0]} [{numbers[1]}, {numbers[2]}]"
        seen.page.locator("article#C4 details.tests summary").click()
        seen.drawn()
        (tested,) = sample_home.rows(
            "SELECT count(*), count(estimate) FROM metrics.claim_test WHERE claim = 'C4'"
            " AND leader = 2 AND edition = (SELECT max(edition) FROM metrics.claim_test)"
        )
        cells = seen.cells("article#C4 .target")
        assert (len(cells), sum(row[3][:1] in "-0123456789" for row in cells)) == tested


def test_a_state_has_its_own_page_with_what_sql_says(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    with visit(browser, site.folder, "countries/POL.html") as seen:
        table = seen.page.locator("table[data-file=POL_unpopular]")
        periods = table.locator("tbody tr").evaluate_all(
            "rows => rows.map(r => [r.cells[0].textContent, r.cells[1].dataset.value])"
        )
        shown = dict(periods)
        expected = dict(sample_home.rows(_agreement(2, "unpopular", 1991, 2000)))["290"]
        assert float(shown["1991-2000"]) == pytest.approx(expected, abs=1e-9)
        assert dict(periods) == _cells_of_the_command(sample_home)
        by_year = seen.cells("#ce-table")
        found = {int(r[0]): float(r[2]) for r in by_year if r[1] == "Soviet Union and Russia"}
        assert found == pytest.approx(_by_year(sample_home, 365, "unpopular"), abs=5e-5)
        seen.page.select_option("#ce-class", "popular")
        seen.page.get_by_label("Soviet Union and Russia").uncheck()
        found = {int(r[0]): float(r[2]) for r in seen.cells("#ce-table")}
        assert found == pytest.approx(_by_year(sample_home, 2, "popular"), abs=5e-5)
        assert seen.page.locator("#ce-chart").get_attribute("role") == "img"


def test_states_are_added_and_removed_and_years_chosen(browser: Any, site: Site) -> None:
    with visit(browser, site.folder, "countries.html") as seen:
        page = seen.page
        assert {row[1] for row in seen.cells("#se-table")} == {"Poland"}
        page.select_option("#se-state", "CAN")
        page.get_by_role("button", name="Add to the chart").click()
        page.fill("#se-from", "1990")
        page.fill("#se-to", "2000")
        page.locator("#se-to").blur()
        page.wait_for_function("document.querySelector('#se-table').innerText.includes('Canada')")
        page.wait_for_function("!document.querySelector('#se-table').innerText.includes('1989')")
        cells = seen.cells("#se-table")
        assert {row[1] for row in cells} == {"Poland", "Canada"}
        assert {int(row[0]) for row in cells} <= set(range(1990, 2001))
        page.get_by_role("button", name="Remove Poland").click()
        page.wait_for_function("!document.querySelector('#se-table').innerText.includes('Poland')")
        assert page.url.endswith("#CAN/2/unpopular")
        assert seen.said == []


def test_the_map_and_the_periods_show_what_sql_says(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    with visit(browser, site.folder, "map.html") as seen:
        page = seen.page
        before = page.locator("#map path").evaluate_all("all => all.map(p => p.style.fill)")
        page.select_option("#me-leader", "365")
        page.select_option("#me-period", "1975-90")
        page.wait_for_function("document.querySelector('#me-at').innerText.includes('1990')")
        after = page.locator("#map path").evaluate_all("all => all.map(p => p.style.fill)")
        assert before != after
        expected = dict(sample_home.rows(_agreement(365, "unpopular", 1975, 1990)))
        rows = seen.cells("#me-table")
        assert [float(row[1]) for row in rows] == pytest.approx(
            sorted(expected.values(), reverse=True), abs=5e-5
        )
        poland = page.locator("#map path").evaluate_all(
            "all => all.filter(p => p.querySelector('title').textContent.startsWith('Poland:'))"
            ".map(p => Number(p.dataset.value))"
        )
        assert poland == pytest.approx([expected["290"]], abs=5e-5)
    with visit(browser, site.folder, "periods.html#1975-90/365/unpopular") as seen:
        seen.page.select_option("#pe-who", "")
        seen.page.wait_for_function(
            f"document.querySelectorAll('#pe-table tbody tr').length === {len(expected)}"
        )
        most = max(expected.values())
        assert float(seen.cells("#pe-table")[0][1]) == pytest.approx(most, abs=5e-5)


def test_a_leader_has_allies_and_others(browser: Any, site: Site, sample_home: BuiltHome) -> None:
    with visit(browser, site.folder, "leaders.html") as seen:
        seen.page.select_option("#le-class", "popular")
        rows = seen.cells("#le-table")
        found = {(int(r[0]), r[1]): (float(r[2]), int(r[4])) for r in rows}
        expected = sample_home.rows(
            """
            SELECT s.session + 1945 AS year, CASE WHEN t.tier_core THEN 'allies'
                   ELSE 'other states' END AS who,
                   avg((n_with_hegemon + n_abstained / 2) / n_votes_of_class), count(*)
            FROM metrics.hegemon_support s JOIN marts.ally_tier t
              ON t.ccode_hegemon = 2 AND t.ccode = s.ccode AND t.year = s.session + 1945
            WHERE s.ccode_hegemon = 2 AND vote_set = 'final_only' AND vote_class = 'popular'
              AND n_votes_of_class >= 10 AND t.tier_core IS NOT NULL
            GROUP BY ALL HAVING count(*) >= 3
            """
        )
        assert len(found) == len(expected) > 10
        for year, who, mean, n in expected:
            assert found[year, who] == (pytest.approx(mean, abs=5e-5), n)


def test_the_network_has_the_ties_of_the_measures(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    with visit(browser, site.folder, "network.html") as seen:
        for region, year, hub in (
            ("europe", 1989, 2),
            ("asia_pacific", 1969, 2),
            ("all", 1959, 365),
        ):
            seen.page.select_option("#ne-region", region)
            seen.page.select_option("#ne-year", str(year))
            seen.page.select_option("#ne-hub", str(hub))
            ((n_ties, n_spokes),) = sample_home.rows(
                "SELECT n_ties, degree_hub FROM metrics.alliance_network"
                f" WHERE graph = '{region}' AND year = {year} AND ccode_hub = {hub}"
            )
            assert seen.page.locator("#network line").count() == n_ties
            assert seen.page.locator("#network line.spoke").count() == n_spokes
        assert seen.said == []


def test_an_alliance_is_chosen_from_the_list(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    ((atopid,),) = sample_home.rows(
        "SELECT max(atopid) FROM metrics.capability_asymmetry WHERE variable = 'cinc'"
        " AND has_defense_or_offense AND leader_share IS NOT NULL"
    )
    expected = sample_home.rows(
        "SELECT year, leader_share FROM metrics.capability_asymmetry WHERE variable = 'cinc'"
        f" AND atopid = {atopid} AND leader_share IS NOT NULL ORDER BY year"
    )
    with visit(browser, site.folder, "alliances.html") as seen:
        seen.page.locator(f'#ae-list a[href="#{atopid}"]').click()
        seen.page.wait_for_function(
            f"document.querySelector('#ae-meaning').innerText.includes('{atopid}')"
        )
        rows = [(int(r[0]), float(r[3])) for r in seen.cells("#ae-table") if r[3]]
        assert [year for year, _ in rows] == [year for year, _ in expected]
        assert [share for _, share in rows] == pytest.approx([s for _, s in expected], abs=5e-5)


def test_the_build_tells_every_loss_and_every_broken_rule(
    browser: Any, site: Site, sample_home: BuiltHome
) -> None:
    with visit(browser, site.folder, "build.html") as seen:
        losses = [int(row[3]) for row in seen.cells("table[data-file=row_losses]")]
        assert [(sum(losses),)] == sample_home.rows("SELECT sum(n_rows) FROM meta.row_losses")
        broken = len(seen.cells("table[data-file=rules]"))
        assert [(broken,)] == sample_home.rows(
            "SELECT count(*) FROM meta.validation_results WHERE NOT passed"
        )
        covered = {row[0] for row in seen.cells("table[data-file=coverage]")}
        assert covered == {r[0] for r in sample_home.rows("SELECT table_name FROM meta.coverage")}
    sources = (site.folder / "sources.html").read_text("utf-8")
    for (slug,) in sample_home.rows("SELECT slug FROM meta.sources"):
        assert f'id="{slug}"' in sources


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


def _cells_of_the_command(home: BuiltHome) -> dict[str, str]:
    """Poland's agreement with the United States by period, as `asymmetry country` writes it."""
    done = asymmetry(home.home, "country", "Poland", "--from", "home", "--format", "json")
    return {
        row["period"]: str(row["agreement"])
        for row in json.loads(done.stdout)
        if row["leader"] == 2 and row["unit"] == "period" and row["agreement"] is not None
    }


def _agreement(leader: int, vote_class: str, first: int, last: int) -> str:
    return AGREEMENT.format(leader=leader, vote_class=vote_class, first=first, last=last)


def _by_year(home: BuiltHome, leader: int, vote_class: str) -> dict[int, float]:
    """Poland's agreement by year, of five votes and more."""
    rows = home.rows(
        "SELECT session + 1945, (n_with_hegemon + n_abstained / 2) / n_votes_of_class"
        f" FROM metrics.hegemon_support WHERE ccode = 290 AND ccode_hegemon = {leader}"
        f" AND vote_set = 'final_only' AND vote_class = '{vote_class}' AND n_votes_of_class >= 5"
    )
    return dict(rows)
