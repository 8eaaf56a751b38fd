"""A list of allies of one's own: how it is read, what is refused, and the tier that it makes."""

from datetime import date

import polars as pl
import pytest

from transforms.arguing.errors import ArgumentError
from transforms.arguing.own_allies import Spell, own_tier, read_spells, tier_as_core

NAMES = ["United States of America", "Canada", "France", "Poland", "Czechoslovakia", "Russia"]
STATES = pl.DataFrame(
    {
        "ccode": [2, 20, 220, 290, 315, 365],
        "state_abb": ["USA", "CAN", "FRN", "POL", "CZE", "RUS"],
        "state_name": NAMES,
        "iso3": ["USA", "CAN", "FRA", "POL", None, "RUS"],
        "valid_from": [date(1920, 1, 1)] * 6,
        "counts_to": [date(2100, 12, 31)] * 4 + [date(1992, 12, 31), date(2100, 12, 31)],
    }
)


def spells(text: str, leader: int = 2) -> tuple[Spell, ...]:
    return read_spells(text, leader, STATES)


def test_states_by_code_abbreviation_iso_code_and_name_and_days_by_year() -> None:
    found = spells(
        "\ufeffstate,from,to\nFRA,1949-08-24,1966\n290,1999,\nCanada,1949,1950-05-05\n\n"
    )
    assert found == (
        Spell(20, date(1949, 1, 1), date(1950, 5, 5)),
        Spell(220, date(1949, 8, 24), date(1966, 12, 31)),
        Spell(290, date(1999, 1, 1), None),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the header is ''"),
        ("ccode,from,to\n", "the list is empty"),
        ("ccode,from,to\n , ,\n", "the list is empty"),
        ("ccode;from;to\n20;1949;\n", "Columns: ccode or state, from, to"),
        ("ccode,state,from,to\n20,CAN,1949,\n", "Columns"),
        ("ccode,from,to,note\n20,1949,,x\n", "Columns"),
        ("ccode,from,to\n20,1949\n", "row 1: 2 cells"),
        ("ccode,from,to\n20,1949,\n2,1949,\n", "row 2: United States of America is the leader"),
        ("state,from,to\nFrence,1949,\n", r"no state 'Frence' \(did you mean france\?\)"),
        ("ccode,from,to\n20,,\n", "row 1: '' is neither a year nor a day"),
        ("ccode,from,to\n20,1949-13-01,\n", "neither a year nor a day"),
        ("ccode,from,to\n20,1960,1950\n", "it ends .* before it begins"),
        (
            "ccode,from,to\n20,1949,1960\n220,1949,\n20,1960,\n",
            "rows 1 and 3: two spells of Canada",
        ),
        ("ccode,from,to\n20,1949,\n20,1949,\n", "two spells of Canada overlap"),
        ("ccode,from,to\n315,1999,\n", "Czechoslovakia was no state of the system"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        spells(text)


def test_the_united_states_may_be_an_ally_of_another_leader() -> None:
    assert spells("ccode,from,to\n2,1949,\n", leader=220)[0].ccode == 2


def test_the_tier_covers_every_year_and_a_tie_on_any_day_counts() -> None:
    found = own_tier(spells("ccode,from,to\n220,1949-08-24,1951-01-01\n"), 2, (1948, 1952))
    allies = found.filter("tier_core")
    assert allies["year"].to_list() == [1949, 1950, 1951]
    assert set(allies["in_force_from"]) == {date(1949, 8, 24)}
    others = found.filter(~pl.col("tier_core"))
    assert others["year"].to_list() == [1948, 1949, 1950, 1951, 1952]
    assert set(others["ccode"]) == {2}


def test_who_is_an_ally_only_after_the_votes_is_in_the_tier() -> None:
    found = own_tier(spells("ccode,from,to\n20,1949,\n290,2030,\n"), 2, (1946, 1960))
    assert found.filter("tier_core", pl.col("ccode") == 290)["year"].to_list() == [2030]


def test_a_wave_is_the_first_day_even_before_the_window() -> None:
    found = own_tier(spells("ccode,from,to\n220,1939-01-01,\n"), 2, (1946, 1947))
    assert set(found.filter("tier_core")["in_force_from"]) == {date(1939, 1, 1)}


def test_a_tier_that_the_build_lacks_is_refused_with_those_that_it_has() -> None:
    tiers = pl.DataFrame(
        {
            "ccode_hegemon": [365, 365],
            "ccode": [290, 290],
            "year": [1950, 2026],
            "tier_core": [None, None],
            "tier_treaty": [None, None],
            "tier_guarantee": [None, None],
            "tier_atop": [True, None],
            "in_force_from": [date(1945, 4, 21), None],
        },
        schema_overrides={f"tier_{t}": pl.Boolean for t in ("core", "treaty", "guarantee")},
    )
    assert tier_as_core(tiers, 365, "atop")["tier_core"].to_list() == [True, None]
    with pytest.raises(ArgumentError, match=r"tier=core: .*It has: atop; or name a list"):
        tier_as_core(tiers, 365, "core")
    with pytest.raises(ArgumentError, match="It has none of this leader"):
        tier_as_core(tiers, 710, "atop")
