"""Ideal points outside a hegemon's unpopular votes: which votes count, and what comes of few."""

import numpy as np
import polars as pl

from transforms.metrics.legitimation.outside_ideal_point import (
    build_outside_ideal_points,
    rcids_outside,
)

CHOICES = {"y": "yes", "a": "abstain", "n": "no", ".": "absent"}


def votes_of(rows, session=50):
    return pl.DataFrame(
        [
            (100 + place, ccode, session, CHOICES[letter], True)
            for ccode, letters in rows.items()
            for place, letter in enumerate(letters)
        ],
        schema=("rcid", "ccode", "session", "choice", "is_sovereign"),
        orient="row",
    )


def roll_calls_of(n, session=50):
    return pl.DataFrame(
        {
            "rcid": range(100, 100 + n),
            "session": [session] * n,
            "in_final_only": [True] * n,
            "is_unanimous": [False] * n,
        }
    )


def test_a_roll_call_that_is_lost_for_one_state_is_left_out():
    """Of four others: 3, 2 and 1 with the hegemon, and one on which it abstains.

    Without one of its two supporters the second is lost for them: 1 of 3. The third is lost.
    """
    rows = {2: "yyya", 20: "yyyy", 40: "yynn", 41: "ynna", 42: "nnny"}
    outside = rcids_outside(votes_of(rows), roll_calls_of(4), [2, 710])
    assert outside[2] == {100, 103}
    assert outside[710] == {100, 101, 102, 103}  # never voted: none is its


def test_votes_that_tell_nothing_make_no_points():
    rows = {2: "yyyy", 20: "yyyy", 40: "yyyy"}
    made = build_outside_ideal_points(votes=votes_of(rows), roll_calls=roll_calls_of(4))
    table = made.tables["metrics.outside_ideal_point"]
    assert table.is_empty()


def test_points_follow_the_votes_outside_alone():
    """Lost votes turned round leave the points of that hegemon as they are."""
    rng = np.random.default_rng(1)
    won = {
        c: "".join("y" if x < 30 - c / 4 else "n" for x in rng.random(40) * 30)
        for c in range(20, 80)
    }
    won[2] = "y" * 40
    lost = dict.fromkeys(won, "n" * 10) | {2: "y" * 10}
    other = dict.fromkeys(won, "n" * 10) | {2: "y" * 10, 21: "y" * 10, 22: "a" * 10}
    tables = [
        build_outside_ideal_points(
            votes=votes_of({c: won[c] + more[c] for c in won}), roll_calls=roll_calls_of(50)
        ).tables["metrics.outside_ideal_point"]
        for more in (lost, other)
    ]
    first, second = (t.filter(ccode_hegemon=2).sort("ccode") for t in tables)
    assert first.height == 61
    assert first.equals(second)
