"""Rewired networks: degrees stay, every network is equally likely, counts are counts."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from transforms.metrics.networks.configuration_model import (
    as_one_draw,
    lone_spokes,
    rewire,
    spoke_ties,
    triangles,
)


def network(n, edges):
    ties = np.zeros((n, n), bool)
    for i, j in edges:
        ties[i, j] = ties[j, i] = True
    return ties


def drawn(networks):
    """The draws as Boolean matrices."""
    bits = np.unpackbits(networks.square().view(np.uint8), axis=2, bitorder="little")
    return bits[:, :, : networks.n_draws].transpose(2, 0, 1).astype(bool)


networks_of_any_kind = st.integers(4, 12).flatmap(
    lambda n: st.sets(st.sampled_from(list(combinations(range(n), 2))), min_size=1).map(
        lambda edges: network(n, edges)
    )
)


@settings(max_examples=30)
@given(networks_of_any_kind)
def test_degrees_stay_and_networks_are_simple(ties):
    found = drawn(rewire(ties, 70, 1))
    assert len(found) == 70
    assert (found.sum(axis=1) == ties.sum(axis=0)).all()
    assert (found == found.transpose(0, 2, 1)).all()
    assert not found[:, np.arange(len(ties)), np.arange(len(ties))].any()


@settings(max_examples=30)
@given(networks_of_any_kind)
def test_statistics_equal_a_count_tie_by_tie(ties):
    many = rewire(ties, 5, 2)
    hub = int(ties.sum(axis=0).argmax())
    for k, one in enumerate(drawn(many)):
        spokes = np.flatnonzero(one[hub])
        pairs = [(i, j) for i, j in combinations(spokes, 2) if one[i, j]]
        alone = [s for s in spokes if not one[s, spokes].any()]
        closed = [t for t in combinations(range(len(one)), 3) if one[np.ix_(t, t)].sum() == 6]
        counted = (spoke_ties(many, hub)[k], lone_spokes(many, hub)[k], triangles(many)[k])
        assert counted == (len(pairs), len(alone), len(closed))


# A path of four and two ties have few other forms; rings of five and six have 12 and 70.
@pytest.mark.parametrize(
    ("ties", "n_forms"),
    [
        (network(4, [(0, 1), (1, 2), (2, 3)]), 2),
        (network(4, [(0, 1), (2, 3)]), 3),
        (network(5, [(i, (i + 1) % 5) for i in range(5)]), 12),
        (network(6, [(i, (i + 1) % 6) for i in range(6)]), 70),
        # the same with places for ties: what is left out of a complete network moves alike
        (~network(6, [(i, (i + 1) % 6) for i in range(6)]) & ~np.eye(6, dtype=bool), 70),
    ],
    ids=["path", "two ties", "ring of 5", "ring of 6", "all but a ring of 6"],
)
def test_every_network_with_these_degrees_is_equally_likely(ties, n_forms):
    forms = Counter(one.tobytes() for one in drawn(rewire(ties, 7000, 3)))
    assert len(forms) == n_forms
    assert chisquare(list(forms.values())).pvalue > 1e-3


@pytest.mark.parametrize(
    "ties",
    [
        network(6, [(0, i) for i in range(1, 6)]),
        network(5, combinations(range(5), 2)),
        network(3, [(0, 1), (1, 2)]),
        network(2, [(0, 1)]),
    ],
    ids=["star", "clique", "path of 3", "one tie"],
)
def test_where_degrees_leave_no_choice_all_draws_are_the_network(ties):
    assert (drawn(rewire(ties, 100, 4)) == ties).all()


def test_the_same_seed_gives_the_same_draws_and_another_others():
    ties = network(8, [(i, j) for i, j in combinations(range(8), 2) if (i + j) % 3])
    first = rewire(ties, 200, 5)
    assert (first.places == rewire(ties, 200, 5).places).all()
    assert (first.places != rewire(ties, 200, 6).places).any()


def test_a_network_as_it_is():
    hub = network(7, [(0, i) for i in range(1, 7)] + [(1, 2), (1, 3), (2, 3)])
    one = as_one_draw(hub)
    assert (spoke_ties(one, 0), lone_spokes(one, 0), triangles(one)) == (3, 3, 4)


def test_it_stays_mixed_however_long_it_goes_on(monkeypatch):
    """A ring of neighbours, far from random at first: triangles settle where they stay."""
    ties = network(40, [(i, (i + step) % 40) for i in range(40) for step in (1, 2, 3)])
    few = triangles(rewire(ties, 1000, 7))
    monkeypatch.setattr("transforms.metrics.networks.configuration_model.SWAPS_PER_TIE", 24)
    many = triangles(rewire(ties, 1000, 8))
    error = np.sqrt(few.var() / 1000 + many.var() / 1000)
    assert triangles(as_one_draw(ties)) == 120
    assert abs(few.mean() - many.mean()) < 4 * error
