"""Networks: toys whose measures are known, brute force, and a small world of promises."""

from collections import deque
from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.coverage import coverages
from transforms.metrics.networks.alliance_network import GRAPHS, HUBS, build_alliance_network
from transforms.metrics.networks.centralization import (
    betweenness_centralization,
    degree_centralization,
    density,
    largest_betweenness,
    ties_among,
    vertex_measures,
)
from warehouse.contracts.read import contracts

STAR = [(0, i) for i in range(1, 5)]
RING = [(i, (i + 1) % 5) for i in range(5)]
PATH = [(0, 1), (1, 2), (2, 3)]
# Hub 0 with spokes 1-6, of which 1, 2 and 3 are tied among themselves.
HUB = [(0, i) for i in range(1, 7)] + [(1, 2), (1, 3), (2, 3)]
TOYS = {
    "star of 5": (5, STAR, 1.0, 1.0, 1),
    "ring of 5": (5, RING, 0.0, 0.0, 2),
    "complete of 5": (5, list(combinations(range(5), 2)), 0.0, 0.0, 4),
    "path of 4": (4, PATH, 0.333333, 0.444444, 1),
    "hub with a triangle": (7, HUB, 0.8, 0.8, 3),
    "the same and an isolate": (8, HUB, 0.714286, 0.571429, 3),
}


def network(n, edges):
    ties = np.zeros((n, n), bool)
    for i, j in edges:
        ties[i, j] = ties[j, i] = True
    return ties


@pytest.mark.parametrize("name", TOYS)
def test_toys(name):
    n, edges, by_degree, by_betweenness, core = TOYS[name]
    ties = network(n, edges)
    between, cores = vertex_measures(ties)
    assert degree_centralization(ties.sum(axis=1)) == pytest.approx(by_degree, abs=5e-7)
    assert betweenness_centralization(between) == pytest.approx(by_betweenness, abs=5e-7)
    assert cores.max() == core


def test_hub_of_the_toy():
    ties = network(7, HUB)
    between, cores = vertex_measures(ties)
    assert between[0] / largest_betweenness(7) == pytest.approx(0.8, abs=1e-12)
    assert cores.tolist() == [3, 3, 3, 3, 1, 1, 1]
    spokes = np.flatnonzero(ties[0])
    assert density(ties_among(ties, spokes), len(spokes)) == pytest.approx(0.2, abs=1e-12)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_small_networks_have_no_centralization(n):
    between, cores = vertex_measures(network(n, []))
    assert degree_centralization(np.zeros(n, np.int64)) is None
    assert betweenness_centralization(between) is None
    assert len(cores) == n
    assert density(0, min(n, 1)) is None


@st.composite
def networks(draw):
    n = draw(st.integers(3, 7))
    possible = list(combinations(range(n), 2))
    return network(n, draw(st.lists(st.sampled_from(possible), unique=True)))


def shortest_paths(ties, source, target):
    found, best, line = [], None, deque([[source]])
    while line:
        path = line.popleft()
        if best is not None and len(path) > best:
            break
        if path[-1] == target:
            best = len(path)
            found.append(path)
            continue
        line.extend([*path, int(k)] for k in np.flatnonzero(ties[path[-1]]) if k not in path)
    return found


def brute_betweenness(ties):
    between = np.zeros(len(ties))
    for pair in combinations(range(len(ties)), 2):
        paths = shortest_paths(ties, *pair)
        for path in paths:
            for k in path[1:-1]:
                between[k] += 1 / len(paths)
    return between


def brute_core(ties, vertex):
    n, best = len(ties), 0
    for size in range(1, n + 1):
        for part in combinations(range(n), size):
            if vertex in part:
                best = max(best, int(ties[np.ix_(part, part)].sum(axis=1).min()))
    return best


