"""Concentration of shares, and how they move."""

import doctest

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.metrics.asymmetry import system_concentration
from transforms.metrics.asymmetry.system_concentration import build_system_concentration, movement
from warehouse.contracts.read import contracts

TABLE = "metrics.system_concentration"
positive = st.floats(1e-6, 1e6)


def capabilities(*years):
    """Pairs of a year and the states' CINC in it."""
    rows = [(c, year, x) for year, values in years for c, x in values.items()]
    schema = {"ccode": pl.Int16, "year": pl.Int16, "cinc": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def majors(*spells):
    schema = dict.fromkeys(("ccode", "year_from", "year_to", "carried_forward_from_year"), pl.Int16)
    return pl.DataFrame(spells, schema=schema, orient="row")


def build(values, powers):
    outcome = build_system_concentration(capabilities=values, major_powers=powers)
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def one(table, year, state_set):
    return table.filter(year=year, state_set=state_set).row(0, named=True)


def test_examples_in_the_docstrings():
    assert doctest.testmod(system_concentration).failed == 0


TWO = majors((2, 1900, 2016, None), (200, 1900, 2016, None), (2, 2017, 2024, 2016))


def test_a_set_is_measured_by_the_shares_within_it():
    table = build(capabilities((1950, {2: 0.6, 200: 0.2, 20: 0.1, 70: 0.1})), TWO)
    powers, everyone = one(table, 1950, "majors"), one(table, 1950, "all")
    assert powers["concentration"] == pytest.approx(0.5)  # |2s − 1| with s = .75
    assert (powers["n_states"], powers["usa_share"]) == (2, pytest.approx(0.75))
    assert everyone["concentration"] == pytest.approx((0.17 / 0.75) ** 0.5)
    assert (everyone["leader_ccode"], everyone["leader_share"]) == (2, pytest.approx(0.6))


def test_the_united_states_have_no_share_where_they_are_no_major_power():
    table = build(capabilities((1950, {2: 0.6, 200: 0.3, 220: 0.1})), majors(
        (200, 1900, 2016, None), (220, 1900, 2016, None)))  # fmt: skip
    assert one(table, 1950, "majors")["usa_share"] is None
    assert one(table, 1950, "all")["usa_share"] == pytest.approx(0.6)


def test_only_majors_of_carried_years_are_marked():
    world = {2: 0.6, 200: 0.4}
    table = build(capabilities((2016, world), (2017, world)), TWO)
    marked = table.filter("is_major_carried_forward").select("year", "state_set").rows()
    assert marked == [(2017, "majors")]


def test_change_and_movement_look_back_by_years_not_by_rows():
    years = {1949: (0.5, 0.5), 1950: (0.75, 0.25), 1954: (1.0, 0.0)}
    values = capabilities(*((y, dict(zip((2, 200), x, strict=True))) for y, x in years.items()))
    table = build(values, TWO)
    in_1950, in_1954 = one(table, 1950, "all"), one(table, 1954, "all")
    assert in_1950["concentration_change_1"] == pytest.approx(0.5)
    assert in_1950["movement_1"] == pytest.approx(0.5 / (2 * 0.75))
    assert in_1954["concentration_change_1"] is None
    assert in_1954["movement_1"] is None
    assert in_1954["concentration_change_5"] == pytest.approx(1.0)
    assert in_1954["movement_5"] == pytest.approx(0.5)


def test_who_enters_moves_no_power():
    table = build(
        capabilities((1949, {2: 0.6, 200: 0.4}), (1950, {2: 0.3, 200: 0.2, 20: 0.5})), TWO
    )
    row = one(table, 1950, "all")
    assert (row["n_states"], row["n_common_1"]) == (3, 2)
    assert row["movement_1"] == pytest.approx(0)


def test_reasons():
    five = {2: 0.3, 200: 0.2, 20: 0.2, 70: 0.2, 90: 0.1}
    lacking = {c: None if c in (20, 70) else x for c, x in five.items()}
    no_major = {**five, 200: None}
    table = build(capabilities((1950, lacking), (1951, no_major), (1952, {2: 1.0})), TWO)
    reasons = {(r["year"], r["state_set"]): r["null_reason"] for r in table.iter_rows(named=True)}
    assert reasons[1950, "all"] == "capability_missing"
    assert reasons[1950, "majors"] is None
    assert reasons[1951, "all"] == reasons[1951, "majors"] == "capability_missing"
    assert reasons[1952, "all"] == "single_member"
    assert one(table, 1952, "majors")["concentration"] is None


@given(st.lists(st.tuples(positive, positive), min_size=2, max_size=8), positive)
def test_movement_is_bounded_and_free_of_scale(pairs, scale):
    before, after = (list(x) for x in zip(*pairs, strict=True))
    moved = movement(before, after)
    assert moved is not None
    assert 0 <= moved <= 1
    assert movement(before, [x * scale for x in after]) == pytest.approx(moved, abs=1e-9)
    assert movement(before, before) == 0


def test_movement_of_one_state_says_nothing():
    assert movement([1.0], [2.0]) is None
    with pytest.raises(ValueError, match="same states"):
        movement([1.0], [2.0, 3.0])
