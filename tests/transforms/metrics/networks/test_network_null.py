"""Networks against chance: toys, chunks, years that share their draws, and every null."""

from datetime import date

import polars as pl
import pytest

from expectations.metrics.network_null import SUITES
from flows.engine.coverage import coverages
from transforms.metrics.networks import network_null
from transforms.metrics.networks.alliance_network import GRAPHS, HUBS
from transforms.metrics.networks.network_null import (
    DRAWS,
    STATISTICS,
    TABLE,
    build_network_null,
    rewire_graphs,
)
from warehouse.contracts.read import contracts

YEARS = (1955, 1956)
CODES = {"americas": (2, 20, 40), "europe": (200, 220, 230, 235), "asia_pacific": (732, 740, 800)}


def states():
    rows = [
        (code, region, date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
        for region, codes in CODES.items()
        for code in codes
    ]
    schema = {"ccode": pl.Int16, "region": pl.String, "valid_from": pl.Date, "counts_to": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def world(*pairs, years=YEARS):
    """Inputs in which these pairs, and no others, have bilateral pacts."""
    rows = [
        (number, 0, year, ccode_from, ccode_to, 1, True)
        for year in years
        for number, (a, b) in enumerate(pairs)
        for ccode_from, ccode_to in ((a, b), (b, a))
    ]
    obligations = pl.DataFrame(
        rows,
        schema={"atopid": pl.Int32, "phase": pl.Int16, "year": pl.Int16, "ccode_from": pl.Int16,
                "ccode_to": pl.Int16, "defense": pl.Int16, "is_cow_dyad": pl.Boolean},
        orient="row",
    ).with_columns(not_owed=pl.lit(None, pl.String))  # fmt: skip
    alliances = pl.DataFrame(
        {"atopid": range(len(pairs)), "phase": 0, "is_bilateral": True},
        schema={"atopid": pl.Int32, "phase": pl.Int16, "is_bilateral": pl.Boolean},
    )
    covered = coverages(("atop", "cow_states"))
    inputs = {"obligations": obligations, "alliances": alliances, "states": states()}
    return inputs | {"coverage": covered}


def table(inputs, n_chunks=1):
    chunks = pl.concat(
        rewire_graphs(chunk=chunk, n_chunks=n_chunks, **inputs) for chunk in range(n_chunks)
    )
    outcome = build_network_null(**inputs, chunks=chunks)
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def one(found, statistic="spoke_density", graph="all", hub=2, year=1955):
    return found.filter(graph=graph, ccode_hub=hub, year=year, statistic=statistic).row(
        0, named=True
    )


STAR = [(2, spoke) for spoke in (20, 40, 200, 220)]
# The United States with three spokes in Asia that are not tied, though others are to each other.
HUB = [(2, 732), (2, 740), (2, 800), (200, 220), (200, 230), (220, 235), (230, 235), (20, 40)]


def test_a_star_is_what_its_degrees_make_it():
    found = table(world(*STAR))
    for statistic in STATISTICS:
        row = one(found, statistic)
        assert row["observed"] == row["null_mean"] == row["null_low"] == row["null_high"]
        assert (row["null_sd"], row["p_value"], row["p_value_opposite"]) == (0.0, 1.0, 1.0)
        assert (row["z_score"], row["null_reason"]) == (None, "no_variation")
    assert one(found, "hubness")["observed"] == 1.0
    assert one(found, "lone_spoke_share")["observed"] == 1.0


def test_spokes_that_are_not_tied_against_chance():
    row = one(table(world(*HUB)))
    assert (row["degree_hub"], row["n_ties"], row["observed"]) == (3, 8, 0.0)
    assert 0 < row["null_mean"] < 1
    assert row["z_score"] == pytest.approx(-row["null_mean"] / row["null_sd"], abs=1e-12)
    assert row["p_value"] < 1
    assert row["p_value_opposite"] == 1.0
    assert row["n_draws"] == DRAWS
    mirrored = one(table(world(*HUB)), "hubness")
    assert mirrored["p_value"] == row["p_value"]
    assert mirrored["null_low"] == pytest.approx(1 - row["null_high"], abs=1e-12)


def test_p_counts_the_draws_and_the_network_itself():
    """Rings of five never tie the two neighbours of a state; of six, two triangles do."""
    ring = [(2, 20), (20, 200), (200, 220), (220, 40), (40, 2)]
    row = one(table(world(*ring)))
    assert (row["observed"], row["null_mean"], row["p_value"]) == (0.0, 0.0, 1.0)
    six = [(2, 20), (20, 200), (200, 230), (230, 220), (220, 40), (40, 2)]
    row = one(table(world(*six)))
    # 10 of the 70 networks with six degrees of 2 are two triangles
    assert row["null_mean"] == pytest.approx(1 / 7, abs=0.04)
    assert row["p_value"] == pytest.approx(6 / 7, abs=0.04)
    assert row["p_value"] * 1001 == pytest.approx(round(row["p_value"] * 1001), abs=1e-9)


@pytest.mark.parametrize("n_chunks", [3, 7])
def test_the_number_of_chunks_changes_nothing(n_chunks):
    inputs = world(*HUB, (740, 800), (200, 740))
    assert table(inputs, n_chunks).equals(table(inputs))


def test_years_with_the_same_ties_share_their_draws():
    found = table(world(*HUB)).drop("year")
    first, second = found[: found.height // 2], found[found.height // 2 :]
    assert first.equals(second)
    assert rewire_graphs(chunk=0, n_chunks=1, **world(*HUB)).equals(
        rewire_graphs(chunk=0, n_chunks=1, **world(*HUB, years=(1956,)))
    )


def test_every_null_has_its_reason():
    found = table(world(*HUB))
    assert one(found, hub=710)["null_reason"] == "not_member"
    assert one(found, hub=710)["n_ties"] is None
    assert one(found, hub=200, graph="asia_pacific")["null_reason"] == "n_below_min"
    assert one(found, hub=200, graph="asia_pacific")["degree_hub"] == 0
    assert set(found.filter(pl.col("observed").is_null())["n_draws"]) == {0}
    assert set(found.filter(pl.col("observed").is_not_null())["n_draws"]) == {DRAWS}
    assert one(found, "transitivity", hub=200, graph="all")["observed"] == 0.0
    assert found.height == len(YEARS) * len(GRAPHS) * len(HUBS) * len(STATISTICS)


def test_the_order_of_rows_changes_nothing():
    inputs = world(*HUB)
    shuffled = {
        name: inputs[name].sample(fraction=1, shuffle=True, seed=9)
        for name in ("obligations", "alliances", "states")
    }
    assert table(inputs | shuffled).equals(table(inputs))


def test_the_suite_names_the_directions_of_the_module():
    (direction,) = [
        e for e in SUITES[0].expectations if "direction_goes_with_the_statistic" in str(e)
    ]
    greater = [name for name, side in STATISTICS.items() if side == network_null.GREATER]
    assert all(f"'{name}'" in str(direction) for name in greater)
