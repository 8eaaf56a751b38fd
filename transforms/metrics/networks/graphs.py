"""The graphs of `metrics.alliance_network` without their isolates, each with a seed of its own.

A state without ties has nothing to rewire. The seed is a hash of the ties, so graphs that are equal
(consecutive years, or hubs without a tie into a region) share their draws.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.metrics.networks.adjacency import YearPledges
from transforms.metrics.networks.alliance_network import GRAPHS, HUBS
from transforms.metrics.networks.centralization import Ties

SEED = 20190148


@dataclass(frozen=True)
class Graph:
    """A graph without its isolates.

    Attributes:
        ccodes: Its vertices, ascending.
        ties: Symmetric, vertices × vertices.
        seed: Hash of the ties.
    """

    ccodes: NDArray[np.int16]
    ties: Ties
    seed: int

    def degree(self, ccode: int) -> int:
        """Ties of a state; 0 for an isolate."""
        return int(self.ties[self.ccodes == ccode].sum())


def graphs_of(year: YearPledges) -> Iterator[tuple[str, int, Graph]]:
    """The graphs of a year: name, hub, graph; for hubs that were in the system."""
    ties = year.pledges | year.pledges.T
    wholes = {
        "all": _graph(year.ccodes, ties),
        "bilateral": _graph(year.ccodes, year.bilateral | year.bilateral.T),
    }
    hubs = [(ccode, int(place)) for ccode in HUBS for place in np.flatnonzero(year.ccodes == ccode)]
    for name in GRAPHS:
        inside = year.regions == name
        at_home = wholes[name] if name in wholes else _graph(year.ccodes, ties, inside)
        for ccode, place in hubs:
            is_new = name not in wholes and not inside[place] and ties[place, inside].any()
            among = inside | (year.ccodes == ccode)
            yield name, ccode, _graph(year.ccodes, ties, among) if is_new else at_home


def _graph(ccodes: NDArray[np.int16], ties: Ties, among: Ties | None = None) -> Graph:
    """A graph without isolates, of all states or of those among them."""
    if among is not None:
        ties = ties & among & among[:, None]
    linked = np.flatnonzero(ties.any(axis=0))
    ccodes, ties = ccodes[linked], ties[np.ix_(linked, linked)]
    ends = ccodes[np.argwhere(np.triu(ties, 1))].astype("<i2")
    digest = hashlib.sha256(f"{SEED}:".encode() + ends.tobytes()).digest()
    return Graph(ccodes, ties, int.from_bytes(digest[:8], "big") >> 1)
