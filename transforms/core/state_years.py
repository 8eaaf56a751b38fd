"""Membership in the state system by year, for yearly figures.

A yearly figure has no day. It counts for a state that was a member of the Correlates of War
system on at least one day of the year; where the code changed hands within the year
(Germany, Yemen 1990) the alias list of each source decides which state the figure belongs to.
"""

from dataclasses import dataclass

import polars as pl

from transforms.identity import in_system


@dataclass(frozen=True)
class Members:
    """Yearly rows, split by membership in the system.

    Attributes:
        rows: Rows of states that were members on at least one day of the year.
        outside: All other rows, with `reason` = `not_in_system`.
    """

    rows: pl.DataFrame
    outside: pl.DataFrame


def is_member_in_year(frame: pl.DataFrame, *, states: pl.DataFrame) -> pl.Series:
    """Whether the state of each row was a member on at least one day of its year.

    Args:
        frame: `ccode`, `year`.
        states: `core.states`: ccode, valid_from, valid_to (Date), is_in_system_at_source_end.
            A state that was a member when the list ended counts as one afterwards: sources
            run on after the list.

    Returns:
        Boolean Series in the order of `frame`.
    """
    year = pl.col("year").cast(pl.Int32)
    days = frame.select(
        pl.col("ccode").cast(pl.Int16),
        pl.date(year, 1, 1).alias("first_day"),
        pl.date(year, 12, 31).alias("last_day"),
    )
    spells = states.with_columns(
        pl.when("is_in_system_at_source_end")
        .then(pl.date(9999, 12, 31))
        .otherwise("valid_to")
        .alias("valid_to")
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
    member = is_member_in_year(frame, states=states)
    outside = frame.filter(~member).with_columns(pl.lit("not_in_system").alias("reason"))
    return Members(frame.filter(member), outside)
