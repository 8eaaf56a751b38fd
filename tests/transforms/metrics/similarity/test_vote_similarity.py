"""`metrics.vote_similarity`: who has a row, over which roll calls, and why values are NULL."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from transforms.metrics.similarity.vote_dyads import similarity
from transforms.metrics.similarity.vote_similarity import (
    AS_LISTED,
    VOTE_SETS,
    build_vote_similarity,
)
from transforms.metrics.similarity.vote_similarity_year import build_vote_similarity_year
from transforms.rollcall_matrix import by_year
from warehouse.contracts.read import contracts

CONTRACT = contracts()["metrics.vote_similarity"]
CONTRACT_YEAR = contracts()["metrics.vote_similarity_year"]
CHOICES = {"y": "yes", "a": "abstain", "n": "no", ".": "absent", "-": "not_member"}
CHOICES |= {"?": "no_row", "d": "seat_disputed"}


def votes_of(rows: dict[int, str], *, first_rcid: int = 1, session: int = 2) -> pl.DataFrame:
    """Votes from one string per state, a letter per roll call; a blank is no row."""
    return pl.DataFrame(
        [
            (first_rcid + place, ccode, session, CHOICES[letter])
            for ccode, letters in rows.items()
            for place, letter in enumerate(letters)
            if letter != " "
        ],
        schema={"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16, "choice": pl.String},
        orient="row",
    )


def roll_calls_of(n: int, *, final="", unanimous="", first_rcid=1, session=2) -> pl.DataFrame:
    """Roll calls; `final` and `unanimous` hold an x for those that are not final / unanimous."""
    return pl.DataFrame(
        {
            "rcid": pl.Series(range(first_rcid, first_rcid + n), dtype=pl.Int32),
            "session": pl.Series([session] * n, dtype=pl.Int16),
            "in_final_only": [c != "x" for c in final.ljust(n)],
            "in_final_strict": [c != "x" for c in final.ljust(n)],
            "in_all_recorded": [True] * n,
            "in_final_only_as_listed": [c != "x" for c in final.ljust(n)],
            "is_unanimous": [c == "x" for c in unanimous.ljust(n)],
        }
    )


def states_of(*ccodes: int, until=date(2024, 12, 31)) -> pl.DataFrame:
    return pl.DataFrame(
        {"ccode": list(ccodes), "valid_from": date(1900, 1, 1), "counts_to": until},
        schema_overrides={"ccode": pl.Int16},
    )


def build(votes, roll_calls, states, **settings):
    outcome = build_vote_similarity(votes=votes, roll_calls=roll_calls, states=states, **settings)
    assert outcome.losses.is_empty()
    return CONTRACT.conform(outcome.tables["metrics.vote_similarity"])


def row(table, ccode1, ccode2, vote_set="final_only", session=2):
    return table.row(
        by_predicate=(pl.col("ccode1") == ccode1)
        & (pl.col("ccode2") == ccode2)
        & (pl.col("session") == session)
        & (pl.col("vote_set") == vote_set),
        named=True,
    )


def test_a_worked_dyad_comes_out_of_the_tables():
    table = build(votes_of({2: "yyyannya", 20: "yyaanyyn"}), roll_calls_of(8), states_of(2, 20))
    got = row(table, 2, 20)
    assert (got["n_joint"], got["n_both_member"], got["null_reason"]) == (8, 8, None)
    assert got["agreement"] == 0.75
    assert got["kappa_sq"] == pytest.approx(5 / 11, abs=1e-15)
    assert got["tau_b"] == pytest.approx(0.45, abs=1e-15)


def test_every_pair_of_states_in_the_system_has_a_row_in_every_vote_set():
    states = pl.concat([states_of(2, 20, 817), states_of(255, until=date(1947, 1, 1))])
    table = build(votes_of({2: "y", 20: "n", 370: "y"}), roll_calls_of(1), states)
    # 255 left the system on the first day of the session's year; 370 voted outside it
    assert set(table["ccode1"]) | set(table["ccode2"]) == {2, 20, 255, 370, 817}
    assert table.height == 10 * 5
    assert (table["ccode1"] < table["ccode2"]).all()


def test_a_state_that_left_the_system_before_the_year_has_no_row():
    states = pl.concat([states_of(2, 20), states_of(255, until=date(1946, 12, 31))])
    table = build(votes_of({2: "y", 20: "n", 255: "-"}), roll_calls_of(1), states)
    assert table.select("ccode1", "ccode2").unique().rows() == [(2, 20)]


def test_every_null_has_its_reason():
    votes = votes_of({2: "yynyn", 20: "yyaa.", 40: "y-- -", 41: ".....", 42: "-----", 51: "---yy"})
    table = build(votes, roll_calls_of(5), states_of(2, 20, 40, 41, 42, 51, 52))
    assert row(table, 2, 20)["null_reason"] is None
    assert row(table, 2, 41)["null_reason"] == "absent_all"
    assert row(table, 2, 42)["null_reason"] == "not_member"
    assert row(table, 41, 42)["null_reason"] == "not_member"
    assert row(table, 2, 52)["null_reason"] == "not_member"  # no row in the votes at all
    assert row(table, 40, 51)["null_reason"] == "not_member"  # members, but never at once
    undefined = table.filter(pl.col("null_reason").is_in(["not_member", "absent_all"]))
    assert (undefined["n_joint"] == 0).all()
    measures = [c.name for c in CONTRACT.columns if c.type == "float64"]
    has_null = pl.any_horizontal(pl.col(measures).is_null())
    assert table.filter(has_null != pl.col("null_reason").is_not_null()).is_empty()
    assert not table.select(pl.any_horizontal(pl.col(measures).is_nan()).any()).item()


def test_unknown_votes_and_disputed_seats_are_reasons_of_their_own():
    votes = votes_of({2: "yyn", 40: "ddd", 41: "???", 42: "dd.", 43: "?.?", 44: "d?y", 45: "--y"})
    table = build(votes, roll_calls_of(3), states_of(2, 40, 41, 42, 43, 44, 45))
    reasons = [row(table, 2, ccode)["null_reason"] for ccode in (40, 41, 42, 43)]
    assert reasons == ["seat_disputed", "no_row", "absent_all", "absent_all"]
    assert row(table, 40, 41)["null_reason"] == "seat_disputed"
    # a disputed seat is no place to vote from; an unknown vote was one
    assert [row(table, 2, ccode)["n_both_member"] for ccode in (40, 41, 42, 43, 44)] == [
        *(0, 3, 1, 3, 2),
    ]
    assert [row(table, 2, ccode)["n_joint"] for ccode in (40, 41, 42, 43, 44)] == [0, 0, 0, 0, 1]
    assert (row(table, 40, 45)["null_reason"], row(table, 40, 45)["n_both_member"]) == (
        "seat_disputed",
        0,
    )


def test_two_members_who_never_vote_on_the_same_day_are_too_few_observations():
    table = build(votes_of({2: "y..", 20: ".ny"}), roll_calls_of(3), states_of(2, 20))
    assert row(table, 2, 20)["null_reason"] == "n_below_min"
    assert row(table, 2, 20)["n_both_member"] == 3


def test_no_variation_leaves_agreement_and_s_defined():
    table = build(
        votes_of({2: "yyy", 20: "yyy", 40: "ynn"}), roll_calls_of(3), states_of(2, 20, 40)
    )
    same = row(table, 2, 20)
    assert (same["agreement"], same["s_abs"], same["s_sq"]) == (1, 1, 1)
    assert [same[m] for m in ("pi_abs", "kappa_sq", "tau_b")] == [None, None, None]
    assert same["null_reason"] == "no_variation"
    constant = row(table, 2, 40)
    assert (constant["kappa_sq"], constant["tau_b"]) == (0, None)
    assert constant["null_reason"] == "no_variation"


def test_unanimous_and_non_final_roll_calls_are_left_out_where_the_set_says_so():
    votes = votes_of({2: "yyny", 20: "yyyn"})
    table = build(votes, roll_calls_of(4, final="   x", unanimous="x"), states_of(2, 20))
    joint = dict(table.select("vote_set", "n_joint").rows())
    assert joint == dict(zip((*VOTE_SETS, AS_LISTED), (2, 3, 3, 4, 2), strict=True))


def test_a_session_without_a_roll_call_in_the_set_keeps_its_dyads():
    table = build(
        votes_of({2: "y", 20: "y", 40: "-"}), roll_calls_of(1, unanimous="x"), states_of(2, 20, 40)
    )
    assert row(table, 2, 20)["null_reason"] == "n_below_min"
    assert row(table, 2, 40)["null_reason"] == "not_member"


def test_rows_in_any_order_give_the_same_bits():
    rng = np.random.default_rng(3)
    letters = np.array(list("yan.-"))
    votes = pl.concat(
        votes_of(
            {ccode: "".join(rng.choice(letters, 12)) for ccode in range(2, 40)},
            first_rcid=100 * session,
            session=session,
        )
        for session in (1, 2, 3)
    )
    roll_calls = pl.concat(
        roll_calls_of(12, first_rcid=100 * session, session=session) for session in (1, 2, 3)
    )
    states = states_of(*range(2, 40))
    mixed, mixed_calls = (f.sample(fraction=1, shuffle=True, seed=5) for f in (votes, roll_calls))
    again = build(mixed, mixed_calls, states.reverse())
    assert build(votes, roll_calls, states).equals(again)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_any_number_of_threads_gives_the_same_bits(threads):
    choices = np.random.default_rng(9).integers(0, 4, (190, 140)).astype(np.int8)
    expected = similarity(choices)
    with threadpool_limits(threads):
        got = similarity(choices)
    for name, values in expected.items():
        assert values.tobytes() == got[name].tobytes(), name


def test_votes_that_contradict_the_roll_calls_are_refused():
    votes = votes_of({2: "yy", 20: "yn"})
    with pytest.raises(ValueError, match="vote of 2 on rcid 2 belongs to no roll call"):
        build(votes, roll_calls_of(1), states_of(2, 20))
    with pytest.raises(ValueError, match="20 votes twice"):
        build(pl.concat([votes, votes_of({20: "n"})]), roll_calls_of(2), states_of(2, 20))
    wrong = votes.with_columns(pl.lit("present").alias("choice"))
    with pytest.raises(ValueError, match="none of the choices"):
        build(wrong, roll_calls_of(2), states_of(2, 20))


def test_an_unknown_vote_set_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'plenary' is unknown; there are final_only"):
        build(votes_of({2: "y"}), roll_calls_of(1), states_of(2), vote_sets=("plenary",))


def test_no_sessions_give_an_empty_table():
    empty = build(votes_of({2: "y"}).clear(), roll_calls_of(1).clear(), states_of(2, 20))
    assert empty.is_empty()


def year_table(votes, roll_calls, states):
    outcome = build_vote_similarity_year(votes=votes, roll_calls=roll_calls, states=states)
    assert outcome.losses.is_empty()
    return CONTRACT_YEAR.conform(outcome.tables["metrics.vote_similarity_year"])


def test_the_counts_are_those_of_the_joint_votes():
    table = build(votes_of({2: "yyyannya", 20: "yyaanyyn"}), roll_calls_of(8), states_of(2, 20))
    got = row(table, 2, 20)
    assert (got["n_same"], got["n_partial"], got["n_opposite"]) == (5, 2, 1)
    assert (got["n_yes1"], got["n_no1"], got["n_yes2"], got["n_no2"]) == (4, 2, 4, 2)
    corners = [got[c] for c in ("n_yes_yes", "n_yes_no", "n_no_yes", "n_no_no")]
    assert corners == [3, 0, 1, 1]


def test_a_year_holds_the_votes_dated_in_it_whatever_their_session():
    votes = votes_of({2: "yyan", 20: "ynan"})
    # session 2 began in 1947; its last two roll calls were voted on in 1948
    roll_calls = roll_calls_of(4).with_columns(year=pl.Series([1947, 1947, 1948, 1948]))
    by_session, years = (f(votes, roll_calls, states_of(2, 20)) for f in (build, year_table))
    assert row(by_session, 2, 20)["n_joint"] == 4
    final = years.filter(vote_set="final_only").rows_by_key("year", named=True, unique=True)
    assert {y: (r["n_joint"], r["agreement"]) for y, r in final.items()} == {
        1947: (2, 0.5),
        1948: (2, 1.0),
    }


def test_membership_by_year_is_that_of_the_year_itself():
    states = pl.concat([states_of(2, 20), states_of(255, until=date(1947, 12, 31))])
    roll_calls = roll_calls_of(2).with_columns(year=pl.Series([1947, 1948]))
    years = year_table(votes_of({2: "yn", 20: "yn"}), roll_calls, states)
    pairs = years.filter(vote_set="final_only").group_by("year").len()
    assert dict(pairs.rows()) == {1947: 3, 1948: 1}
    gone = years.filter(ccode2=255, vote_set="final_only")
    assert gone["null_reason"].to_list() == ["not_member", "not_member"]


def test_years_and_sessions_deal_out_the_same_votes():
    rng = np.random.default_rng(5)
    letters = np.array(list("yan.-"))
    sessions = range(1, 5)
    votes = pl.concat(
        votes_of(
            {ccode: "".join(rng.choice(letters, 10)) for ccode in range(2, 20)},
            first_rcid=100 * session,
            session=session,
        )
        for session in sessions
    )
    roll_calls = pl.concat(
        roll_calls_of(10, first_rcid=100 * session, session=session) for session in sessions
    ).with_columns(year=pl.col("session") + 1945 + (pl.col("rcid") % 100 > 7))
    states = states_of(*range(2, 20))
    totals = [
        table.filter(pl.col("vote_set") != AS_LISTED)
        .group_by("ccode1", "ccode2", "vote_set")
        .agg(pl.col("n_joint", "n_same", "n_both_member").cast(pl.Int64).sum())
        .sort("ccode1", "ccode2", "vote_set")
        for table in (build(votes, roll_calls, states), year_table(votes, roll_calls, states))
    ]
    assert totals[0].equals(totals[1])
    assert [b.year for b in by_year(votes, roll_calls)] == list(range(1946, 1951))


def test_swapping_two_states_swaps_their_counts_and_nothing_else():
    rng = np.random.default_rng(11)
    strings = ["".join(rng.choice(list("yan."), 30)) for _ in range(2)]
    there = build(
        votes_of(dict(zip((2, 20), strings, strict=True))), roll_calls_of(30), states_of(2, 20)
    )
    back = build(
        votes_of(dict(zip((20, 2), strings, strict=True))), roll_calls_of(30), states_of(2, 20)
    )
    swapped = {
        "n_yes1": "n_yes2",
        "n_yes2": "n_yes1",
        "n_no1": "n_no2",
        "n_no2": "n_no1",
        "n_yes_no": "n_no_yes",
        "n_no_yes": "n_yes_no",
    }
    assert there.equals(back.rename(swapped).select(there.columns))
