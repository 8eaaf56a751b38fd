"""Cells that a source lacks: members without a usable row on a roll call, and filling them.

A vote file can have no row for a member, or code it as no member. Neither says what it did. The
cell gets a row of its own (`no_row`), and the UN Library's vote where it has one.
"""

import polars as pl

from transforms.core.choices import NO_ROW
from transforms.core.un_membership import (
    DISPUTED,
    THROUGHOUT,
    add_membership,
    choice_by_calendar,
)

_ROLL_CALL = ["rcid", "session", "vote_month", "vote_date", "source", "_first", "_last"]


def missing_cells(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The cells of members that no row is about.

    Only states that the source has on some roll call are looked for: a state that it never
    lists is outside what it covers, and is missing as a whole.

    Args:
        rows: All rows of the sources: rcid, ccode (after the rules of succession), session,
            vote_month, vote_date, source, `_first` and `_last`.
        members: `core.un_members`.

    Returns:
        One row per roll call and state that was a member, or whose seat was disputed, throughout
        the time of the vote: the columns of the roll call, ccode, membership and choice
        (`no_row` or `seat_disputed`).
    """
    roll_calls = rows.select(_ROLL_CALL).unique()
    listed = rows.select("source", "ccode").unique()
    times = roll_calls.select("_first", "_last").unique()
    on_the_list = members.select("ccode").unique()
    dated = add_membership(on_the_list.join(times, how="cross"), members)
    demanded = dated.filter(pl.col("membership").is_in([THROUGHOUT, DISPUTED]))
    cells = (
        roll_calls.join(demanded, on=["_first", "_last"], how="inner")
        .join(listed, on=["source", "ccode"], how="semi")
        .join(rows.select("rcid", "ccode"), on=["rcid", "ccode"], how="anti")
    )
    choice = choice_by_calendar(pl.lit(None, pl.String), pl.col("membership"))
    return cells.with_columns(choice.alias("choice"))


def fill(rows: pl.DataFrame, matched: pl.DataFrame) -> pl.DataFrame:
    """Fills `no_row` cells from the UN Library.

    Args:
        rows: rcid, ccode, choice.
        matched: Votes of the Library on roll calls that the vote file has too: rcid, ccode,
            choice, undl_id, member_code.

    Returns:
        The same rows in the same order with the Library's choice in cells without a usable row,
        `filled_from` (`undl_votes` there, else NULL), and undl_id and member_code of the row
        that filled it.
    """
    found = rows.join(
        matched.unique(["rcid", "ccode"], keep="first", maintain_order=True).rename(
            {"choice": "_found"}
        ),
        on=["rcid", "ccode"],
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    fills = (pl.col("choice") == NO_ROW) & pl.col("_found").is_not_null()
    return found.with_columns(
        pl.when(fills).then("_found").otherwise("choice").alias("choice"),
        pl.when(fills).then(pl.lit("undl_votes")).alias("filled_from"),
        pl.when(fills).then("undl_id").alias("undl_id"),
        pl.when(fills).then("member_code").alias("member_code"),
    ).drop("_found")
