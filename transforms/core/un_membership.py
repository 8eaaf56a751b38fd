"""Membership at the time of a roll call, from the dated list, and what it makes of a code.

Before session 58 only the month of a vote is known. Where membership begins or ends within it
the list cannot decide, and the publisher's code stands.
"""

import polars as pl

from transforms.core.choices import ABSENT, CAST, NO_ROW, NOT_MEMBER, SEAT_DISPUTED
from transforms.core.un_members import CAN_VOTE

THROUGHOUT, DISPUTED, OUTSIDE = "throughout", "disputed", "outside"
INSIDE, UNSEATED, PARTLY = "inside", "unseated", "partly"
_TIME = ["ccode", "_first", "_last"]


def add_membership(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Adds each state's membership between two days.

    Args:
        rows: ccode, `_first` and `_last` (Date; the same day where the day is known).
        members: `core.un_members`.

    Returns:
        The same rows in the same order with `membership`: `throughout` (could vote on every
        day), `disputed` (its seat was disputed on every day), `inside` (each day is one or the
        other), `outside` (a member on no day), `unseated` (a member on some days, and able to
        vote on none), `partly` (able to vote on some days, no member on others).
    """
    last = pl.min_horizontal(pl.col("valid_to").fill_null(pl.date(9999, 12, 31)), "_last")
    shared = (last - pl.max_horizontal("valid_from", "_first")).dt.total_days() + 1
    status = pl.col("membership_status").cast(pl.String)
    times = (
        rows.select(_TIME)
        .unique()
        .join(members.select("ccode", "valid_from", "valid_to", status), on="ccode", how="left")
        # a state without any period has a row of NULLs here, and shares no day with it
        .with_columns(
            pl.when(pl.col("valid_from").is_null())
            .then(0)
            .otherwise(shared.clip(0))
            .alias("_shared")
        )
        .group_by(_TIME)
        .agg(
            pl.col("_shared").filter(pl.col("membership_status").is_in(CAN_VOTE)).sum().alias("_n"),
            pl.col("_shared").sum().alias("_n_all"),
        )
    )
    days = (pl.col("_last") - pl.col("_first")).dt.total_days() + 1
    membership = (
        pl.when(pl.col("_n") == days)
        .then(pl.lit(THROUGHOUT))
        .when(pl.col("_n_all") == 0)
        .then(pl.lit(OUTSIDE))
        .when((pl.col("_n") == 0) & (pl.col("_n_all") == days))
        .then(pl.lit(DISPUTED))
        .when(pl.col("_n_all") == days)
        .then(pl.lit(INSIDE))
        .when(pl.col("_n") == 0)
        .then(pl.lit(UNSEATED))
        .otherwise(pl.lit(PARTLY))
    )
    dated = times.select(*_TIME, membership.alias("membership"))
    return rows.join(dated, on=_TIME, how="left", validate="m:1", maintain_order="left")


def choice_by_calendar(published: pl.Expr, membership: pl.Expr) -> pl.Expr:
    """The choice that a published one stands for, given the state's membership at the time.

    A vote that was cast stays as cast unless the state was no member at all. An absence of a
    state whose seat was disputed is no absence. A member that is coded as none has no usable
    row.

    Args:
        published: Choice as the source codes it; NULL where it has no row.
        membership: As `add_membership` gives it.

    Returns:
        Expression of a choice; NULL where there is neither a row nor a membership that would
        demand one.
    """
    cast = published.is_in(CAST)
    return (
        pl.when((membership == OUTSIDE) & published.is_not_null())
        .then(pl.lit(NOT_MEMBER))
        .when(cast)
        .then(published)
        .when((membership == DISPUTED) | ((membership == UNSEATED) & (published == ABSENT)))
        .then(pl.lit(SEAT_DISPUTED))
        .when(published == ABSENT)
        .then(published)
        .when(membership == THROUGHOUT)
        .then(pl.lit(NO_ROW))
        .when((membership == INSIDE) & published.is_not_null())
        .then(pl.lit(SEAT_DISPUTED))
        .when(published.is_not_null())
        .then(published)
    )
