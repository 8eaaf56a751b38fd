"""The configuration model: random networks with the degrees of an observed one.

A swap takes two ties a–c and b–d, where neither a–d nor b–c is tied, and makes them a–d and b–c:
all degrees stay, there are no loops and no double ties, and any simple network with these degrees
can be reached. Swaps are carried out for many draws and many places at once. In one sweep

1. the vertices are paired at random, {a, b}, {c, d}, …;
2. for every two pairs, the four places between them, ac, ad, bc and bd, allow a swap when they are
   tied in the pattern 10/01 or 01/10;
3. each such swap is carried out with probability ½, independently in each draw.

Every place between two pairs lies in exactly one such square, so the squares do not touch each
other. A swap chooses evenly between two networks that differ in one square, so each sweep leaves
the uniform distribution over all simple networks with these degrees unchanged. All draws use the
same pairings; given these they are independent. Draws are bits: a word of 64 bits holds one place
in 64 draws.

How many sweeps is found in a pilot with draws of its own: so many that `SWAPS_PER_TIE` swaps per
tie are expected. (Ten attempts per tie, as is usual with one swap at a time, end with three to
five swaps carried out per tie in networks of alliances; means settle after one or two.) Where the
degrees leave little choice few squares allow a swap, and sweeps end at `_MOST_SWEEPS`; the chain
has converged by then, within the error of the draws.

References: Maslov and Sneppen 2002 (Science 296: 910-913); Milo et al. 2003 (arXiv
cond-mat/0312028); Taylor 1981 (Lecture Notes in Mathematics 884: 314-336) on what swaps reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.metrics.networks.centralization import Ties

SWAPS_PER_TIE = 4
_PILOT_SWEEPS = 60
_FEWEST_SWEEPS, _MOST_SWEEPS = 60, 500
_SWEEPS_AT_ONCE = 50
_BITS = 64
_SMALL = 80
"""Vertices up to which products of matrices count triangles faster."""

Words = NDArray[np.uint64]
Counts = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Upper = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True)
class Networks:
    """Many networks on the same vertices.

    Attributes:
        places: places × words; a place is two vertices i < j, in the order of
            `numpy.triu_indices`; bit d of word w is draw 64 w + d.
        n_vertices: Vertices.
        n_draws: Draws that count; bits beyond them are to be left alone.
        swaps_per_tie: Swaps carried out per tie, on average over the first 64 draws.
    """

    places: Words
    n_vertices: int
    n_draws: int
    swaps_per_tie: float

    def square(self) -> Words:
        """Vertices × vertices × words, symmetric."""
        n = self.n_vertices
        found = np.zeros((n, n, self.places.shape[1]), np.uint64)
        i, j = np.triu_indices(n, 1)
        found[i, j] = found[j, i] = self.places
        return found

    def count(self, places: Words) -> Counts:
        """How many of some places (any × words) are set, in each draw."""
        bits = np.unpackbits(places.view(np.uint8), axis=1, bitorder="little")
        counted: Counts = bits[:, : self.n_draws].sum(axis=0, dtype=np.int64)
        return counted


def as_one_draw(ties: Ties) -> Networks:
    """The observed network in the form of the random ones, as a single draw."""
    places = ties[np.triu_indices(len(ties), 1)].astype(np.uint64)[:, None]
    return Networks(places, len(ties), 1, 0.0)


def rewire(ties: Ties, n_draws: int, seed: int) -> Networks:
    """Draws networks that have the degrees of a given one.

    Args:
        ties: Symmetric, vertices × vertices, no diagonal.
        n_draws: How many.
        seed: The same seed and ties give the same draws.

    Returns:
        The draws. Where the degrees leave no choice, as in a star or a clique, all are alike.
    """
    n_ties = int(ties.sum()) // 2
    _, pilot = _sweep(ties, 1, _PILOT_SWEEPS, np.random.default_rng([seed, 0]))
    if pilot:
        wanted = np.ceil(SWAPS_PER_TIE * n_ties * _PILOT_SWEEPS / pilot)
        n_sweeps = int(np.clip(wanted, _FEWEST_SWEEPS, _MOST_SWEEPS))
    else:
        n_sweeps = _FEWEST_SWEEPS
    n_words = -(-n_draws // _BITS)
    places, n_swaps = _sweep(ties, n_words, n_sweeps, np.random.default_rng([seed, 1]))
    return Networks(places, len(ties), n_draws, n_swaps / max(n_ties, 1))


def _sweep(
    ties: Ties, n_words: int, n_sweeps: int, random: np.random.Generator
) -> tuple[Words, float]:
    """Carries out sweeps; returns the places and swaps per draw (mean over the first word)."""
    n = len(ties)
    upper = np.triu_indices(n, 1)
    every_draw = np.where(ties[upper], np.uint64(2**64 - 1), np.uint64(0))
    places = np.repeat(every_draw[:, None], n_words, axis=1)
    # a place's words as one element: rows are copied as a whole, three times faster
    words = f"V{places.itemsize * n_words}"
    whole = places.view(words).ravel()
    n_squares = (n // 2) * (n // 2 - 1) // 2
    # reused in every sweep: allocating memory would take longer than the sweep itself
    held = np.empty((4 * n_squares, n_words), np.uint64)
    corners, held_whole = held.reshape(4, -1), held.view(words).ravel()
    ac, ad, bc, bd = corners
    differs = np.empty_like(ac)
    carried_out = np.zeros((n_sweeps, n_squares), np.uint64)
    for done, rows in enumerate(_squares(n, n_sweeps, random)):
        places.take(rows, axis=0, out=held, mode="clip")
        swap: Words = random.bit_generator.random_raw(len(ac))
        for one, other in ((ac, ad), (ac, bc), (ad, bd)):
            np.bitwise_xor(one, other, out=differs)
            swap &= differs
        carried_out[done] = swap[::n_words]
        corners ^= swap
        whole[rows] = held_whole
    return places, int(np.bitwise_count(carried_out).sum()) / _BITS


def _squares(n: int, n_sweeps: int, random: np.random.Generator) -> Iterator[Counts]:
    """Per sweep the places between any two pairs of vertices: all ac, all ad, all bc, all bd."""
    upper = np.triu_indices(n, 1)
    place = np.zeros((n, n), np.int64)
    place[upper] = place.T[upper] = np.arange(len(upper[0]))
    first, second = np.triu_indices(n // 2, 1)
    for done in range(0, n_sweeps if len(first) else 0, _SWEEPS_AT_ONCE):
        n_now = min(_SWEEPS_AT_ONCE, n_sweeps - done)
        order = random.permuted(np.tile(np.arange(n), (n_now, 1)), axis=1)
        left, right = order[:, 0 : n - 1 : 2], order[:, 1:n:2]
        a, b, c, d = left[:, first], right[:, first], left[:, second], right[:, second]
        yield from np.hstack([place[a, c], place[a, d], place[b, c], place[b, d]])


def spoke_ties(networks: Networks, hub: int) -> Counts:
    """Ties among the partners of a vertex, in each draw."""
    partner = networks.square()[hub]
    i, j = np.triu_indices(networks.n_vertices, 1)
    return networks.count(networks.places & partner[i] & partner[j])


def lone_spokes(networks: Networks, hub: int) -> Counts:
    """Partners of a vertex that are tied to no other of its partners, in each draw."""
    square = networks.square()
    partner = square[hub]
    has_other = np.bitwise_or.reduce(square & partner[None], axis=1)
    return networks.count(partner & ~has_other)


def triangles(networks: Networks) -> Counts:
    """Three vertices that are all tied to each other, in each draw."""
    of_word = _closed_by_products if networks.n_vertices <= _SMALL else _closed_by_partners
    upper = np.triu_indices(networks.n_vertices, 1)
    found = np.zeros(networks.n_draws, np.int64)
    for word in range(networks.places.shape[1]):
        first = word * _BITS
        n_now = min(_BITS, networks.n_draws - first)
        places = np.ascontiguousarray(networks.places[:, word]).view(np.uint8).reshape(-1, 8)
        held = np.unpackbits(places, axis=1, bitorder="little", count=n_now)
        found[first : first + n_now] = of_word(held, upper, networks.n_vertices)
    return found // 3


def _closed_by_products(held: Bytes, upper: Upper, n: int) -> Counts:
    """Ties × common partners of their ends, per draw, by products of matrices.

    Args:
        held: Whether a place is tied, places × draws.
        upper: The vertices of each place.
        n: Vertices.
    """
    ties = np.zeros((held.shape[1], n, n), np.float32)
    ties[:, upper[0], upper[1]] = held.T
    ties += ties.transpose(0, 2, 1)
    # whole numbers below 2²⁴: exact in whatever order they are summed
    closed: NDArray[np.float64] = ((ties @ ties) * ties).sum(axis=(1, 2), dtype=np.float64)
    return closed.astype(np.int64) // 2


def _closed_by_partners(held: Bytes, upper: Upper, n: int) -> Counts:
    """The same from each vertex's partners as bits: faster where few of many places are tied."""
    n_words = -(-n // _BITS)
    place, draw = np.nonzero(held)
    i, j = upper[0][place], upper[1][place]
    ties = np.zeros((held.shape[1], n, n_words * _BITS), np.uint8)
    ties[draw, i, j] = ties[draw, j, i] = 1
    partners = np.packbits(ties, axis=2).view(np.uint64).reshape(-1, n_words)
    common = np.bitwise_count(partners[draw * n + i] & partners[draw * n + j])
    closed = np.bincount(draw, common.sum(axis=1, dtype=np.int64), held.shape[1])
    return closed.astype(np.int64)
