"""`core.votes`: votes under the COW code of the state that cast them.

A row of the vote file is kept; kept under its successor's code; kept as the vote of a UN member
that was no sovereign state; dropped by a rule of succession; or dropped because it only says that
an entity outside the state system was no UN member. Every dropped row is counted: rows in = rows
out + losses.
"""

import polars as pl

from transforms.core.ballot_rows import CORE_VOTES, TABLES, file_ballots, library_ballots
from transforms.core.choices import CAST, NOT_MEMBER
from transforms.core.state_years import counting_spells
from transforms.core.succession import apply_rules, read_rules
from transforms.identity import in_system
from transforms.step_result import StepResult, count_losses

MAX_VOTES_OUTSIDE_SYSTEM = 80
"""Votes that one state may have outside COW membership without a rule. Founding members that
COW admits later have up to 36; more means a new entity or a broken code."""

_BEFORE, _AFTER = "un_member_before_cow_entry", "un_member_after_cow_exit"


def build_votes(
    *,
    stg_un_votes__votes: pl.DataFrame,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__votes: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    vote_source_matches: pl.DataFrame,
    states: pl.DataFrame,
    state_aliases: pl.DataFrame,
    succession: pl.DataFrame,
) -> StepResult:
    """Builds `core.votes` from the vote file and, where that lacks a vote, the UN Library.

    A state counts as a member of the state system on the day of the vote or, where only the
    month is known, as follows. A vote or an absence is a UN member's act, so one day of
    membership in that month suffices. A `not_member` row is kept only if the state was in the
    system throughout the month: before its entry it says nothing.

    Args:
        stg_un_votes__votes: The vote file's votes.
        stg_un_votes__roll_calls: Its roll calls (month and day of the vote).
        stg_undl_votes__votes: The Library's votes.
        stg_undl_votes__resolutions: The Library's resolutions (day of the vote).
        vote_source_matches: `core.vote_source_matches`; resolutions with `extends_un_votes`
            become roll calls of their own, the others' votes are lost with a reason.
        states: `core.states`.
        state_aliases: Reference; its scheme `un_library` is used.
        succession: Reference; rules of succession.

    Returns:
        `core.votes`, one row per roll call and state. Losses by reason: `not_in_system`
        (not_member rows outside the state system), `superseded_by_succession` (a not_member row
        of the successor, replaced by the vote under the old code), the reasons of dropping
        rules, `unknown_entity` (a vote under a code that no state ever had); for the Library
        `also_in_un_votes`, the reasons of unmatched resolutions, and those of unresolved codes.

    Raises:
        ValueError: A vote belongs to no roll call, a state has two votes on one roll call, or a
            state has more than `MAX_VOTES_OUTSIDE_SYSTEM` votes outside the state system.
    """
    library, library_losses = library_ballots(
        stg_undl_votes__votes, stg_undl_votes__resolutions, vote_source_matches, state_aliases
    )
    ballots = pl.concat([file_ballots(stg_un_votes__votes, stg_un_votes__roll_calls), library])
    ruled = apply_rules(ballots, read_rules(succession))
    ruled = ruled.with_columns(_superseded(ruled).alias("_superseded"))
    judged = _judge(ruled, states)
    kept = judged.filter(pl.col("reason").is_null())
    _refuse_second_votes(kept)
    _refuse_too_many_outside(kept)
    votes = kept.select(
        "rcid",
        "ccode",
        "session",
        "choice",
        pl.col("sovereignty_reason").is_null().alias("is_sovereign"),
        "sovereignty_reason",
        "identity_precision",
        "is_membership_carried_forward",
        "ccode_source",
        "source",
    ).sort("rcid", "ccode")
    return StepResult({CORE_VOTES: votes}, pl.concat([_losses(judged), library_losses]))


def _superseded(ruled: pl.DataFrame) -> pl.Series:
    """Marks not_member rows of a state that has a relabelled vote on the same roll call."""
    relabelled = ruled.filter(pl.col("rule_action") == "relabel").select(
        "rcid", "ccode", pl.lit(True).alias("_hit")
    )
    joined = ruled.select("rcid", "ccode", "choice").join(
        relabelled.unique(), on=["rcid", "ccode"], how="left", maintain_order="left"
    )
    return joined["_hit"].fill_null(False) & (joined["choice"] == NOT_MEMBER)


