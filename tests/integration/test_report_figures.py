"""What the pages of the simulated world show in a real Chromium is what SQL says."""

import json
from typing import Any

import pytest

from tests.built_homes import BuiltHome
from tests.integration.browser import visit
from tests.integration.site import Site
from tests.processes import asymmetry

AGREEMENT = """
SELECT CAST(ccode AS VARCHAR), sum(n_with_hegemon + n_abstained / 2) / sum(n_votes_of_class)
FROM metrics.hegemon_support
WHERE ccode_hegemon = {leader} AND vote_set = 'final_only' AND vote_class = '{vote_class}'
  AND session + 1945 BETWEEN {first} AND {last}
GROUP BY ccode HAVING sum(n_votes_of_class) >= 5
"""


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
