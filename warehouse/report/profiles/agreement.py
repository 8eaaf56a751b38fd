"""Agreement of every state with every leader, by session and by period.

Agreement on one roll call is 1 with the leader, ½ where the state abstains and 0 against it, on
final votes on which the leader said yes or no (`metrics.hegemon_support`, which defines the classes
of votes). The class `all` is popular and unpopular votes taken as one.

Fewer than five votes are no figure: their counts and their mean are NULL, with a reason. Sums over
the sessions of a period have them in, where the sum has five.
"""

import polars as pl

from warehouse.db import Connection
from warehouse.report.profiles.score_interval import (
    MIN_SESSIONS,
    ballot_interval,
    session_interval,
)
from warehouse.report.profiles.vote_classes import MIN_VOTES, PERIODS

_COUNTS = """
SELECT ccode_hegemon AS leader, ccode, session, CAST(session + 1945 AS SMALLINT) AS year,
       vote_class, n_votes_of_class AS n_votes, n_with_hegemon AS n_with, n_abstained
FROM metrics.hegemon_support
WHERE vote_set = 'final_only' AND vote_class NOT IN ('unpopular_third', 'hegemon_specific')
"""
_ORDER = ["vote_class", "leader", "session", "ccode"]  # Parquet packs it best
_MEASURED = ["agreement", "ci_low", "ci_high"]


def agreement_by_session(connection: Connection) -> pl.DataFrame:
    """Agreement with each leader in each session.

    The 95 % interval is Wilson's over the session's votes, taken as independent: it says how
    little few votes tell, not how another agenda would have come out.

    Returns:
        One row per leader, state that voted in the session, session and class of votes: counts,
        agreement in [0, 1], ci_low, ci_high. All are NULL under five votes, with the null_reason
        `leader_cast_no_vote`, `no_votes_of_class` or `n_below_5`.
    """
    counts = _counts(connection)
    n, n_with, n_abstained = (counts[c].to_numpy() for c in ("n_votes", "n_with", "n_abstained"))
    frame = counts.with_columns(_mean()).with_columns(*ballot_interval(n_with + n_abstained / 2, n))
    leader_voted = pl.col("n_votes").max().over("leader", "session") > 0
    frame = frame.with_columns(
        pl.when(~leader_voted)
        .then(pl.lit("leader_cast_no_vote"))
        .when(pl.col("n_votes") == 0)
        .then(pl.lit("no_votes_of_class"))
        .when(pl.col("n_votes") < MIN_VOTES)
        .then(pl.lit("n_below_5"))
        .alias("null_reason")
    )
    return _withheld(frame).sort(_ORDER)


def agreement_by_period(connection: Connection) -> pl.DataFrame:
    """Agreement with each leader in each of `PERIODS`: all its votes, with a 95 % interval.

    The mean is the ratio of sums, so that a session counts by its votes. Sessions are the
    clusters of the interval (docs/metrics.md), from three sessions on; with one or two it is
    Wilson's over votes, too short, and `interval_basis` says `votes` for `sessions`.

    Returns:
        One row per leader, state, period and class of votes: years, counts, sessions with a vote,
        agreement, ci_low, ci_high, interval_basis. NULL under five votes, as by session.
    """
    frames = []
    for place, (name, first, last) in enumerate(PERIODS):
        within = _counts(connection).filter(pl.col("year").is_between(first, last))
        frames.append(_pooled(within).with_columns(period=pl.lit(name), place=pl.lit(place)))
    frame = pl.concat(frames)
    n, n_sessions = frame["n_votes"].to_numpy(), frame["n_sessions"].to_numpy()
    total = frame["total"].to_numpy()
    low_votes, high_votes = ballot_interval(total, n)
    low, high = session_interval(total, n, frame["squares"].to_numpy(), n_sessions)
    many = pl.col("n_sessions") >= MIN_SESSIONS
    frame = frame.with_columns(
        pl.when(many).then(low).otherwise(low_votes).alias("ci_low"),
        pl.when(many).then(high).otherwise(high_votes).alias("ci_high"),
        pl.when(many).then(pl.lit("sessions")).otherwise(pl.lit("votes")).alias("interval_basis"),
        pl.when(pl.col("n_votes") == 0)
        .then(pl.lit("no_votes_of_class"))
        .when(pl.col("n_votes") < MIN_VOTES)
        .then(pl.lit("n_below_5"))
        .alias("null_reason"),
    ).sort("leader", "ccode", "place", "vote_class")
    return _withheld(frame, "interval_basis").select(
        *("leader", "ccode", "period", "year_from", "year_to", "vote_class"),
        *("n_votes", "n_with", "n_abstained", "n_sessions"),
        *(*_MEASURED, "interval_basis", "null_reason"),
    )


def _counts(connection: Connection) -> pl.DataFrame:
    """Votes of each class, and of all: popular and unpopular ones share no vote."""
    counts = pl.DataFrame(connection.sql(_COUNTS).pl())
    both = (
        counts.filter(pl.col("vote_class").is_in(["popular", "unpopular"]))
        .group_by("leader", "ccode", "session", "year")
        .agg(pl.col("n_votes", "n_with", "n_abstained").sum())
        .with_columns(vote_class=pl.lit("all"))
        .select(counts.columns)
    )
    return pl.concat([counts, both])


def _pooled(counts: pl.DataFrame) -> pl.DataFrame:
    """Sums over sessions, and the sum of squares of their residuals from the ratio."""
    total, n = pl.col("n_with") + pl.col("n_abstained") / 2, pl.col("n_votes")
    key = ["leader", "ccode", "vote_class"]
    return (
        counts.filter(n > 0)
        .sort(*key, "session")
        .with_columns(total=total, ratio=total.sum().over(key) / n.sum().over(key))
        .with_columns(square=(total - pl.col("ratio") * n) ** 2)
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("year").min().alias("year_from"),
            pl.col("year").max().alias("year_to"),
            pl.col("n_votes", "n_with", "n_abstained", "total").sum(),
            pl.len().alias("n_sessions"),
            pl.col("square").sum().alias("squares"),
        )
        .with_columns(_mean())
    )


def _mean() -> pl.Expr:
    total = pl.col("n_with") + pl.col("n_abstained") / 2
    has_votes = pl.col("n_votes") > 0
    return pl.when(has_votes).then(total / pl.col("n_votes")).round(9).alias("agreement")


def _withheld(frame: pl.DataFrame, *more: str) -> pl.DataFrame:
    """Nothing of what rests on fewer than `MIN_VOTES` votes."""
    hidden = ["n_votes", "n_with", "n_abstained", *_MEASURED, *more]
    return frame.with_columns(pl.when(pl.col("null_reason").is_null()).then(pl.col(hidden)))