@given(networks())
def test_agrees_with_brute_force_and_keeps_its_bounds(ties):
    between, cores = vertex_measures(ties)
    np.testing.assert_allclose(between, brute_betweenness(ties), atol=1e-12)
    assert cores.tolist() == [brute_core(ties, v) for v in range(len(ties))]
    for found in (betweenness_centralization(between), degree_centralization(ties.sum(axis=1))):
        assert found is not None
        assert 0 <= found <= 1


@given(networks(), st.randoms(use_true_random=False))
def test_names_of_vertices_do_not_matter(ties, random):
    order = list(range(len(ties)))
    random.shuffle(order)
    between, cores = vertex_measures(ties)
    moved, moved_cores = vertex_measures(ties[np.ix_(order, order)])
    np.testing.assert_allclose(moved, between[order], atol=1e-12)
    assert moved_cores.tolist() == cores[order].tolist()


def promised(*rows):
    """Rows of core.obligations: (atopid, from, to, defense), in 1955."""
    frame = pl.DataFrame(
        rows,
        schema={"atopid": pl.Int32, "ccode_from": pl.Int16, "ccode_to": pl.Int16,
                "defense": pl.Int16},
        orient="row",
    )  # fmt: skip
    return frame.with_columns(
        pl.lit(0, pl.Int16).alias("phase"),
        pl.lit(1955, pl.Int16).alias("year"),
        pl.lit(True).alias("is_cow_dyad"),
        pl.lit(None, pl.String).alias("not_owed"),
    )


def both_ways(atopid, a, b):
    return (atopid, a, b, 1), (atopid, b, a, 1)


