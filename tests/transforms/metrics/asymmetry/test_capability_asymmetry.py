"""Who counts, what is missing, who leads: the rules around the formulas."""

from datetime import date

import polars as pl
import pytest

from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry
from warehouse.contracts.read import contracts

TABLE = "metrics.capability_asymmetry"
PROMISES = ("defense", "offense", "neutral", "consul", "nonagg")
YEAR = 1950


def members(*rows):
    """Rows of (atopid, phase, ccode, year_from, year_to, promise)."""
    keys = ("atopid", "phase", "ccode", "year_from", "year_to")
    types = dict(zip(keys, (pl.Int32, pl.Int16, pl.Int16, pl.Int16, pl.Int16), strict=True))
    frame = pl.DataFrame([r[:5] for r in rows], schema=types, orient="row")
    return frame.with_columns(
        pl.Series(p, [int(r[5] == p) for r in rows], dtype=pl.Int16) for p in PROMISES
    )


def alliance(*ccodes, promise="defense", years=(YEAR, YEAR), atopid=1):
    return members(*((atopid, 0, c, *years, promise) for c in ccodes))


def capability_table(values, *, milex=None, year=YEAR):
    """CINC and personnel from `values`, spending from `milex` or the same."""
    milex = values if milex is None else milex
    rows = [(c, year, milex.get(c), values.get(c), values.get(c)) for c in values]
    names = ("milex_thousand", "milper_thousand", "cinc")
    schema = {"ccode": pl.Int16, "year": pl.Int16} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


NO_GDP = pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64})
NO_STATES = pl.DataFrame(schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date})


def majors(*spells):
    schema = dict.fromkeys(("ccode", "year_from", "year_to", "carried_forward_from_year"), pl.Int16)
    ever = [(200, 1816, 2016, None), (200, 2017, 2024, 2016)]
    return pl.DataFrame([*ever, *spells], schema=schema, orient="row")


def build(alliance_members, capabilities, gdp=NO_GDP, major_powers=None, states=NO_STATES):
    outcome = build_capability_asymmetry(
        alliance_members=alliance_members,
        capabilities=capabilities,
        gdp=gdp,
        major_powers=majors() if major_powers is None else major_powers,
        states=states,
    )
    table = contracts()[TABLE].conform(outcome.tables[TABLE])
    assert outcome.losses.is_empty()
    assert table.height == table.select("atopid", "year", "variable").unique().height
    return table


def one(table, variable="cinc", **where):
    return table.filter(variable=variable, **where).row(0, named=True)


def test_the_worked_example_comes_out_of_the_table():
    row = one(build(alliance(2, 20, 211), capability_table({2: 6.0, 20: 3.0, 211: 1.0})))
    assert row["leader_ccode"] == 2
    assert (row["n_members"], row["n_observed"]) == (3, 3)
    assert row["leader_share"] == pytest.approx(0.6)
    assert row["gini_normalized"] == pytest.approx(0.5)
    assert row["theil_normalized"] == pytest.approx(0.182655, abs=5e-7)
    assert (row["is_asymmetric"], row["is_overwhelming"]) == (False, False)
    assert row["null_reason"] is None


@pytest.mark.parametrize(
    ("first", "asymmetric", "overwhelming"),
    [(2.99, False, False), (3.0, True, False), (9.99, True, False), (10.0, True, True)],
)
def test_the_bands_of_the_ratio_include_their_lower_end(first, asymmetric, overwhelming):
    row = one(build(alliance(2, 20), capability_table({2: first, 20: 1.0})))
    assert (row["is_asymmetric"], row["is_overwhelming"]) == (asymmetric, overwhelming)


def test_a_single_member_has_no_measure():
    row = one(build(alliance(2), capability_table({2: 6.0})))
    assert row["null_reason"] == "single_member"
    assert row["leader_ccode"] is None
    assert row["hhi"] is None
    assert row["is_status_asymmetric"] is None


def test_a_year_outside_the_source_says_so():
    table = build(alliance(2, 20, years=(1949, 1951)), capability_table({2: 6.0, 20: 3.0}))
    reasons = dict(table.filter(variable="cinc").select("year", "null_reason").rows())
    assert reasons == {1949: "out_of_coverage", 1950: None, 1951: "out_of_coverage"}
    assert set(table.filter(variable="gdp")["null_reason"]) == {"out_of_coverage"}


FIVE = {2: 6.0, 20: 3.0, 211: 1.0, 212: 1.0, 395: 1.0}


def test_four_of_five_observed_are_enough_and_three_are_not():
    allies = alliance(*FIVE)
    four = one(build(allies, capability_table(FIVE | {395: None})))
    assert (four["null_reason"], four["n_members"], four["n_observed"]) == (None, 5, 4)
    assert four["leader_share"] == pytest.approx(6 / 11)
    three = one(build(allies, capability_table(FIVE | {395: None, 212: None})))
    assert three["null_reason"] == "capability_missing"
    assert three["leader_ccode"] is None


def test_a_major_power_must_be_observed():
    missing_canada = capability_table(FIVE | {20: None})
    assert one(build(alliance(*FIVE), missing_canada))["null_reason"] is None
    with_major = majors((20, 1940, 1960, None))
    row = one(build(alliance(*FIVE), missing_canada, major_powers=with_major))
    assert row["null_reason"] == "capability_missing"


