"""`metrics.vote_similarity_weighted`: what weighs, how much, and who has a row."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from threadpoolctl import threadpool_limits

from transforms.metrics.similarity.vote_similarity_weighted import (
    TABLE,
    build_vote_similarity_weighted,
    roll_call_weights,
)
from warehouse.contracts.read import contracts

CHOICES = {"y": "yes", "a": "abstain", "n": "no", ".": "absent", "-": "not_member"}


def votes_of(rows):
    return pl.DataFrame(
        [
            (rcid, ccode, CHOICES[letter])
            for ccode, letters in rows.items()
            for rcid, letter in enumerate(letters, start=1)
        ],
        schema={"rcid": pl.Int32, "ccode": pl.Int16, "choice": pl.String},
        orient="row",
    )


def roll_calls_of(support, important, session=60, final=None):
    n = len(support)
    return pl.DataFrame(
        {
            "rcid": pl.Series(range(1, n + 1), dtype=pl.Int32),
            "session": pl.Series([session] * n, dtype=pl.Int16),
            "in_final_only": final or [True] * n,
            "in_final_strict": final or [True] * n,
            "in_all_recorded": [True] * n,
            "is_unanimous": [False] * n,
            "usa_support_share": pl.Series(support, dtype=pl.Float64),
            "is_important": pl.Series(important, dtype=pl.Boolean),
        }
    )


def states_of(*ccodes):
    return pl.DataFrame(
        {"ccode": list(ccodes), "valid_from": date(1900, 1, 1), "counts_to": date(2024, 12, 31)},
        schema_overrides={"ccode": pl.Int16},
    )


def build(votes, roll_calls, states):
    outcome = build_vote_similarity_weighted(votes=votes, roll_calls=roll_calls, states=states)
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def found(table, weighting, vote_set="final_only", ccode1=2, ccode2=20):
    return table.row(
        by_predicate=(pl.col("weighting") == weighting)
        & (pl.col("vote_set") == vote_set)
        & (pl.col("ccode1") == ccode1)
        & (pl.col("ccode2") == ccode2),
        named=True,
    )


def test_the_worked_example():
    votes = votes_of({2: "yyy", 20: "yna"})
    table = build(votes, roll_calls_of([0.5, 0.0, 0.5], [True, False, True]), states_of(2, 20))
    unpopular = found(table, "unpopularity")
    assert (unpopular["s_abs"], unpopular["n_joint"]) == (-0.25, 3)
    important = found(table, "importance")  # yes-yes and yes-abstain: 1 - 2 * 1 / (2 * 2)
    assert (important["s_abs"], important["n_joint"]) == (0.5, 2)


def test_a_vote_without_a_position_of_the_united_states_weighs_nothing():
    votes = votes_of({2: "ya", 20: "ny"})
    table = build(votes, roll_calls_of([0.25, None], [None, None]), states_of(2, 20))
    assert table["weighting"].unique().to_list() == ["unpopularity"]  # nothing was coded
    assert found(table, "unpopularity")["n_joint"] == 1
    assert found(table, "unpopularity")["s_abs"] == -1


def test_a_vote_with_which_everybody_sided_weighs_nothing():
    votes = votes_of({2: "yy", 20: "yn"})
    table = build(votes, roll_calls_of([1.0, 0.9], [False, None]), states_of(2, 20))
    assert found(table, "unpopularity")["s_abs"] == -1
    # coded, but none is important: a row without a measure
    assert found(table, "importance")["null_reason"] == "n_below_min"


def test_every_null_has_its_reason():
    votes = votes_of({2: "yy", 20: "nn", 40: "..", 41: "--"})
    table = build(votes, roll_calls_of([0.1, 0.2], [True, True]), states_of(2, 20, 40, 41))
    for weighting in ("unpopularity", "importance"):
        reasons = [found(table, weighting, ccode2=c)["null_reason"] for c in (20, 40, 41)]
        assert reasons == [None, "absent_all", "not_member"]
    assert table.filter(pl.col("s_abs").is_null() != pl.col("null_reason").is_not_null()).is_empty()


def test_vote_sets_hold_their_roll_calls():
    votes = votes_of({2: "yy", 20: "yn"})
    roll_calls = roll_calls_of([0.5, 0.5], [True, True], final=[True, False])
    table = build(votes, roll_calls, states_of(2, 20))
    assert found(table, "importance")["s_abs"] == 1
    assert found(table, "importance", "all_recorded")["s_abs"] == 0


def test_equal_weights_give_plain_s_and_their_scale_does_not_matter():
    rng = np.random.default_rng(2)
    strings = {c: "".join(rng.choice(list("yan."), 40)) for c in range(2, 12)}
    votes, states = votes_of(strings), states_of(*range(2, 12))
    plain, scaled = (
        build(votes, roll_calls_of([share] * 40, [True] * 40), states) for share in (0.0, 0.3)
    )
    assert plain["s_abs"].to_list() == scaled["s_abs"].to_list()
    by_weighting = plain.partition_by("weighting", as_dict=True)
    first, second = (frame["s_abs"].to_list() for frame in by_weighting.values())
    assert first == second


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_row_order_and_threads_change_no_bit(threads):
    rng = np.random.default_rng(8)
    ccodes = range(2, 150)
    votes = votes_of({c: "".join(rng.choice(list("yan."), 120)) for c in ccodes})
    roll_calls = roll_calls_of(rng.uniform(0, 1, 120), rng.uniform(0, 1, 120) < 0.1)
    expected = build(votes, roll_calls, states_of(*ccodes))
    with threadpool_limits(threads):
        mixed, calls = (
            f.sample(fraction=1, shuffle=True, seed=threads) for f in (votes, roll_calls)
        )
        assert build(mixed, calls, states_of(*ccodes)).equals(expected)


def test_weights_are_stated_per_roll_call():
    weights = roll_call_weights(roll_calls_of([0.25, None], [None, True]))
    assert weights == {"unpopularity": {1: 0.75, 2: 0.0}, "importance": {1: 0.0, 2: 1.0}}


def test_no_sessions_give_an_empty_table():
    roll_calls = roll_calls_of([0.5], [True]).clear()
    assert build(votes_of({2: "y"}).clear(), roll_calls, states_of(2)).is_empty()