def _judge(ruled: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Adds why a row is lost, why it is not sovereign, and how exactly its state is known."""
    period = _with_membership(ruled, states)
    last_entry = states.group_by("ccode").agg(pl.col("valid_from").max().alias("_last_entry"))
    period = period.join(last_entry, on="ccode", how="left", validate="m:1", maintain_order="left")
    is_vote = pl.col("choice") != NOT_MEMBER
    throughout = pl.col("_at_start") & pl.col("_at_end")
    by_rule = pl.col("rule_action")
    reason = (
        pl.when(by_rule == "drop")
        .then(pl.col("rule_reason"))
        .when("_superseded")
        .then(pl.lit("superseded_by_succession"))
        .when(~is_vote & ~throughout)
        .then(pl.lit("not_in_system"))
        .when(is_vote & ~pl.col("_known"))
        .then(pl.lit("unknown_entity"))
    )
    not_sovereign = (
        pl.when(by_rule == "not_sovereign")
        .then(pl.col("rule_reason"))
        .when(is_vote & ~pl.col("_some") & (pl.col("_last") < pl.col("_last_entry")))
        .then(pl.lit(_BEFORE))
        .when(is_vote & ~pl.col("_some"))
        .then(pl.lit(_AFTER))
    )
    month_only = pl.col("vote_date").is_null() & (pl.col("_some") & ~throughout)
    by_month = month_only | ((by_rule == "relabel") & (pl.col("rule_precision") == "month"))
    return period.with_columns(
        reason.alias("reason"),
        not_sovereign.alias("sovereignty_reason"),
        pl.when(by_month)
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
        .alias("identity_precision"),
    )


def _with_membership(ruled: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Adds whether the state was in the system on some day, the first and the last of the time.

    Membership at the end of the list of states is carried forward, and flagged. A million rows
    share some ten thousand states and months, so membership is looked up once for each of those.
    """
    period = ruled.with_columns(
        pl.coalesce("vote_date", "vote_month").alias("_first"),
        pl.coalesce("vote_date", pl.col("vote_month").dt.month_end()).alias("_last"),
    )
    times = period.select("ccode", "_first", "_last").unique()
    days = {"_some": ("_first", "_last"), "_at_start": ("_first",) * 2, "_at_end": ("_last",) * 2}
    spells = counting_spells(states)
    listed = in_system(times, spells=states, first_day="_first", last_day="_last")
    times = times.with_columns(
        *(
            in_system(times, spells=spells, first_day=first, last_day=last).alias(name)
            for name, (first, last) in days.items()
        ),
        pl.col("ccode").is_in(states["ccode"].unique().implode()).alias("_known"),
    ).with_columns((pl.col("_some") & ~listed).alias("is_membership_carried_forward"))
    return period.join(
        times, on=["ccode", "_first", "_last"], how="left", validate="m:1", maintain_order="left"
    )


def _losses(judged: pl.DataFrame) -> pl.DataFrame:
    """Counts the dropped rows, each under its code in the source."""
    lost = judged.filter(pl.col("reason").is_not_null())
    parts = [
        count_losses(
            lost.filter(pl.col("source") == source).select(
                "rcid", pl.col("ccode_source").alias("ccode"), "reason"
            ),
            from_table=table,
            to_table=CORE_VOTES,
            key=["rcid", "ccode"],
        )
        for source, table in TABLES.items()
    ]
    return pl.concat(parts)


def _refuse_second_votes(kept: pl.DataFrame) -> None:
    twice = kept.filter(kept.select("rcid", "ccode").is_duplicated()).sort("rcid", "ccode")
    if not twice.is_empty():
        row = twice.row(0, named=True)
        codes = twice.filter((pl.col("rcid") == row["rcid"]) & (pl.col("ccode") == row["ccode"]))
        raise ValueError(
            f"{CORE_VOTES}: state {row['ccode']} has {codes.height} rows on roll call"
            f" {row['rcid']}, from codes {codes['ccode_source'].to_list()} ({twice.height} such"
            " rows); the staged rows are intact: correct succession.csv or state_aliases.csv"
        )


def _refuse_too_many_outside(kept: pl.DataFrame) -> None:
    outside = (
        kept.filter(pl.col("sovereignty_reason").is_in([_BEFORE, _AFTER]))
        .filter(pl.col("choice").is_in(CAST))
        .group_by("ccode")
        .len()
        .filter(pl.col("len") > MAX_VOTES_OUTSIDE_SYSTEM)
        .sort("ccode")
    )
    if not outside.is_empty():
        raise ValueError(
            f"{CORE_VOTES}: states (code, votes) {outside.rows()} have more than"
            f" {MAX_VOTES_OUTSIDE_SYSTEM} votes outside their membership in the state system;"
            " the staged rows are intact: look at their codes, then add a rule to succession.csv"
        )
