"""The profile: components apart, a scalar only of all four, ranks over all weights."""

from itertools import permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metrics.asymmetry.asymmetry_profile import (
    COMPONENTS,
    build_asymmetry_profile,
    rank_acceptability,
)
from warehouse.contracts.read import contracts

TABLE = "metrics.asymmetry_profile"
MEMBERS = (2, 20, 200, 220)
SHARES = st.lists(st.tuples(*[st.floats(0, 1)] * 4), min_size=1, max_size=6)


def weights(n=500):
    return np.random.default_rng(1).dirichlet([1.0] * 4, n)


def built(*, residual_low=(0.1, 0.1, -0.1), leader=2, dominance=0.6, year=1990, supply=True):
    pact = {"atopid": 3180, "year": year, "has_defense_or_offense": True}
    asymmetry = [
        pact
        | {"variable": v, "leader_ccode": leader, "n_members": 4, "dominance": dominance}
        | {"null_reason": None if leader else "capability_missing"}
        for v in ("cinc", "milex")
    ]
    duties = [
        {"atopid": 3180, "phase": 0, "item": item, "balance": balance, "null_reason": None}
        for item, balance in (("defense", -0.2), ("terrres", 0.5))
    ]
    index = [
        {"ccode_from": 2, "ccode_to": c, "year": year, "independence_index": 0.5}
        for c in MEMBERS[1:]
    ]
    residuals = [
        {"ccode_hegemon": 2, "ccode": c, "session_from": year - 1945, "session_to": year - 1945}
        | {"vote_class": "unpopular", "ci_low": low}
        for c, low in zip(MEMBERS[1:], residual_low, strict=True)
    ]
    types = {"leader_ccode": pl.Int16, "n_members": pl.Int16, "null_reason": pl.String}
    ints = [pl.col("year").cast(pl.Int16)]
    frames: dict[str, Any] = {
        "capability_asymmetry": pl.DataFrame(asymmetry, schema_overrides=types).with_columns(ints),
        "alliance_year": pl.DataFrame(
            [{"atopid": 3180, "year": year, "phase": 0, "member_ccodes": "2 20 200 220"}]
        ).with_columns(ints),
        "obligation_balance": pl.DataFrame(duties, schema_overrides={"null_reason": pl.String}),
        "security_hierarchy": pl.DataFrame(index).with_columns(
            pl.col("year", "ccode_from", "ccode_to").cast(pl.Int16)
        ),
        "legitimation_supply": pl.DataFrame(
            residuals, schema_overrides={"ci_low": pl.Float64}
        ).with_columns(pl.col("ccode", "ccode_hegemon").cast(pl.Int16))
        if supply
        else None,
    }
    table = build_asymmetry_profile(**frames).tables[TABLE]
    return contracts()[TABLE].conform(table).row(0, named=True)


def test_the_components_of_one_alliance():
    row = built()
    assert row["capability"] == 0.6
    assert row["exchange"] == pytest.approx(2 / 3)
    assert (row["formality_security"], row["formality_kind"]) == (0.0, 0.5)
    assert row["hierarchy"] == 0.5
    assert row["scalar"] == pytest.approx((0.6 + 2 / 3 + 0.0 + 0.5) / 4)
    assert (row["scalar_min"], row["scalar_max"]) == (0.0, pytest.approx(2 / 3))
    assert (row["n_complete"], row["rank_expected"], row["rank_acceptability_first"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("world", "component", "reason"),
    [
        ({"supply": False}, "exchange", "unit_not_in_source"),
        ({"residual_low": (0.1, 0.1, None)}, "exchange", "n_below_min"),
        ({"year": 1940, "supply": False}, "exchange", "out_of_coverage"),
        ({"leader": 365}, "hierarchy", "unit_not_in_source"),
        ({"leader": None, "dominance": None}, "capability", "capability_missing"),
    ],
)
def test_one_missing_component_leaves_no_scalar(world, component, reason):
    row = built(**world)
    assert row[component] is None
    assert row[f"{component}_null_reason"] == reason
    assert row["scalar"] is row["scalar_min"] is row["rank_expected"] is None
    assert row["null_reason"] is not None


@given(SHARES)
@settings(max_examples=30)
def test_ranks_do_not_depend_on_the_order_of_components(rows):
    values = np.array(rows)
    drawn = weights(50)
    first = rank_acceptability(values, drawn)
    for order in list(permutations(range(4)))[::7]:
        other = rank_acceptability(values[:, order], drawn[:, order])
        for name, ranks in first.items():
            np.testing.assert_array_equal(ranks, other[name])


@given(SHARES)
@settings(max_examples=30)
def test_somebody_is_first_under_any_weights(rows):
    found = rank_acceptability(np.array(rows), weights(50))
    assert found["rank_acceptability_first"].sum() >= 1 - 1e-12
    assert (found["rank_low"] <= found["rank_high"]).all()
    assert (found["rank_high"] <= len(rows)).all()


def test_who_dominates_in_all_components_is_always_first():
    found = rank_acceptability(np.array([[0.9] * 4, [0.1] * 4]), weights())
    assert found["rank_acceptability_first"].tolist() == [1.0, 0.0]
    assert found["rank_expected"].tolist() == [1.0, 2.0]


def test_a_corner_each_shares_the_first_rank_evenly():
    found = rank_acceptability(np.eye(4), weights(10_000))
    assert found["rank_acceptability_first"] == pytest.approx([0.25] * 4, abs=0.02)
    assert len(COMPONENTS) == 4