def test_zero_is_a_value():
    row = one(build(alliance(2, 395), capability_table({2: 5.0, 395: 0.0})))
    assert row["null_reason"] is None
    assert (row["second_zero"], row["ratio_first_second"]) == (True, None)
    assert row["is_asymmetric"] is None
    assert row["hhi_normalized"] == row["gini_normalized"] == row["theil_normalized"] == 1
    nothing = one(build(alliance(2, 395), capability_table({2: 0.0, 395: 0.0})))
    assert nothing["null_reason"] == "no_variation"


def test_of_equals_the_bigger_spender_leads_then_the_lower_code():
    values, spending = {20: 3.0, 2: 3.0, 211: 1.0}, {20: 9.0, 2: 1.0, 211: 1.0}
    by_milex = one(build(alliance(2, 20, 211), capability_table(values, milex=spending)))
    assert (by_milex["leader_ccode"], by_milex["leader_tie"]) == (20, True)
    by_code = one(build(alliance(2, 20, 211), capability_table(values)))
    assert (by_code["leader_ccode"], by_code["leader_tie"]) == (2, True)
    unknown = one(build(alliance(2, 20, 211), capability_table(values, milex={20: 0.0, 211: 1.0})))
    assert unknown["leader_ccode"] == 20
    assert one(build(alliance(2, 211), capability_table(values)))["leader_tie"] is False


def test_gdp_is_measured_beside_capabilities():
    gdp = pl.DataFrame([(2, YEAR, 3e11), (20, YEAR, 1e11)], schema=NO_GDP.schema, orient="row")
    row = one(build(alliance(2, 20), capability_table({2: 1.0, 20: 1.0}), gdp=gdp), "gdp")
    assert (row["leader_ccode"], row["leader_share"]) == (2, 0.75)


def test_phases_of_a_year_are_one_alliance_and_the_strongest_promise_names_its_class():
    rows = members(
        (1, 1, 2, 1949, 1950, "consul"),
        (1, 1, 20, 1949, 1950, "consul"),
        (1, 2, 2, 1950, 1951, "defense"),
        (1, 2, 20, 1950, 1951, "consul"),
    )
    table = build(rows, capability_table({2: 3.0, 20: 1.0}))
    got = table.filter(variable="cinc").select("year", "n_members", "atop_class")
    assert got.rows() == [(1949, 2, "consultation"), (1950, 2, "defense"), (1951, 2, "defense")]
    assert table.filter(year=1949)["has_defense_or_offense"].to_list() == [False] * 4
    assert one(table, year=1950)["has_defense_or_offense"] is True


@pytest.mark.parametrize(
    ("promise", "name", "headline"),
    [
        ("defense", "defense", True),
        ("offense", "offense", True),
        ("neutral", "neutrality", False),
        ("consul", "consultation", False),
        ("nonagg", "nonaggression", False),
        ("nothing", "none", False),
    ],
)
def test_classes(promise, name, headline):
    row = one(build(alliance(2, 20, promise=promise), capability_table({2: 3.0, 20: 1.0})))
    assert (row["atop_class"], row["has_defense_or_offense"]) == (name, headline)


def test_status_is_asymmetric_with_exactly_one_major_power():
    values = capability_table({2: 3.0, 20: 1.0, 200: 1.0})
    none = one(build(alliance(2, 20), values))
    assert (none["n_major_powers"], none["is_status_asymmetric"]) == (0, False)
    lone = one(build(alliance(2, 200), values))
    assert (lone["n_major_powers"], lone["is_status_asymmetric"]) == (1, True)
    both = one(build(alliance(2, 200), values, major_powers=majors((2, 1898, 2016, None))))
    assert (both["n_major_powers"], both["is_status_asymmetric"]) == (2, False)


def test_status_is_carried_forward_after_2016_and_unknown_before_the_list():
    allies = alliance(2, 200, years=(1815, 2018))
    table = build(allies, capability_table({2: 3.0, 200: 1.0}, year=2018))
    late = one(table, year=2018)
    assert (late["is_status_asymmetric"], late["is_major_carried_forward"]) == (True, True)
    assert one(table, year=2016)["is_major_carried_forward"] is False
    early = one(table, year=1815)
    assert (early["n_major_powers"], early["is_status_asymmetric"]) == (None, None)


def test_a_state_and_its_successor_count_both_and_it_is_said():
    spells = [
        (2, date(1816, 1, 1), date(2024, 12, 31)),
        (260, date(1955, 5, 5), date(1990, 10, 2)),
        (255, date(1990, 10, 3), date(2024, 12, 31)),
    ]
    states = pl.DataFrame(spells, schema=NO_STATES.schema, orient="row")
    rows = members(
        (1, 0, 2, 1989, 1991, "defense"),
        (1, 0, 260, 1989, 1990, "defense"),
        (1, 0, 255, 1990, 1991, "defense"),
    )
    table = build(rows, capability_table({2: 3.0, 260: 1.0, 255: 1.0}, year=1990), states=states)
    flags = table.filter(variable="cinc").select("year", "n_members", "has_successor_pair")
    assert flags.rows() == [(1989, 2, False), (1990, 3, True), (1991, 2, False)]