def spells(*codes):
    regions = {0: "americas", 2: "europe", 3: "europe", 7: "asia_pacific", 8: "asia_pacific"}
    rows = [(c, regions[c // 100], date(1955, 1, 1), date(1955, 12, 31)) for c in codes]
    schema = {"ccode": pl.Int16, "region": pl.String, "valid_from": pl.Date, "counts_to": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


# Of the United States: Japan, one way, and Korea in pacts of two; Britain and France in a treaty
# of three. Britain and Korea have a pact of their own; the USSR stands alone, China is not there.
WORLD = spells(2, 200, 220, 365, 732, 740, 800)
TREATIES = pl.DataFrame(
    [(1, 0, True), (2, 0, True), (3, 0, False), (4, 0, True)],
    schema={"atopid": pl.Int32, "phase": pl.Int16, "is_bilateral": pl.Boolean},
    orient="row",
)
PROMISED = promised(
    (1, 2, 740, 1),
    (1, 740, 2, 0),
    *both_ways(2, 2, 732),
    *both_ways(3, 2, 200),
    *both_ways(3, 2, 220),
    *both_ways(3, 200, 220),
    *both_ways(4, 200, 732),
)


def table(obligations=PROMISED, states=WORLD):
    outcome = build_alliance_network(
        obligations=obligations,
        alliances=TREATIES,
        states=states,
        coverage=coverages(("atop", "cow_states")),
    )
    assert outcome.losses.is_empty()
    found = outcome.tables["metrics.alliance_network"]
    return contracts()["metrics.alliance_network"].conform(found)


def row(graph, hub, **inputs):
    return table(**inputs).filter(graph=graph, ccode_hub=hub).row(0, named=True)


def test_the_world_around_its_hub():
    found = row("all", 2)
    assert (found["n_states"], found["n_states_noniso"], found["n_ties"]) == (7, 5, 6)
    assert (found["degree_hub"], found["n_spoke_ties"]) == (4, 2)
    assert found["spoke_density"] == pytest.approx(2 / 6, abs=1e-12)
    assert found["hubness"] == pytest.approx(4 / 6, abs=1e-12)
    # Degrees 4, 3, 2, 2, 1 and two isolates.
    assert found["degree_centralization"] == pytest.approx((7 * 4 - 12) / 30, abs=1e-12)
    assert found["degree_centralization_noniso"] == pytest.approx((5 * 4 - 12) / 12, abs=1e-12)
    assert (found["k_core_hub"], found["k_core_max"]) == (2, 2)
    assert found["null_reason"] is None


def test_one_way_pledges():
    found = row("all", 2)
    assert (found["n_pledges"], found["n_one_way_from_hub"], found["n_one_way_to_hub"]) == (
        11,
        1,
        0,
    )
    assert found["one_way_share"] == pytest.approx(1 / 11, abs=1e-12)
    assert row("all", 200)["n_one_way_from_hub"] == 0


def test_bilateral_graph_and_share_of_pacts():
    found = row("bilateral", 2)
    assert (found["n_ties"], found["degree_hub"], found["spoke_density"]) == (3, 2, 0.0)
    assert (found["n_bilateral_pacts"], found["n_bilateral_pacts_hub"]) == (3, 2)
    assert found["bilateral_hub_share"] == row("all", 2)["bilateral_hub_share"]
    assert found["bilateral_hub_share"] == pytest.approx(2 / 3, abs=1e-12)


def test_two_pacts_between_two_states_are_two_pacts_and_one_tie():
    more = pl.concat([promised(*both_ways(1, 200, 732)), PROMISED.filter(pl.col("atopid") > 1)])
    found = row("bilateral", 200, obligations=more)
    assert (found["n_bilateral_pacts_hub"], found["degree_hub"]) == (2, 1)


def test_a_region_holds_the_hub_wherever_it_lies():
    found = row("asia_pacific", 2)
    assert found["is_hub_from_outside"]
    assert (found["n_states"], found["n_ties"], found["degree_hub"]) == (4, 2, 2)
    assert (found["spoke_density"], found["hubness"]) == (0.0, 1.0)
    assert row("asia_pacific", 200)["n_ties"] == 1
    europe = row("europe", 2)
    assert (europe["n_states"], europe["spoke_density"]) == (4, 1.0)
    assert not row("europe", 200)["is_hub_from_outside"]
    assert row("europe", 200)["n_states"] == 3
    assert (
        not table().filter(pl.col("graph").is_in(["all", "bilateral"]))["is_hub_from_outside"].any()
    )


def test_a_hub_that_is_not_there_leaves_the_graph():
    found = row("all", 710)
    assert found["null_reason"] == "not_member"
    assert found["n_ties"] == 6
    assert found["degree_centralization"] == row("all", 2)["degree_centralization"]
    for name in ("degree_hub", "spoke_density", "hubness", "k_core_hub", "bilateral_hub_share"):
        assert found[name] is None
    assert row("asia_pacific", 710)["n_states"] == 3
    assert not row("asia_pacific", 710)["is_hub_from_outside"]


def test_a_hub_without_partners_is_an_isolate():
    found = row("all", 365)
    assert (found["degree_hub"], found["k_core_hub"], found["betweenness_hub"]) == (0, 0, 0.0)
    assert (found["spoke_density"], found["null_reason"]) == (None, "n_below_min")


def test_a_region_without_states():
    found = row("sub_saharan_africa", 2)
    assert (found["n_states"], found["k_core_max"], found["degree_hub"]) == (1, 0, 0)
    empty = row("sub_saharan_africa", 710)
    assert (empty["n_states"], empty["k_core_max"]) == (0, None)


def test_promises_outside_the_system_do_not_count():
    outside = promised(*both_ways(2, 2, 990)).with_columns(pl.lit(False).alias("is_cow_dyad"))
    assert row("all", 2, obligations=pl.concat([PROMISED, outside])) == row("all", 2)


def test_every_year_has_every_graph_and_hub_in_any_order_of_rows():
    found = table()
    assert found.select("graph", "ccode_hub").n_unique() == found.height
    assert found.height == len(GRAPHS) * len(HUBS)
    shuffled = table(
        PROMISED.sample(fraction=1, shuffle=True, seed=5),
        WORLD.sample(fraction=1, shuffle=True, seed=6),
    )
    assert shuffled.equals(found)
