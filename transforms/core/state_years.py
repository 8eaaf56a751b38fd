"""Membership in the state system by year, for yearly figures.

A yearly figure has no day. It counts for a state that was a member of the Correlates of War
system on at least one day of the year; where the code changed hands within the year
(Germany, Yemen 1990) the alias list of each source decides which state the figure belongs to.

Sources run on after the list of states. Who was a member when it ended counts as one afterwards
(`core.states.counts_to`), and rows that rest on that are flagged.
"""

from dataclasses import dataclass

import polars as pl

from transforms.identity import in_system


@dataclass(frozen=True)
class Members:
    """Yearly rows, split by membership in the system.

    Attributes:
        rows: Rows of states that were members on at least one day of the year, with
            `is_membership_carried_forward`: whether that is carried forward after the list.
        outside: All other rows, with `reason` = `not_in_system`.
    """

    rows: pl.DataFrame
    outside: pl.DataFrame


def is_member_in_year(frame: pl.DataFrame, *, states: pl.DataFrame) -> pl.Series:
    """Whether the state of each row was a member on at least one day of its year.

    Args:
        frame: `ccode`, `year`.
        states: `core.states`: ccode, valid_from, counts_to (Date).

    Returns:
        Boolean Series in the order of `frame`.
    """
    return _on_a_day_of_the_year(frame, counting_spells(states))


def is_membership_carried_forward(frame: pl.DataFrame, *, states: pl.DataFrame) -> pl.Series:
    """Whether the state of each row counts as a member of its year only by being carried forward.

    Args:
        frame: `ccode`, `year`.
        states: `core.states`: ccode, valid_from, valid_to, counts_to (Date).

    Returns:
        Boolean Series in the order of `frame`.
    """
    return is_member_in_year(frame, states=states) & ~_on_a_day_of_the_year(frame, states)


def counting_spells(states: pl.DataFrame) -> pl.DataFrame:
    """The spells of `core.states`, each to the day until which it counts.

    Args:
        states: `core.states`: ccode, valid_from, counts_to.

    Returns:
        ccode, valid_from, valid_to, for `transforms.identity.in_system`.
    """
    return states.select("ccode", "valid_from", pl.col("counts_to").alias("valid_to"))


def _on_a_day_of_the_year(frame: pl.DataFrame, spells: pl.DataFrame) -> pl.Series:
    year = pl.col("year").cast(pl.Int32)
    days = frame.select(
        pl.col("ccode").cast(pl.Int16),
        pl.date(year, 1, 1).alias("first_day"),
        pl.date(year, 12, 31).alias("last_day"),
    )
    return in_system(days, spells=spells, first_day="first_day", last_day="last_day")


def split_by_membership(frame: pl.DataFrame, *, states: pl.DataFrame) -> Members:
    """Splits rows by whether their state was a member in the year.

    Args:
        frame: `ccode`, `year` and anything else.
        states: `core.states`.

    Returns:
        `Members`; the two parts together are `frame`, in its order.
    """
    flag = is_membership_carried_forward(frame, states=states)
    frame = frame.with_columns(flag.alias("is_membership_carried_forward"))
    member = is_member_in_year(frame, states=states)
    lost = frame.drop("is_membership_carried_forward").filter(~member)
    outside = lost.with_columns(pl.lit("not_in_system").alias("reason"))
    return Members(frame.filter(member), outside)
