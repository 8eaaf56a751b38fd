"""States of some regions with their defence ties, year by year, and how dense these are.

A node is a state in all years of a period, so that it can be left out of all of them, or be put in
another region, without who is tied to whom being touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from transforms.contingency_tables import Floats
from transforms.metrics.networks.adjacency import YearPledges


@dataclass(frozen=True)
class Year:
    """Ties of one year among the nodes of a comparison.

    Attributes:
        ties: Nodes × nodes, symmetric, 0 or 1.
        is_partner: 1 for partners of the hub.
        is_present: 1 for members of the state system.
    """

    ties: Floats
    is_partner: Floats
    is_present: Floats


@dataclass(frozen=True)
class Nodes:
    """States of one or two regions in the years of a period.

    Attributes:
        ccodes: Their codes, ascending.
        regions: Their regions, as of their last year.
        years: The years.
    """

    ccodes: tuple[int, ...]
    regions: tuple[str, ...]
    years: tuple[Year, ...]


def nodes_of(years: list[YearPledges], hub: int, regions: tuple[str, ...]) -> Nodes:
    """States of some regions with their ties, in a square of the same nodes every year.

    Args:
        years: Promises by year.
        hub: Code of the hub, which is no node.
        regions: Regions of the nodes.
    """
    region_of: dict[int, str] = {}
    for year in years:
        region_of |= dict(zip(year.ccodes.tolist(), year.regions.tolist(), strict=True))
    ccodes = sorted(c for c, region in region_of.items() if region in regions and c != hub)
    place = {c: i for i, c in enumerate(ccodes)}
    found = []
    for year in years:
        tied = year.pledges | year.pledges.T
        sources = np.array([i for i, c in enumerate(year.ccodes.tolist()) if c in place], np.int64)
        targets = np.array([place[c] for c in year.ccodes[sources].tolist()], np.int64)
        square = np.zeros((len(ccodes), len(ccodes)))
        square[np.ix_(targets, targets)] = tied[np.ix_(sources, sources)]
        partner, present = np.zeros(len(ccodes)), np.zeros(len(ccodes))
        present[targets] = 1.0
        at = np.flatnonzero(year.ccodes == hub)
        if len(at):
            partner[targets] = tied[at[0], sources]
        found.append(Year(square, partner, present))
    return Nodes(tuple(ccodes), tuple(region_of[c] for c in ccodes), tuple(found))


def density_difference(
    groups: Iterable[tuple[Floats, Floats, Floats]], weighting: str
) -> tuple[Floats, Floats]:
    """Difference of two densities over years, for many choices of nodes at once.

    Args:
        groups: Per year the ties, and the nodes of either group: choices × nodes, 0 or 1.
        weighting: `years` or `pairs`.

    Returns:
        θ of each choice, NaN where no year has two nodes in both groups, and its years.
    """
    counted = [(_pairs(ties, first), _pairs(ties, second)) for ties, first, second in groups]
    known = np.array([(a[1] > 0) & (b[1] > 0) for a, b in counted])
    n_years = known.sum(axis=0).astype(np.float64)
    sides = []
    for side in (0, 1):
        ties = np.array([both[side][0] for both in counted])
        pairs = np.array([both[side][1] for both in counted])
        if weighting == "pairs":
            sums = np.where(known, pairs, 0.0).sum(axis=0)
            sides.append(np.where(known, ties, 0.0).sum(axis=0) / np.maximum(sums, 1.0))
        else:
            shares = np.where(known, ties / np.maximum(pairs, 1.0), 0.0).sum(axis=0)
            sides.append(shares / np.maximum(n_years, 1.0))
    return np.where(n_years > 0, sides[0] - sides[1], np.nan), n_years


def _pairs(ties: Floats, group: Floats) -> tuple[Floats, Floats]:
    """Ties and pairs among the nodes of each choice: whole numbers, so exact in any order."""
    n_nodes = group.sum(axis=1)
    return ((group @ ties) * group).sum(axis=1) / 2, n_nodes * (n_nodes - 1) / 2
