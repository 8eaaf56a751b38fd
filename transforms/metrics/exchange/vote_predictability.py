"""`metrics.vote_predictability`: how a state's agreement with a leader moves between sessions.

A_is is the mean agreement of state i with the leader over the roll calls of session s that the
leader decided (it voted yes or no; final votes, sovereign states). A change of A holds what the
state changed and what the sample of roll calls changed. To tell them apart the roll calls of a
session, sorted by rcid, are dealt alternately to two halves, and each half k has its own change:

d_k = (A_is − A_i,s−1 on half k) − its mean over states, each with the weight of its votes
(`change_0`, `change_1`), q = d_0 · d_1 (`change_product`).

The errors of the halves are independent, so E(q) is the variance of what the state itself changed,
beyond what all changed; a single q can be negative. (The square of the change less a binomial
variance is not unbiased, since votes on like resolutions are not independent.)

`share`: A is a share. `logit`: ln((Σa + ½)/(n − Σa + ½)), on which changes near 0 and 1 weigh as
much as those near ½. Classes: `all` decided roll calls, and those `unpopular` (see
`metrics.hegemon_support`).

A half needs five votes in both sessions, so a state ten in each. Weight of a mean over states:
n·m/(n + m) for n votes of the half now and m before; that of q: the same of both halves together.

Null rules: `n_below_min` where a half has fewer votes; `no_session_before` where the state cast no
vote in the session before (the first, and 20 after the session of one vote).

Reference: the product of two independent estimates is that of a split-half covariance (Spearman
1910, British Journal of Psychology 3: 271-295; cf. Kline, Saggio and Sølvsten 2020, Econometrica
88: 1859-1898).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from transforms.metrics.claims.leaders import leaders_with_dated_allies
from transforms.metrics.exchange.allies import with_changed_status
from transforms.metrics.legitimation.hegemon_support import VOTE_SET, decided_votes, vote_classes
from transforms.rollcall_matrix import NO, SessionBallots, by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.vote_predictability"
KEY = ["leader", "ccode", "session", "vote_class", "scale"]
CLASSES = ("all", "unpopular")
SCALES = ("share", "logit")
HALVES = (0, 1)
MIN_VOTES_OF_HALF = 5
COLUMNS = [
    *KEY,
    *("change_0", "change_1", "change_product", "weight", "n_0", "n_1", "n_before_0", "n_before_1"),
    *("is_ally", "is_status_unchanged", "null_reason"),
]
DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""


def build_vote_predictability(
    *, votes: pl.DataFrame, roll_calls: pl.DataFrame, ally_tier: pl.DataFrame
) -> StepResult:
    """Measures the changes of both halves for every state and session.

    Args:
        votes: `core.votes` (rcid, ccode, session, choice, is_sovereign).
        roll_calls: `core.roll_calls`.
        ally_tier: `marts.ally_tier`.

    Returns:
        `metrics.vote_predictability`: one row per leader, other state with a vote of the class in
        the session, session, class and scale.
    """
    leaders = leaders_with_dated_allies(ally_tier)
    counts = half_counts(votes, roll_calls, leaders)
    parts = [
        with_changed_status(
            changes(counts.filter(pl.col("leader") == leader), scale),
            ally_tier,
            leader=leader,
            tier="core",
        )
        for leader in leaders
        for scale in SCALES
    ]
    return StepResult({TABLE: pl.concat(parts).select(COLUMNS).sort(KEY)})


def half_counts(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, leaders: Sequence[int]
) -> pl.DataFrame:
    """Votes and their agreement in both halves: `n_0`, `n_1`, `total_0`, `total_1`.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        leaders: Leaders, by COW code.

    Returns:
        One row per leader, state with a vote of the class, session and class.
    """
    chosen = vote_set_rcids(roll_calls, f"{VOTE_SET}_with_unanimous")
    parts = [
        _of_session(ballots, chosen, leader)
        for ballots in by_session(votes.filter("is_sovereign"), roll_calls)
        for leader in leaders
    ]
    return pl.concat(parts).filter(pl.sum_horizontal("n_0", "n_1") > 0)


def _of_session(ballots: SessionBallots, chosen: frozenset[int], leader: int) -> pl.DataFrame:
    others, own, rcids, ccodes = decided_votes(ballots, chosen, leader)
    voted = others <= NO
    agreement = (1 - np.abs(others - own) / 2) * voted
    classes = vote_classes(ccodes, voted, voted & (agreement == 1), np.zeros(len(rcids), bool))
    frames = []
    for name in CLASSES:
        counted = voted & (True if name == "all" else classes[name][0])
        # rcids ascend: every second column is every second roll call of the session
        halves = {f"n_{k}": counted[:, k::2].sum(axis=1) for k in HALVES}
        totals = {f"total_{k}": (agreement * counted)[:, k::2].sum(axis=1) for k in HALVES}
        frames.append(
            pl.DataFrame({"ccode": ccodes, **halves, **totals}).with_columns(
                pl.lit(leader, pl.Int16).alias("leader"),
                pl.lit(ballots.session, pl.Int16).alias("session"),
                pl.lit(name).alias("vote_class"),
                pl.col("n_0", "n_1").cast(pl.Int32),
                pl.col("total_0", "total_1").cast(pl.Float64),
            )
        )
    return pl.concat(frames)


def changes(counts: pl.DataFrame, scale: str) -> pl.DataFrame:
    """Changes since the session before, and their product.

    Args:
        counts: `half_counts` of one leader.
        scale: share or logit.
    """
    names = [f"{name}_{{}}{k}" for name in ("n", "total") for k in HALVES]
    before = counts.select(
        "ccode",
        "vote_class",
        (pl.col("session") + 1).alias("session"),
        *(pl.col(name.format("")).alias(name.format("before_")) for name in names),
    )
    rows = counts.join(
        before, on=["ccode", "vote_class", "session"], how="left", validate="1:1"
    ).with_columns(
        pl.when(pl.col("n_before_0").is_null())
        .then(pl.lit("no_session_before"))
        .when(pl.min_horizontal("n_0", "n_1", "n_before_0", "n_before_1") < MIN_VOTES_OF_HALF)
        .then(pl.lit("n_below_min"))
        .alias("null_reason"),
        pl.lit(scale).alias("scale"),
    )
    group = ["vote_class", "session"]
    for k in HALVES:
        n, m = pl.col(f"n_{k}"), pl.col(f"n_before_{k}")
        level = _level(pl.col(f"total_{k}"), n, scale)
        change = level - _level(pl.col(f"total_before_{k}"), m, scale)
        known = pl.col("null_reason").is_null()
        rows = rows.sort("session", "ccode").with_columns(
            pl.when(known).then(change).alias("change"),
            pl.when(known).then(n * m / (n + m)).alias("weight"),
        )
        mean = (pl.col("change") * pl.col("weight")).sum() / pl.col("weight").sum()
        own = pl.col("change") - mean.over(group)
        rows = rows.with_columns(own.round(DECIMALS).alias(f"change_{k}"))
    n, m = pl.col("n_0") + pl.col("n_1"), pl.col("n_before_0") + pl.col("n_before_1")
    return rows.with_columns(
        (pl.col("change_0") * pl.col("change_1")).alias("change_product"),
        pl.when(pl.col("null_reason").is_null()).then(n * m / (n + m)).alias("weight"),
    )


def _level(total: pl.Expr, n: pl.Expr, scale: str) -> pl.Expr:
    if scale == "share":
        return total / n
    return ((total + 0.5) / (n - total + 0.5)).log()
