"""Who owes more: leaders, partners, and the columns that may say so."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metrics.alliances.obligation_balance import (
    ITEMS,
    MEMBER_ITEMS,
    build_obligation_balance,
)
from transforms.metrics.alliances.obligation_by_role import build_obligation_by_role
from warehouse.contracts.read import contracts

TABLE = "metrics.obligation_balance"
WHOLE_TREATY = ("base", "milaid", "asymm", "intcom", "subord", "milcon", "contrib", "organ1")
CINC = {2: 0.3, 365: 0.2, 732: 0.02, 740: 0.05, 20: 0.01}
NO_MAJORS = pl.DataFrame(
    [(710, 1816, 2024, None)],
    schema=dict.fromkeys(("ccode", "year_from", "year_to", "carried_forward_from_year"), pl.Int16),
    orient="row",
)


def members(*rows):
    """Rows of (ccode, first year, last year, what is promised); all of alliance 1, phase 0."""
    base = {"atopid": pl.Int32, "phase": pl.Int16, "ccode": pl.Int16}
    schema = base | dict.fromkeys(("year_from", "year_to", *MEMBER_ITEMS), pl.Int16)
    unpromised = dict.fromkeys(MEMBER_ITEMS, 0)
    dicts = [
        {"atopid": 1, "phase": 0, "ccode": c, "year_from": a, "year_to": b, **unpromised, **made}
        for c, a, b, made in rows
    ]
    return pl.DataFrame(dicts, schema=schema)


def capabilities(values=CINC, years=range(1940, 1970)):
    rows = [(c, y, x, 1.0) for c, x in values.items() for y in years]
    schema = {"ccode": pl.Int16, "year": pl.Int16, "cinc": pl.Float64, "milex_thousand": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def build(alliance_members, values=None, majors=NO_MAJORS):
    outcome = build_obligation_balance(
        alliance_members=alliance_members,
        capabilities=capabilities() if values is None else values,
        major_powers=majors,
    )
    assert outcome.losses.is_empty()
    table = contracts()[TABLE].conform(outcome.tables[TABLE])
    assert table.height == len(ITEMS) * alliance_members.select("atopid", "phase").n_unique()
    return {row["item"]: row for row in table.iter_rows(named=True)}


def balances(table, *items):
    return tuple(table[item]["balance"] for item in items)


LEADER, PARTNER = {"defense": 1}, {"terrres": 1}


def test_united_states_and_japan_1960():
    table = build(members((2, 1960, 1969, LEADER), (740, 1960, 1969, PARTNER)))
    assert balances(table, "hard", "defense", "offense", "terrres", "pol") == (1, 1, 0, 1, 0)
    assert all(row["one_way_pledge"] for row in table.values())
    assert table["hard"]["leader_ccode"] == 2
    assert table["terrres"]["balance_direction"] == "partners_minus_leader"
    assert table["hard"]["balance_direction"] == "leader_minus_partners"


def test_united_states_and_south_korea_1953():
    both = {"defense": 1, "nonagg": 1, "consul": 1}
    table = build(members((2, 1953, 1969, both), (732, 1953, 1969, both | PARTNER)))
    assert balances(table, "hard", "terrres", "nonagg", "consul") == (0, 1, 0, 0)
    assert not table["hard"]["one_way_pledge"]


def test_united_states_and_iceland_1944_differ_in_defence_alone():
    both = {"offense": 1}
    table = build(members((2, 1944, 1946, both | LEADER), (20, 1944, 1946, both)))
    assert balances(table, "defense", "offense", "hard") == (1, 0, 0)


def test_partners_count_the_same_each():
    promise = {"defense": 1, "dipaid": 1, "notaiden": 3}
    table = build(
        members((2, 1950, 1969, LEADER), *((c, 1950, 1969, {}) for c in (740, 20)),
                (732, 1950, 1969, promise), (365, 1950, 1969, promise))
    )  # fmt: skip
    assert table["defense"]["partner_mean"] == 0.5
    assert balances(table, "defense", "dipaid", "notaiden") == (0.5, 0.5, 0.5)
    # of four political items two are promised by half of the partners
    assert table["pol"]["partner_mean"] == pytest.approx(0.25)
    assert table["pol"]["n_partners"] == 4


def test_the_leader_is_found_in_the_first_year_that_can_be_compared():
    late = capabilities().filter((pl.col("ccode") == 2) | (pl.col("year") >= 1955))
    table = build(members((740, 1950, 1969, {}), (2, 1950, 1969, LEADER)), late)
    assert (table["hard"]["leader_ccode"], table["hard"]["leader_year"]) == (2, 1955)
    joined_later = build(members((740, 1950, 1969, {}), (20, 1950, 1969, {}), (2, 1960, 1969, {})))
    assert (joined_later["hard"]["leader_ccode"], joined_later["hard"]["n_partners"]) == (740, 2)


def test_a_major_power_must_be_observed():
    values = capabilities({2: 0.3, 740: 0.1, 732: 0.1, 20: 0.1})
    rows: list[Any] = [(c, 1950, 1969, {}) for c in (2, 740, 732, 20, 710)]
    assert build(members(*rows), values)["hard"]["null_reason"] == "capability_missing"
    nobody = NO_MAJORS.with_columns(ccode=pl.lit(999, dtype=pl.Int16))
    assert build(members(*rows), values, nobody)["hard"]["leader_ccode"] == 2


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(2, 1950, 1955, {})], "single_member"),
        ([(2, 1815, 1816, {}), (740, 1815, 1816, {})], "out_of_coverage"),
        ([(2, 1950, 1955, {}), (999, 1950, 1955, {})], "capability_missing"),
    ],
)
def test_without_a_leader_there_is_a_reason(rows, reason):
    row = build(members(*rows))["terrres"]
    assert row["null_reason"] == reason
    assert (row["leader_ccode"], row["n_partners"], row["one_way_pledge"]) == (None, None, None)


def test_a_text_that_was_not_found_leaves_its_items_unknown():
    unknown = {"dipaid": None, "terrres": None}
    table = build(members((2, 1950, 1969, LEADER | unknown), (740, 1950, 1969, unknown)))
    for item in ("dipaid", "terrres", "pol"):
        row = table[item]
        assert (row["balance"], row["null_reason"]) == (None, "unit_not_in_source"), item
        assert row["leader_ccode"] == 2
    assert table["defense"]["balance"] == 1


def test_a_member_that_left_and_came_back_counts_once():
    table = build(
        members((2, 1950, 1969, {}), (740, 1950, 1952, LEADER), (740, 1960, 1969, LEADER),
                (20, 1950, 1969, {}))
    )  # fmt: skip
    assert (table["defense"]["n_partners"], table["defense"]["partner_mean"]) == (2, 0.5)


def test_only_columns_that_vary_between_members_are_read():
    """BASE, MILAID, ASYMM and the like cannot say who owes whom: not even their names are seen."""
    rows = members((2, 1960, 1969, LEADER), (740, 1960, 1969, PARTNER))
    assert not set(MEMBER_ITEMS) & set(WHOLE_TREATY)
    poisoned = rows.with_columns(pl.lit("never read").alias(c) for c in WHOLE_TREATY)
    assert build(poisoned) == build(rows)
    needed = {"atopid", "phase", "ccode", "year_from", "year_to", *MEMBER_ITEMS}
    assert set(rows.columns) == needed


@settings(max_examples=25)
@given(
    st.lists(st.tuples(*[st.integers(0, 1)] * len(MEMBER_ITEMS)), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_balances_are_bounded_and_free_of_the_order_of_members(promised, random):
    rows = [
        (c, 1950, 1960, dict(zip(MEMBER_ITEMS, made, strict=True)))
        for c, made in zip(CINC, promised, strict=False)
    ]
    table = build(members(*rows))
    assert all(-1 <= row["balance"] <= 1 for row in table.values())
    random.shuffle(rows)
    assert build(members(*rows)) == table


def test_roles_before_and_after_1945():
    keys = {"atopid": pl.Int32, "phase": pl.Int16, "item": pl.String}
    values = dict.fromkeys(("leader_value", "partner_mean"), pl.Float64)
    balance = pl.DataFrame(
        [
            (1, 0, "dipaid", 1.0, 0.0, None),
            (2, 0, "dipaid", 0.0, 0.5, None),
            (3, 0, "dipaid", 0.0, 1.0, None),
            (4, 0, "dipaid", None, None, "capability_missing"),
        ],
        schema=keys | values | {"null_reason": pl.String},
        orient="row",
    )
    years = {1: 1900, 2: 1945, 3: 1960, 4: 1960}
    alliances = pl.DataFrame(
        [(a, 0, y, int(a != 3), 0) for a, y in years.items()],
        schema={"atopid": pl.Int32}
        | dict.fromkeys(("phase", "year_from", "defense", "offense"), pl.Int16),
        orient="row",
    )
    outcome = build_obligation_by_role(obligation_balance=balance, alliances=alliances)
    table = contracts()["metrics.obligation_by_role"].conform(outcome.tables.popitem()[1])
    assert table.height == 15 * 2 * 2 * 3

    def count(formed, scope, role, item="dipaid"):
        row = table.filter(formed=formed, scope=scope, role=role, item=item).row(0, named=True)
        return row["n_phases"], row["n_promised"]

    assert count("before_1945", "all", "leader") == (1, 1)
    assert count("before_1945", "all", "any_partner") == (1, 0)
    assert count("from_1945", "all", "any_partner") == (2, 2)
    assert count("from_1945", "all", "every_partner") == (2, 1)
    assert count("from_1945", "defense_or_offense", "any_partner") == (1, 1)
    assert count("from_1945", "all", "leader", "hard") == (0, 0)
    reasons = table.filter(pl.col("n_phases") == 0)["null_reason"].unique().to_list()
    assert reasons == ["unit_not_in_source"]
