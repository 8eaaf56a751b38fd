"""Changes of both halves of a session's roll calls by hand; and their mean in a world."""

import numpy as np
import polars as pl
import pytest

from transforms.metrics.exchange.vote_predictability import TABLE, build_vote_predictability

LEADER = 2
SCHEMA = {"rcid": pl.Int32, "ccode": pl.Int16, "session": pl.Int16, "choice": pl.String}


def assembly(choices):
    """Votes from session → state → letters y, a, n, one per roll call; `.` for no vote."""
    words = {"y": "yes", "a": "abstain", "n": "no"}
    rows = [
        (100 * session + at, ccode, session, words[letter])
        for session, of_states in choices.items()
        for ccode, letters in of_states.items()
        for at, letter in enumerate(letters)
        if letter != "."
    ]
    votes = pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(is_sovereign=True)
    calls = votes.select("rcid", "session").unique().sort("rcid").with_columns(is_unanimous=False)
    sets = ("final_only", "final_strict", "all_recorded", "final_only_as_listed")
    return votes, calls.with_columns(pl.lit(True).alias(f"in_{name}") for name in sets)


def tiers(*core, states=(20, 200, 220), years=range(1946, 1955)):
    rows = [(LEADER, c, y, (c, y) in core) for c in states for y in years]
    schema = {
        "ccode_hegemon": pl.Int16,
        "ccode": pl.Int16,
        "year": pl.Int16,
        "tier_core": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def build(choices, ally_tier=None):
    votes, calls = assembly(choices)
    outcome = build_vote_predictability(
        votes=votes, roll_calls=calls, ally_tier=tiers() if ally_tier is None else ally_tier
    )
    return outcome.tables[TABLE]


def row(table, ccode, session, vote_class="all", scale="share"):
    (found,) = table.filter(
        pl.col("ccode") == ccode,
        pl.col("session") == session,
        pl.col("vote_class") == vote_class,
        pl.col("scale") == scale,
    ).to_dicts()
    return found


TEN = "y" * 10
CHOICES = {
    1: {LEADER: TEN, 20: TEN, 200: "n" * 10},
    # even places (the first half): 20 is with the leader on 3 of 5, 200 on 1 of 5;
    # odd places: 20 on 5 of 5, 200 on half a vote
    2: {LEADER: TEN, 20: "yynynyyyyy", 200: "nannynnnnn"},
}


def test_each_half_has_its_own_change_less_the_mean_of_states():
    table = build(CHOICES)
    # changes: 20 −2/5 and 0; 200 +1/5 and +1/10; equal weights: means −.1 and .05
    first, second = (row(table, c, 2) for c in (20, 200))
    assert [first["change_0"], first["change_1"]] == pytest.approx([-0.3, -0.05])
    assert [second["change_0"], second["change_1"]] == pytest.approx([0.3, 0.05])
    assert first["change_product"] == pytest.approx(0.015)
    assert first["weight"] == pytest.approx(5.0)  # 10·10 / 20
    assert (first["n_0"], first["n_1"], first["n_before_0"], first["n_before_1"]) == (5, 5, 5, 5)


def test_on_the_logit_scale_half_a_vote_is_added():
    found = row(build(CHOICES), 20, 2, scale="logit")
    own = np.log(3.5 / 2.5) - np.log(5.5 / 0.5)
    other = np.log(1.5 / 4.5) - np.log(0.5 / 5.5)
    assert found["change_0"] == pytest.approx(own - (own + other) / 2)


def test_the_mean_of_states_is_weighted_by_their_votes():
    longer = {
        1: {LEADER: TEN * 2, 20: TEN * 2, 200: "n" * 10 + "." * 10},
        2: {LEADER: TEN * 2, 20: TEN * 2, 200: TEN + "." * 10},
    }
    found = row(build(longer), 20, 2)
    # 200 changes by 1 with 5 votes a half (weight 2.5), 20 by 0 with 10 (weight 5)
    assert found["change_0"] == pytest.approx(-1 / 3)


def test_a_half_needs_five_votes_and_a_session_before():
    short = {1: {LEADER: TEN, 20: TEN}, 2: {LEADER: TEN, 20: "y" * 9}, 4: {LEADER: TEN, 20: TEN}}
    table = build(short)
    assert row(table, 20, 1)["null_reason"] == "no_session_before"
    assert row(table, 20, 4)["null_reason"] == "no_session_before"
    found = row(table, 20, 2)
    assert found["null_reason"] == "n_below_min"
    assert found["change_0"] is found["change_product"] is found["weight"] is None
    assert (found["n_0"], found["n_1"]) == (5, 4)


def test_only_what_the_leader_decided_counts_and_unpopular_by_the_others():
    choices = {
        s: {LEADER: "y" * 10 + "a" * 10, 20: TEN * 2, 200: "n" * 20, 220: "n" * 20} for s in (1, 2)
    }
    table = build(choices)
    assert row(table, 20, 2)["n_0"] == 5
    # for 20 the others are against the leader; for 200 half of them is with it, so not below ½
    assert row(table, 20, 2, "unpopular")["n_0"] == 5
    assert table.filter(pl.col("ccode") == 200, pl.col("vote_class") == "unpopular").is_empty()


def test_status_is_that_of_the_year_and_compared_with_the_year_before():
    table = build(CHOICES, tiers((20, 1947), (200, 1946), (200, 1947)))
    assert [row(table, 20, s)["is_ally"] for s in (1, 2)] == [False, True]
    assert row(table, 20, 2)["is_status_unchanged"] is False
    assert row(table, 200, 2)["is_status_unchanged"] is True
    later = build({30 + s: c for s, c in CHOICES.items()})
    assert row(later, 20, 32)["is_ally"] is None
    assert row(later, 20, 32)["is_status_unchanged"] is None


def test_the_product_is_unbiased_where_the_binomial_correction_is_not():
    """States that change nothing, voting on resolutions in threes: like votes of one state."""
    rng = np.random.default_rng(8)
    states = [10 + i for i in range(150)]
    n = 60
    choices = {}
    for session in range(1, 9):
        of_states = {}
        for ccode in states:
            # dealing alternately must not split a group of like votes: groups within a half
            by_half = [np.repeat(rng.random(n // 6) < 0.5, 3) for _ in range(2)]
            dealt = np.empty(n, bool)
            dealt[0::2], dealt[1::2] = by_half
            of_states[ccode] = "".join(np.where(dealt, "y", "n"))
        choices[session] = {LEADER: "y" * n, **of_states}
    table = build(choices, tiers(states=states)).filter(
        pl.col("vote_class") == "all", pl.col("scale") == "share", pl.col("null_reason").is_null()
    )
    mean = table["change_product"].mean()
    error = table["change_product"].std() / np.sqrt(table.height)
    assert abs(mean) < 4 * error
    change = (table["change_0"] + table["change_1"]) / 2
    binomial = 2 * 0.25 / n  # variance of a difference of two shares, were the votes independent
    assert (change**2).mean() > 2 * binomial
