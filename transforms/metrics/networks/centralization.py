"""Measures of one network of ties: centralisation, cores and density of ties among partners.

A network is a symmetric Boolean matrix without a diagonal; N is the number of its vertices,
isolates included. Betweenness and cores come from rustworkx, the rest is arithmetic on degrees.

* degree centralisation C_D = Σ(max d − d_i) / [(N − 1)(N − 2)]: 1 for a star, 0 where all
  degrees are equal. Loops are no ties: the denominator is not N(N − 1), as it is with loops;
* betweenness b_i, divided by (N − 1)(N − 2) / 2, and its centralisation
  C_B = Σ(max b − b_i) / (N − 1);
* core number: the largest k such that the vertex is in a part where all have k ties or more;
* spoke density ρ: ties among the hub's partners, divided by all that there could be; 0 for a
  pure star. Hubness is 1 − ρ.

Worked example: hub U tied to A-F, and the triangle ABC: C_D = .8, C_B = .8, b_U = .8, ρ = .2, and
U, A, B and C are in a 3-core. With one more vertex, without ties, C_D = .714286, C_B = .571429.

References: Freeman 1979 (Social Networks 1: 215-239); Seidman 1983 (Social Networks 5: 269-287).
"""

from typing import cast

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from transforms.contingency_tables import Floats

Ties = NDArray[np.bool_]

# Above it rustworkx splits the work among threads, and sums would depend on them.
_ONE_THREAD = 1_000_000


def vertex_measures(ties: Ties) -> tuple[Floats, NDArray[np.int64]]:
    """Betweenness and core number of each vertex.

    Args:
        ties: Symmetric, vertices × vertices.

    Returns:
        Betweenness: shortest paths through the vertex between two others, each pair of others
        counting 1 in all. It is not normalised: isolates do not change it, only what it is
        divided by. Core numbers: 0 for an isolate.
    """
    n = len(ties)
    graph: rx.PyGraph[int, None] = rx.PyGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from_no_data([(i, j) for i, j in np.argwhere(np.triu(ties, 1)).tolist()])
    between = rx.graph_betweenness_centrality(
        graph, normalized=False, parallel_threshold=_ONE_THREAD
    )
    cores = cast("dict[int, int]", rx.graph_core_number(graph))  # its stub says int
    return (
        np.array([between[i] for i in range(n)], np.float64),
        np.array([cores[i] for i in range(n)], np.int64),
    )


def degree_centralization(degrees: NDArray[np.int64]) -> float | None:
    """Freeman's C_D in [0, 1]; None with fewer than 3 vertices.

    Args:
        degrees: Ties of each vertex, isolates included where they are to count.
    """
    n = len(degrees)
    if n < 3:
        return None
    return float(n * degrees.max() - degrees.sum()) / ((n - 1) * (n - 2))


def betweenness_centralization(values: Floats) -> float | None:
    """Freeman's C_B in [0, 1]; None with fewer than 3 vertices.

    Args:
        values: Betweenness of each vertex, isolates included where they are to count.
    """
    n = len(values)
    if n < 3:
        return None
    lead = float((values.max() - values).sum())
    return min(lead / ((n - 1) * largest_betweenness(n)), 1.0)


def largest_betweenness(n: int) -> float:
    """Pairs of other vertices, which is the betweenness of the hub of a star of n ≥ 3."""
    return (n - 1) * (n - 2) / 2


def ties_among(ties: Ties, members: NDArray[np.int64]) -> int:
    """Number of ties that have both ends among `members` (positions)."""
    return int(np.count_nonzero(ties[np.ix_(members, members)])) // 2


def density(n_ties: int, n_vertices: int) -> float | None:
    """Part of the possible ties that exist, in [0, 1]; None with fewer than 2 vertices."""
    possible = n_vertices * (n_vertices - 1) // 2
    return n_ties / possible if possible else None
