"""What becomes of a cell of `core.votes`: kept or lost, sovereign or not, and how surely.

The state system (`core.states`) decides who is a state and when; whether a state was a UN member
then is another matter (`un_membership`).
"""

import polars as pl

from transforms.core.choices import ABSENT, CAST, NOT_MEMBER
from transforms.core.state_years import counting_spells
from transforms.identity import in_system

MAX_VOTES_OUTSIDE_SYSTEM = 80
"""Votes that one state may have outside COW membership without a rule. Founding members that
COW admits later have up to 36; more means a new entity or a broken code."""
MAX_VOTES_OUTSIDE_MEMBERSHIP = 20
"""Votes that one state may have on days on which the dated list has it as no member. Fiji has two
in the month before its admission; more means a member that the list lacks, or a broken code."""

_TABLE = "core.votes"
_BEFORE, _AFTER = "un_member_before_cow_entry", "un_member_after_cow_exit"


def dated(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the first and the last day on which the vote can have been.

    Args:
        rows: vote_date (NULL where only the month is known) and vote_month.

    Returns:
        The same rows with `_first` and `_last`.
    """
    return rows.with_columns(
        pl.coalesce("vote_date", "vote_month").alias("_first"),
        pl.coalesce("vote_date", pl.col("vote_month").dt.month_end()).alias("_last"),
    )


def with_state_system(rows: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Adds whether the state was in the system on some day, the first and the last of the time.

    Membership at the end of the list of states is carried forward, and flagged. A million rows
    share some ten thousand states and months, so membership is looked up once for each of those.

    Args:
        rows: ccode, `_first` and `_last`.
        states: `core.states`.

    Returns:
        The same rows with `_some`, `_at_start`, `_at_end`, `_known` (a state at some time),
        `_last_entry` and is_membership_carried_forward.
    """
    times = rows.select("ccode", "_first", "_last").unique()
    days = {"_some": ("_first", "_last"), "_at_start": ("_first",) * 2, "_at_end": ("_last",) * 2}
    last_entry = states.group_by("ccode").agg(pl.col("valid_from").max().alias("_last_entry"))
    listed = in_system(times, spells=states, first_day="_first", last_day="_last")
    spells = counting_spells(states)
    times = (
        times.with_columns(
            in_system(times, spells=spells, first_day=first, last_day=last).alias(name)
            for name, (first, last) in days.items()
        )
        .with_columns(
            pl.col("ccode").is_in(states["ccode"].unique().implode()).alias("_known"),
            (pl.col("_some") & ~listed).alias("is_membership_carried_forward"),
        )
        .join(last_entry, on="ccode", how="left", validate="m:1")
    )
    return rows.join(
        times, on=["ccode", "_first", "_last"], how="left", validate="m:1", maintain_order="left"
    )


def judge(cells: pl.DataFrame) -> pl.DataFrame:
    """Adds why a row is lost, why it is not sovereign, and how exactly its state is known.

    Args:
        cells: choice, `_superseded`, vote_date and what `apply_rules` and `with_state_system`
            added.

    Returns:
        The same rows with reason (NULL where it is kept), sovereignty_reason (NULL where
        sovereign) and identity_precision.
    """
    is_act = pl.col("choice") != NOT_MEMBER
    throughout = pl.col("_at_start") & pl.col("_at_end")
    by_rule = pl.col("rule_action")
    reason = (
        pl.when((by_rule == "drop") & pl.col("choice").is_in([*CAST, ABSENT]))
        .then(pl.col("rule_reason"))
        .when("_superseded")
        .then(pl.lit("superseded_by_succession"))
        .when(~is_act & ~throughout)
        .then(pl.lit("not_in_system"))
        .when(is_act & ~pl.col("_known"))
        .then(pl.lit("unknown_entity"))
    )
    not_sovereign = (
        pl.when(is_act & (by_rule == "not_sovereign"))
        .then(pl.col("rule_reason"))
        .when(is_act & ~pl.col("_some") & (pl.col("_last") < pl.col("_last_entry")))
        .then(pl.lit(_BEFORE))
        .when(is_act & ~pl.col("_some"))
        .then(pl.lit(_AFTER))
    )
    month_only = pl.col("vote_date").is_null() & (pl.col("_some") & ~throughout)
    by_month = month_only | ((by_rule == "relabel") & (pl.col("rule_precision") == "month"))
    return cells.with_columns(
        reason.alias("reason"),
        not_sovereign.alias("sovereignty_reason"),
        pl.when(by_month)
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
        .alias("identity_precision"),
    )


def refuse_second_votes(kept: pl.DataFrame) -> None:
    """Raises ValueError where a state has two rows on one roll call; names them."""
    twice = kept.filter(kept.select("rcid", "ccode").is_duplicated()).sort("rcid", "ccode")
    if not twice.is_empty():
        row = twice.row(0, named=True)
        codes = twice.filter((pl.col("rcid") == row["rcid"]) & (pl.col("ccode") == row["ccode"]))
        raise ValueError(
            f"{_TABLE}: state {row['ccode']} has {codes.height} rows on roll call"
            f" {row['rcid']}, from codes {codes['ccode_source'].to_list()} ({twice.height} such"
            " rows); the staged rows are intact: correct succession.csv or state_aliases.csv"
        )


def refuse_too_many(judged: pl.DataFrame) -> None:
    """Raises ValueError where a state votes much outside the state system or outside the UN."""
    outside_system = pl.col("sovereignty_reason").is_in([_BEFORE, _AFTER])
    outside_un = pl.col("published").is_in(CAST) & (pl.col("by_calendar") == NOT_MEMBER)
    checks = [
        (
            pl.col("reason").is_null() & outside_system & pl.col("choice").is_in(CAST),
            MAX_VOTES_OUTSIDE_SYSTEM,
            "outside their membership in the state system; the staged rows are intact: look at"
            " their codes, then add a rule to succession.csv",
        ),
        (
            outside_un,
            MAX_VOTES_OUTSIDE_MEMBERSHIP,
            "on days on which un_members.csv has them as no members of the UN; the staged rows"
            " are intact: look at their codes, then enter their admission",
        ),
    ]
    for condition, most, advice in checks:
        votes = judged.filter(condition).group_by("ccode").len().sort("ccode")
        many = votes.filter(pl.col("len") > most)
        if not many.is_empty():
            raise ValueError(
                f"{_TABLE}: states (code, votes) {many.rows()} have more than {most} votes {advice}"
            )
