"""Worlds for C4, edition 2 (`metrics.spoke_contrast`): the real ties, drawn regions of partners.

Reads `core.obligations`, `core.alliances` and `core.states`. Who is tied to whom, and when, stays
as it is; which of the hub's partners lie in which region is drawn. No model of ties is needed, so
size is calibrated on what there is; whether ties are sparse in a region that a treaty passed by is
a question of one region.

* absent: labels of regions are permuted among the partners of all of them;
* confounded, `one treaty`: a coin decides which of the two regions has the other's place, so that
  the one treaty among partners (NATO) lies here or there: nothing but chance makes Asia sparse;
* present: labels are permuted, and every tie between two partners that lie in Asia-Pacific is cut
  with a probability of `size`.

Truth: −`size` times the mean density among partners of the two regions. (With one treaty: 0 over
both sides of the coin.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product

import numpy as np

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.core.states import REGIONS
from transforms.coverage import Coverage, end_of_year
from transforms.metrics.claims.cell_tables import estimates_frame, score_rows, scores_frame
from transforms.metrics.claims.leaders import LEADERS
from transforms.metrics.networks.adjacency import year_pledges
from transforms.metrics.networks.partner_ties import Nodes, nodes_of
from transforms.metrics.networks.spoke_contrast import (
    CELL,
    MORE,
    OTHER_REGIONS,
    PERIODS,
    REGION,
    WEIGHTINGS,
    between_regions,
)

HUB = LEADERS[0]
OTHER = "europe"
FIRST = date(1816, 1, 1)
ONE_TREATY = "one treaty"
LEAST_PARTNERS = 4  # two in each region
PRIMARY_PERIOD, PRIMARY_WEIGHTING = "1955-2018", "years"


@dataclass(frozen=True)
class Graph:
    """The real ties of the hub's partners.

    Attributes:
        nodes: States that were partners at some time, with their ties of all years.
        first: First year.
        is_primary_only: Whether the primary alone is estimated.
    """

    nodes: Nodes
    first: int
    is_primary_only: bool


def graph(real: Tables, *, is_primary_only: bool) -> Graph:
    """What the worlds are drawn on.

    Args:
        real: The published tables.
        is_primary_only: Whether the primary alone is estimated.
    """
    latest = real["obligations"]["year"].max()
    covered = Coverage(FIRST, end_of_year(latest if isinstance(latest, int) else None))
    first, last = PERIODS[PRIMARY_PERIOD]
    years = [
        year
        for year in year_pledges(**real, coverage={"atop": covered, "cow_states": covered})
        if first <= year.year <= last
    ]
    regions = (REGION, OTHER) if is_primary_only else tuple(REGIONS)
    nodes = nodes_of(years, HUB, regions)
    ever = np.flatnonzero(np.max([year.is_partner for year in nodes.years], axis=0) > 0)
    return Graph(_kept(nodes, ever), years[0].year, is_primary_only)


def _kept(nodes: Nodes, places: Values) -> Nodes:
    return Nodes(
        tuple(nodes.ccodes[k] for k in places),
        tuple(nodes.regions[k] for k in places),
        tuple(
            replace(
                year,
                ties=year.ties[np.ix_(places, places)],
                is_partner=year.is_partner[places],
                is_present=year.is_present[places],
            )
            for year in nodes.years
        ),
    )


def make_regions(scenario: Scenario, rng: np.random.Generator, on: Graph) -> Tables:
    """A world for C4."""
    n = len(on.nodes.ccodes)
    shuffled = np.array(on.nodes.regions)[rng.permutation(n)]
    if scenario.variant == ONE_TREATY:
        swapped = {REGION: OTHER, OTHER: REGION}
        is_swapped = rng.random() < 0.5
        shuffled = np.array([swapped.get(r, r) if is_swapped else r for r in on.nodes.regions])
    cut = np.triu(rng.random((n, n)) < scenario.size, 1)
    here = shuffled == REGION
    is_cut = (cut | cut.T) & here & here[:, None]
    years = tuple(replace(year, ties=year.ties * ~is_cut) for year in on.nodes.years)
    nodes = Nodes(on.nodes.ccodes, tuple(shuffled.tolist()), years)
    rows, scores = [], []
    for other, weighting, period in _cells(on):
        values = (HUB, "between_regions", REGION, other, weighting, period)
        key = dict(zip(("leader", *CELL), values, strict=True))
        found, of_partner = between_regions(_part(on, nodes, other, period), REGION, weighting)
        rows.append({**key, **found})
        names = (f"state {code}" for code in of_partner)
        scores += score_rows(key, names, np.array(list(of_partner.values()), np.float64))
    return {
        "spoke_contrast": estimates_frame(rows, CELL, MORE),
        "spoke_contrast_score": scores_frame(scores, CELL),
    }


def _cells(on: Graph) -> list[tuple[str, str, str]]:
    if on.is_primary_only:
        return [(OTHER, PRIMARY_WEIGHTING, PRIMARY_PERIOD)]
    return list(product(OTHER_REGIONS, WEIGHTINGS, PERIODS))


def _part(on: Graph, nodes: Nodes, other: str, period: str) -> Nodes:
    """Nodes of two regions in the years of a period."""
    regions = (REGION, *OTHER_REGIONS[other])
    first, last = (year - on.first for year in PERIODS[period])
    kept = np.flatnonzero([region in regions for region in nodes.regions])
    return _kept(replace(nodes, years=nodes.years[first : last + 1]), kept)


def truths_of_regions(scenario: Scenario, on: Graph) -> Mapping[str, Mapping[str, float]]:
    """What cutting ties takes from the density among all partners, mean over years."""
    found = []
    for year in on.nodes.years:
        counted = year.is_partner * year.is_present
        n = float(counted.sum())
        if n >= LEAST_PARTNERS:
            found.append(float(counted @ year.ties @ counted) / (n * (n - 1)))
    return {"C4": {PRIMARY: -scenario.size * float(np.mean(found))}}


FAMILIES = tuple(
    Family(
        name,
        ("C4",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED, variant=ONE_TREATY),
            *present(0.25, 0.5, 1.0),
        ),
        make_regions,
        truths_of_regions,
        "share of the ties among partners in Asia-Pacific that are cut",
        part=part,
        edition=2,
        reads=("core.obligations", "core.alliances", "core.states"),
        basis=partial(graph, is_primary_only=is_primary_only),
        is_primary_only=is_primary_only,
    )
    for name, part, is_primary_only in (
        ("regions_primary", 1.0, True),
        ("regions", 0.2, False),
    )
)
