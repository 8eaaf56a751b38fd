"""Rules on states and dyads: what breaks them is found, what keeps them is not."""

import datetime as dt

from tests.expectations.broken_rules import broken
from tests.expectations.right_rows import Row

SPELL = {"valid_from": dt.date(1950, 1, 1), "valid_to": dt.date(1990, 12, 1)}


def test_a_contiguous_pair_without_its_mirror_is_found() -> None:
    table = "staging.stg_cow_contiguity__directed_spells"
    there: Row = {"ccode_one": 2, "ccode_other": 20, "contiguity_type": 1, **SPELL}
    back: Row = there | {"ccode_one": 20, "ccode_other": 2}
    rule = "each_pair_is_there_in_both_directions"
    assert broken(table, rule, {table: [there, back]}) == []
    assert len(broken(table, rule, {table: [there]})) == 1
    other = back | {"contiguity_type": 4}
    assert len(broken(table, rule, {table: [there, other]})) == 2


def test_a_dispute_without_its_mirror_is_found() -> None:
    table = "staging.stg_disputes__directed_dyad_years"
    there: Row = {"dispute_no": 7, "ccode_one": 2, "ccode_other": 20, "year": 1979}
    there |= {"hostility_level_one": 1, "hostility_level_other": 4}
    back: Row = there | {"ccode_one": 20, "ccode_other": 2}
    back |= {"hostility_level_one": 4, "hostility_level_other": 1}
    rule = "each_pair_is_there_in_both_directions"
    assert broken(table, rule, {table: [there, back]}) == []
    assert len(broken(table, rule, {table: [there, back | {"hostility_level_one": 3}]})) == 2


def test_two_spells_of_a_pair_may_share_a_month_and_no_more() -> None:
    table, rule = "core.contiguity", "spells_of_a_pair_share_a_month_at_most"
    first: Row = {"ccode1": 2, "ccode2": 20, "contiguity_type": 4}
    first |= {"valid_from": dt.date(1950, 1, 1), "valid_to": dt.date(1976, 2, 29)}
    then: Row = first | {"valid_from": dt.date(1976, 2, 1), "valid_to": dt.date(2016, 12, 31)}
    assert broken(table, rule, {table: [first, then]}) == []
    early = then | {"valid_from": dt.date(1976, 1, 1)}
    assert len(broken(table, rule, {table: [first, early]})) == 1


def test_a_state_without_a_capital_on_its_last_day_is_found() -> None:
    days = {"valid_from": dt.date(1950, 1, 1), "valid_to": dt.date(2024, 12, 31)}
    tables: dict[str, list[Row]] = {
        "core.states": [{"ccode": c, **days} for c in (2, 20)],
        "core.capitals": [
            {"ccode": 2, **days, "counts_to": dt.date(2100, 12, 31)},
            {"ccode": 20, **days, "counts_to": dt.date(2000, 1, 1)},
        ],
    }
    found = broken("core.capitals", "members_have_a_capital", tables)
    assert [row["ccode"] for row in found] == [20]


def test_a_large_state_without_an_index_is_found() -> None:
    years = [(2, 1950, 150_000.0), (2, 1951, 150_000.0), (986, 1951, 20.0), (2, 2026, 1e5)]
    tables: dict[str, list[Row]] = {
        "core.capabilities": [{"ccode": c, "year": y, "tpop_thousand": n} for c, y, n in years],
        "core.regimes": [{"ccode": 2, "year": 1950}, {"ccode": 20, "year": 1951}],
    }
    found = broken("core.regimes", "large_states_have_an_index", tables)
    assert [(row["ccode"], row["year"]) for row in found] == [(2, 1951)]
