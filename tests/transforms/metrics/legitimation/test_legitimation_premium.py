"""The hegemon's support and LP0, by hand and by rule."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.hegemon_support import build_hegemon_support, support
from transforms.metrics.legitimation.legitimation_premium import SEED, compare
from transforms.rollcall_matrix import by_session
from warehouse.contracts.read import contracts

CONTRACT = contracts()["metrics.legitimation_premium"]
CHOICES = {"y": "yes", "a": "abstain", "n": "no", ".": "absent", "-": "not_member"}
ALLIES = (20, 200)
VOTE_CLASSES = ("unpopular", "popular", "isolated")
NO_POINTS = pl.DataFrame(
    schema={"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "session": pl.Int16}
    | {"ideal_point": pl.Float64}
)


def votes_of(rows, *, session=10, not_sovereign=()):
    return pl.DataFrame(
        [
            (1000 * session + place, ccode, CHOICES[letter], ccode not in not_sovereign)
            for ccode, letters in rows.items()
            for place, letter in enumerate(letters)
        ],
        schema={
            "rcid": pl.Int32,
            "ccode": pl.Int16,
            "choice": pl.String,
            "is_sovereign": pl.Boolean,
        },
        orient="row",
    )


def roll_calls_of(n, *, session=10, final=""):
    return pl.DataFrame(
        {
            "rcid": pl.Series(range(1000 * session, 1000 * session + n), dtype=pl.Int32),
            "session": pl.Series([session] * n, dtype=pl.Int16),
            "in_final_only": [c != "x" for c in final.ljust(n)],
            "is_unanimous": [False] * n,
            "is_important": [False] * n,
            "importance_basis": ["coded"] * n,
        }
    )


def tiers_of(ccodes, *, year=1955, allies=ALLIES, atop=True, unknown=()):
    return pl.DataFrame(
        [
            (2, c, year, is_ally, is_ally, c in allies if atop else None, is_ally)
            for c in ccodes
            for is_ally in [None if c in unknown else c in allies]
        ],
        schema={
            "ccode_hegemon": pl.Int16,
            "ccode": pl.Int16,
            "year": pl.Int16,
            "tier_core": pl.Boolean,
            "tier_treaty": pl.Boolean,
            "tier_atop": pl.Boolean,
            "tier_guarantee": pl.Boolean,
        },
        orient="row",
    )


def build(votes, roll_calls, tiers, **settings):
    """The rows of single sessions, of the United States."""
    counted = build_hegemon_support(votes=votes, roll_calls=roll_calls)
    assert counted.losses.is_empty()
    table = compare(
        chunk=0,
        n_chunks=5,
        hegemon_support=counted.tables["metrics.hegemon_support"],
        outside_ideal_point=NO_POINTS,
        ally_tier=tiers,
        states=pl.DataFrame({"ccode": range(1000), "region": ["one"] * 1000}),
        **settings,
    )
    named = with_leader_and_edition(table, FIRST_EDITION)
    assert (named["leader"] == named["ccode_hegemon"]).all()
    return CONTRACT.conform(named).filter(window_name="session")


def row(table, vote_class="unpopular", tier="core", session=10):
    matches = table.filter(vote_class=vote_class, tier=tier, session_from=session)
    assert matches.height == 1
    return matches.row(0, named=True)


# Ten states beside the hegemon; it votes no on ten roll calls and loses all of them.
LOST = {
    2: "nnnnnnnnnn",
    20: "nnnnnnnnnn",  # Λ = 1
    200: "aaaaannnnn",  # Λ = ¾
    **dict.fromkeys((40, 41, 42, 51), "yyyyyyyyyy"),  # Λ = 0
    **dict.fromkeys((52, 53, 54, 55), "aaaaayyyyy"),  # Λ = ¼
}


def test_the_raw_premium_by_hand():
    table = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST))
    got = row(table)
    assert got["estimate"] == (1 + 0.75) / 2 - (4 * 0 + 4 * 0.25) / 8
    assert (got["n_allies"], got["n_others"], got["n_roll_calls"]) == (2, 8, 10)
    assert got["ci_low"] <= got["estimate"] <= got["ci_high"]
    assert (got["p_value"], got["null_reason"], got["seed"]) == (None, None, SEED)
    assert (got["session_from"], got["session_to"], got["estimator"]) == (10, 10, "LP0")
    assert row(table, "popular")["null_reason"] == "n_below_min"
    assert row(table, "popular")["n_roll_calls"] == 0


def test_a_states_own_vote_does_not_decide_the_class():
    """Of three others one votes with the hegemon: σ is 1/3 for all, 0 or ½ without oneself."""
    rows = {2: "y" * 12, 20: "y" * 12, 40: "n" * 12, 41: "n" * 12}
    (ballots,) = by_session(votes_of(rows), roll_calls_of(12))
    found = support(ballots, frozenset(range(10000, 10012)), 2)
    assert found["unpopular"].ccodes.tolist() == [20, 40, 41]
    # for 20 nobody else sides with the hegemon; for 40 and 41 half of the two others do
    assert found["unpopular"].n_votes.tolist() == [12, 0, 0]
    assert found["isolated"].n_votes.tolist() == [12, 0, 0]
    assert found["popular"].n_votes.tolist() == [0, 12, 12]
    assert [found[name].n_roll_calls for name in VOTE_CLASSES] == [12, 0, 0]


def test_abstainers_count_in_the_denominator():
    """One of four with the hegemon is ¼; without the three abstainers it would be all."""
    rows = {2: "y" * 10, 20: "y" * 10, 40: "a" * 10, 41: "a" * 10, 42: "a" * 10}
    (ballots,) = by_session(votes_of(rows), roll_calls_of(10))
    found = support(ballots, frozenset(range(10000, 10010)), 2)
    assert found["unpopular"].n_roll_calls == 10
    np.testing.assert_array_equal(found["unpopular"].mean_agreement, [1, 0.5, 0.5, 0.5])


def test_roll_calls_without_a_yes_or_no_of_the_hegemon_do_not_count():
    longer = {ccode: letters + "yyy" for ccode, letters in LOST.items()} | {2: LOST[2] + "a.-"}
    plain = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST))
    assert build(votes_of(longer), roll_calls_of(13), tiers_of(LOST)).equals(plain)


def test_nine_votes_of_a_class_are_too_few():
    rows = LOST | {20: "nnnnnnnnn."}
    assert row(build(votes_of(rows), roll_calls_of(10), tiers_of(rows)))["n_allies"] == 1


def test_votes_of_states_that_were_not_sovereign_count_nowhere():
    """Three republics that vote like one power would pull support below one half."""
    republics = dict.fromkeys((369, 370), "y" * 10)
    rows = LOST | republics
    without = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST))
    silent = build(votes_of(rows, not_sovereign=(369, 370)), roll_calls_of(10), tiers_of(rows))
    counted = build(votes_of(rows), roll_calls_of(10), tiers_of(rows))
    assert silent.equals(without)
    assert row(counted)["estimate"] == row(without)["estimate"] + 0.125 - 0.1


def test_paragraph_votes_are_left_out():
    rows = {ccode: letters + "yyyyy" for ccode, letters in LOST.items()}
    table = build(votes_of(rows), roll_calls_of(15, final=" " * 10 + "xxxxx"), tiers_of(rows))
    assert table.equals(build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST)))


def test_a_tier_without_values_in_the_year_is_out_of_coverage():
    table = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST, atop=False))
    atop = row(table, tier="atop")
    assert (atop["estimate"], atop["null_reason"]) == (None, "out_of_coverage")
    assert (atop["n_allies"], atop["n_others"]) == (None, None)  # not known, so not 0
    assert row(table)["null_reason"] is None
    no_rows = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST, year=1954))
    assert set(no_rows["null_reason"]) == {"out_of_coverage"}


def test_a_state_without_a_row_is_no_ally_and_one_without_a_value_is_on_neither_side():
    table = build(votes_of(LOST), roll_calls_of(10), tiers_of([20, 200, 40], unknown=[40]))
    assert (row(table)["n_allies"], row(table)["n_others"]) == (2, 7)


def test_no_ally_or_no_other_is_too_few():
    table = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST, allies=()))
    assert (row(table)["null_reason"], row(table)["n_others"]) == ("n_below_min", 10)
    assert row(table)["ci_low"] is None


def test_a_session_with_one_roll_call_keeps_its_rows():
    votes = votes_of({ccode: letters[0] for ccode, letters in LOST.items()}, session=19)
    table = build(votes, roll_calls_of(1, session=19), tiers_of(LOST, year=1964))
    assert table.height == 2 * 3
    assert set(table["null_reason"]) == {"n_below_min"}


def test_a_session_in_which_the_hegemon_never_votes_keeps_its_rows():
    rows = {ccode: letters for ccode, letters in LOST.items() if ccode != 2}
    table = build(votes_of(rows), roll_calls_of(10), tiers_of(rows))
    assert set(table["null_reason"]) == {"n_below_min"}


def test_the_seed_fixes_the_interval_whatever_the_order_of_rows():
    rng = np.random.default_rng(11)
    rows = {2: "n" * 20} | {
        ccode: "".join(rng.choice(list("yyyan"), 20)) for ccode in (*ALLIES, *range(40, 70))
    }
    votes, tiers = votes_of(rows), tiers_of(rows)
    table = build(votes, roll_calls_of(20), tiers)
    again = build(votes.sample(fraction=1, shuffle=True, seed=1), roll_calls_of(20), tiers)
    assert again.equals(table)
    other = row(build(votes, roll_calls_of(20), tiers, seed=1))
    assert other["estimate"] == row(table)["estimate"]
    assert (other["ci_low"], other["seed"]) != (row(table)["ci_low"], SEED)
    assert other["ci_low"] == pytest.approx(row(table)["ci_low"], abs=0.03)


def test_sessions_do_not_depend_on_one_another():
    both = build(
        pl.concat([votes_of(LOST), votes_of(LOST, session=11)]),
        pl.concat([roll_calls_of(10), roll_calls_of(10, session=11)]),
        pl.concat([tiers_of(LOST), tiers_of(LOST, year=1956)]),
    )
    alone = build(votes_of(LOST), roll_calls_of(10), tiers_of(LOST))
    assert both.filter(session_from=10).equals(alone)


@given(st.lists(st.text("yan.", min_size=12, max_size=12), min_size=2, max_size=7))
def test_support_is_what_its_definition_says(letters):
    rows = dict(zip((2, *range(20, 30)), letters, strict=False))
    (ballots,) = by_session(votes_of(rows), roll_calls_of(12))
    found = support(ballots, frozenset(range(10000, 10012)), 2)
    place = {"y": 1, "a": 2, "n": 3}
    for ccode in [c for c in rows if c != 2 and c in ballots.ccodes]:
        n = dict.fromkeys(VOTE_CLASSES, 0)
        total = dict.fromkeys(VOTE_CLASSES, 0.0)
        for v in range(12):
            mine, own = rows[ccode][v], rows[2][v]
            others = [x[v] for c, x in rows.items() if c not in (2, ccode) and x[v] != "."]
            if own not in "yn" or mine == "." or not others:
                continue
            sigma = others.count(own) / len(others)
            for name, holds in zip(
                VOTE_CLASSES, (sigma < 0.5, sigma >= 0.5, sigma < 0.1), strict=True
            ):
                n[name] += holds
                total[name] += holds * (1 - abs(place[mine] - place[own]) / 2)
        for name in VOTE_CLASSES:
            at = found[name].ccodes.tolist().index(ccode)
            assert found[name].n_votes[at] == n[name]
            expected = total[name] / n[name] if n[name] >= 10 else np.nan
            np.testing.assert_equal(found[name].mean_agreement[at], expected)
