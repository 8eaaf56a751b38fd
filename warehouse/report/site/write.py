"""The files of a site, from a published build: pages, data, scripts. Read this first.

A site has no server and no network: data lie in scripts, charts are drawn by one bundle that is
stored once, and every address is relative. The same build gives the same bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from warehouse.catalog.builds import PublishedBuild, current_build
from warehouse.db import Connection, QueryError
from warehouse.report.profiles.frames import read_frames
from warehouse.report.profiles.leaders import ALLY_TIERS, LEADERS
from warehouse.report.profiles.vote_classes import PERIODS, VOTE_CLASSES
from warehouse.report.site.alliance_data import alliances
from warehouse.report.site.build_page import changes_in, provenance
from warehouse.report.site.chart_specs import OKABE_ITO, VIRIDIS, chart_specs
from warehouse.report.site.claim_pages import (
    VERDICTS,
    claim_cards,
    leader_verdicts,
    tests_of_claims,
)
from warehouse.report.site.country_pages import CountryFacts, countries, country_data
from warehouse.report.site.map_data import ally_codes, by_leader, years_of_periods
from warehouse.report.site.network_data import REGIONS, network_data
from warehouse.report.site.pages import ASSETS, Templates
from warehouse.report.site.scripts import rows_of, script_of
from warehouse.report.site.texts import SiteTexts
from warehouse.report.site.world_map import HEIGHT, SHAPES, WIDTH, world_shapes

Files = Iterator[tuple[str, str]]


def site_files(connection: Connection, texts: SiteTexts) -> Files:
    """Every file of the site.

    Args:
        connection: A read-only connection of a published build.
        texts: What it says that is not in the warehouse.

    Yields:
        Path below the site, and text.

    Raises:
        QueryError: The build cannot be read, or lacks a table.
    """
    # sums of floats depend on their order, and that on the number of threads
    connection.execute("SET threads = 1")
    build = current_build(connection)
    if build is None:
        raise QueryError("the file holds no build")
    frames = read_frames(connection)
    states = countries(frames)
    last_year: int = frames["agreement_by_session"].select(pl.col("year").max()).item()
    pages = Templates(_on_every_page(build, texts))
    yield from _assets()
    yield "data/site.js", script_of("site", _shared(frames["states"], states, last_year))
    yield "data/names.js", script_of("names", texts.names)
    yield "data/charts.js", script_of("charts", chart_specs())

    cards = claim_cards(frames["claims"], texts.claims)
    tests = tests_of_claims(connection)
    yield "data/tests.js", script_of("tests", rows_of(tests))
    yield pages.page("index.html", cards=cards, states=states, n_votes=_n_votes(connection))
    by = leader_verdicts(frames["claims"], LEADERS)
    yield pages.page("claims.html", cards=cards, leader_rows=by, n_tests=tests.height)

    yield from _of_countries(pages, frames, states)
    maps = by_leader(frames["agreement_by_period"])
    for leader, found in maps.items():
        yield f"data/leader_{leader}.js", script_of(f"leader/{leader}", found)
    yield (
        "data/leaders.js",
        script_of(
            "leaders",
            {
                "means": rows_of(frames["group_means"]),
                "allies": ally_codes(frames["tier_spells"], ALLY_TIERS),
            },
        ),
    )
    yield pages.page("leaders.html")
    yield pages.page("periods.html")
    shapes = world_shapes(connection)
    years = years_of_periods(last_year)
    shown = {name: [s.state_in(year) for s in shapes] for name, year in years.items()}
    yield "data/map.js", script_of("map", shown)
    yield pages.page("map.html", shapes=shapes, width=WIDTH, height=HEIGHT)

    yield "data/alliances.js", script_of("alliances", alliances(connection))
    yield pages.page("alliances.html")
    yield "data/network.js", script_of("network", network_data(connection))
    yield pages.page("network.html")
    found = provenance(connection, build)
    changes = changes_in(texts.changes)
    yield pages.page("build.html", **found, changes=changes)
    yield pages.page("sources.html", sources=found["sources"])
    yield "licences.txt", _licences()


def _of_countries(
    pages: Templates, frames: Mapping[str, Any], states: list[dict[str, Any]]
) -> Files:
    """The explorer of states, and a page and a data file for each."""
    data = dict(country_data(frames))
    facts = CountryFacts(frames)
    for state in states:
        own = data.get(state["ccode"])
        if own is not None:
            yield f"countries/{state['abb']}.js", script_of(f"country/{state['abb']}", own)
        state["has_votes"] = own is not None
        yield pages.page(
            "country.html",
            f"countries/{state['abb']}.html",
            state=state,
            has_data=own is not None,
            **facts.of(state["ccode"]),
        )
    yield pages.page("countries.html", states=states)


def _on_every_page(build: PublishedBuild, texts: SiteTexts) -> dict[str, Any]:
    return {
        "build": build,
        "simulated": build.is_simulated,
        "leaders": LEADERS,
        "vote_classes": VOTE_CLASSES,
        "periods": [name for name, _, _ in PERIODS],
        "citation": texts.citation,
        "verdicts": VERDICTS,
        "viridis": VIRIDIS,
        "regions": REGIONS,
    }


def _shared(every: pl.DataFrame, states: list[dict[str, Any]], last_year: int) -> dict[str, Any]:
    """What several pages look up: names of states and leaders, periods, colours."""
    with_page = {state["ccode"] for state in states}
    names = every.select("ccode", "state_abb", "state_name").rows()
    return {
        "states": {ccode: [abb, name, ccode in with_page] for ccode, abb, name in names},
        "leaders": LEADERS,
        "classes": VOTE_CLASSES,
        "periods": {name: [first, min(last, last_year)] for name, first, last in PERIODS},
        "colours": OKABE_ITO,
        "viridis": VIRIDIS,
    }


def _n_votes(connection: Connection) -> dict[str, int]:
    row = connection.execute(
        "SELECT count(*), count(DISTINCT rcid), count(DISTINCT ccode), max(session) FROM core.votes"
    ).fetchone()
    return dict(zip(("votes", "roll_calls", "states", "session"), row or (0, 0, 0, 0), strict=True))


def _assets() -> Files:
    import vl_convert

    for path in sorted(ASSETS.iterdir()):
        yield f"assets/{path.name}", path.read_text("utf-8")
    # its names would be those of the whole page
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    yield "assets/vega.js", f"(function(){{\n{bundle}\n}})();\n"


def _licences() -> str:
    world = (SHAPES / "LICENSE.txt").read_text("utf-8")
    vega = (SHAPES.parent / "vega_licence.txt").read_text("utf-8")
    about = (SHAPES / "shapes.yml").read_text("utf-8")
    return f"Shapes of countries (map.html)\n\n{about}\n{world}\n\n{vega}"
