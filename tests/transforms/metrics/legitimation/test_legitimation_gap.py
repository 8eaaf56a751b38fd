"""`metrics.legitimation_gap`: the long way, vote by vote, on a made-up assembly."""

import math
from datetime import date

import numpy as np
import polars as pl
import pytest

from transforms.metrics.legitimation.legitimation_gap import build_legitimation_gap

CHOICES = {1: "yes", 2: "abstain", 3: "no"}
STATES = (2, 20, 200, 220, 365, *range(400, 413))
ALLIES = {20: date(1949, 8, 24), 200: date(1949, 8, 24), 220: date(1952, 2, 18)}
N = 60


@pytest.fixture(scope="module")
def ballots():
    """Votes of one session: roll call × state; 0: no ballot. The last roll calls are important."""
    rng = np.random.default_rng(21)
    votes = rng.choice([1, 2, 3, 0], p=[0.4, 0.15, 0.4, 0.05], size=(N, len(STATES)))
    votes[:, 0] = rng.choice([1, 3, 2], p=[0.5, 0.4, 0.1], size=N)
    popular = rng.random(N) < 0.5
    follow = rng.random(votes.shape) < np.where(popular, 0.8, 0.05)[:, None]
    votes = np.where(follow & (votes > 0), votes[:, [0]], votes)
    votes[12:, -1] = 0  # the last state is seldom there
    return votes


@pytest.fixture(scope="module")
def built(ballots):
    roll_calls = pl.DataFrame(
        {
            "rcid": range(1, N + 2),
            "session": [4] * N + [19],
            "in_final_only": [True] * (N + 1),
            "is_unanimous": [False] * (N + 1),
            "is_important": [rcid > N // 2 for rcid in range(1, N + 2)],
            "importance_basis": ["coded"] * (N + 1),
        },
        schema_overrides={"rcid": pl.Int32, "session": pl.Int16},
    )
    cells = [
        (rcid + 1, ccode, CHOICES[int(ballots[rcid, at])], True)
        for rcid in range(N)
        for at, ccode in enumerate(STATES)
        if ballots[rcid, at]
    ]
    cells += [(N + 1, ccode, "yes", True) for ccode in STATES]
    votes = pl.DataFrame(
        cells, schema=["rcid", "ccode", "choice", "is_sovereign"], orient="row"
    ).cast({"rcid": pl.Int32, "ccode": pl.Int16})
    tiers = pl.DataFrame(
        [
            (2, ccode, year, ccode in ALLIES and ALLIES[ccode].year <= year, ALLIES.get(ccode))
            for ccode in STATES[1:]
            for year in (1949, 1952)
        ],
        schema=["ccode_hegemon", "ccode", "year", "tier_core", "in_force_from"],
        orient="row",
    ).cast({"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "year": pl.Int16})
    found = build_legitimation_gap(votes=votes, roll_calls=roll_calls, ally_tier=tiers)
    return found.tables["metrics.legitimation_gap"]


def long_way(ballots, state, between, *, kept=lambda _r: True, leader=2):
    """Number and mean agreement of a state's votes with σ in a range."""
    found = []
    for r, row in enumerate(ballots):
        of = dict(zip(STATES, row.tolist(), strict=True))
        if of[leader] in (0, 2) or not of[state] or not kept(r):
            continue
        judges = [of[s] for s in STATES if s not in (2, leader, state, *ALLIES) and of[s]]
        if len(judges) < 10:
            continue
        sigma = sum(vote == of[leader] for vote in judges) / len(judges)
        if between[0] <= sigma < between[1]:
            found.append(1 - abs(of[state] - of[leader]) / 2)
    return len(found), sum(found)


LEAST = {
    ("all", "popular"): (10, 10),
    ("all", "consensual"): (10, 10),
    ("all", "contested"): (3, 3),
    ("important", "popular"): (3, 3),
    ("important_unpopular", "popular"): (3, 10),
}
UNPOPULAR = (0, 0.5)


@pytest.mark.parametrize(("subset", "control"), LEAST)
@pytest.mark.parametrize("state", [20, 400, 412])
def test_gap_is_that_of_the_votes_one_by_one(ballots, built, subset, control, state):
    ranges = {"popular": (0.5, 2), "consensual": (0.8, 2), "contested": (0.5, 0.8)}
    least = LEAST[subset, control]
    named = (lambda r: r >= N // 2) if subset.startswith("important") else (lambda _r: True)
    of_control = (lambda _r: True) if subset == "important_unpopular" else named
    n, total = long_way(ballots, state, UNPOPULAR, kept=named)
    m, other = long_way(ballots, state, ranges[control], kept=of_control)
    rows = built.filter(
        pl.col("leader") == 2,
        pl.col("ccode") == state,
        pl.col("vote_subset") == subset,
        pl.col("control_class") == control,
    )
    assert rows.height == (n + m > 0)
    if not n + m:
        return
    (row,) = rows.to_dicts()
    assert (row["n_unpopular"], row["n_control"]) == (n, m)
    if n < least[0] or m < least[1]:
        assert row["null_reason"] == "n_below_min"
        assert row["gap"] is None
        return
    logit = math.log((total + 0.5) / (n - total + 0.5)) - math.log(
        (other + 0.5) / (m - other + 0.5)
    )
    assert row["gap"] == pytest.approx(total / n - other / m)
    assert row["gap_logit"] == pytest.approx(logit)
    assert row["weight"] == pytest.approx(n * m / (n + m))


def test_some_gaps_are_known_and_some_are_not(built):
    assert set(built["null_reason"].to_list()) == {None, "n_below_min"}


def test_status_is_that_of_the_year_and_the_cluster_that_of_the_first_treaty(built):
    rows = built.filter(pl.col("leader") == 2).unique("ccode").sort("ccode")
    status = dict(rows.select("ccode", "is_ally").iter_rows())
    assert [status[c] for c in (20, 200, 220, 365)] == [True, True, False, False]
    cluster = dict(rows.select("ccode", "cluster").iter_rows())
    assert cluster[200] == cluster[20] == "1949-08-24"
    assert (cluster[220], cluster[365]) == ("1952-02-18", "state 365")


def test_session_19_is_left_out(built):
    assert set(built["session"]) == {4}


def test_other_leaders_count_where_the_united_states_votes_the_opposite(ballots, built):
    at = STATES.index(200)
    opposed = [r for r in range(N) if {ballots[r, at], ballots[r, 0]} == {1, 3}]
    rows = built.filter(pl.col("leader") == 200)
    assert set(rows["vote_subset"]) == {"us_opposed"}
    assert 2 not in set(rows["ccode"])
    (row,) = rows.filter(pl.col("ccode") == 400).to_dicts()
    n, total = long_way(ballots, 400, UNPOPULAR, kept=lambda r: r in opposed, leader=200)
    assert row["n_unpopular"] == n > 0
    assert row["agreement_unpopular"] == pytest.approx(total / n)
    assert row["is_ally"] is False


def test_what_is_specific_to_the_leader_has_no_other_western_member_on_its_side(ballots, built):
    western = [STATES.index(200), STATES.index(220)]
    alone = [r for r in range(N) if not (ballots[r, western] == ballots[r, 0]).any()]
    n, _ = long_way(ballots, 400, UNPOPULAR, kept=lambda r: r in alone)
    (row,) = built.filter(
        pl.col("ccode") == 400, pl.col("vote_subset") == "hegemon_specific"
    ).to_dicts()
    assert row["n_unpopular"] == n
