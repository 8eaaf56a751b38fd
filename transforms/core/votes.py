"""`core.votes`: votes under the COW code of the state that cast them.

A row of the vote file is kept; kept under its successor's code; kept as the vote of a UN member
that was no sovereign state; dropped by a rule of succession; or dropped because it only says that
an entity outside the state system was no UN member. Every dropped row is counted.

Who was a member is read from the dated list `core.un_members`, not from codes: a member without a
usable row gets a cell of its own (`no_row`), filled from the UN Library where it has the vote.
Rows in + cells added = rows out + losses.
"""

import polars as pl

from transforms.core.ballot_rows import CORE_VOTES, TABLES, file_ballots, library_rows
from transforms.core.choices import NOT_MEMBER
from transforms.core.succession import apply_rules, read_rules
from transforms.core.un_membership import add_membership, choice_by_calendar
from transforms.core.vote_cells import fill, missing_cells
from transforms.core.vote_contradictions import TOTALS, VOTE_CONTRADICTIONS, vote_contradictions
from transforms.core.vote_judgement import (
    dated,
    judge,
    refuse_second_votes,
    refuse_too_many,
    with_state_system,
)
from transforms.step_result import StepResult, count_losses


def build_votes(
    *,
    stg_un_votes__votes: pl.DataFrame,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__votes: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    vote_source_matches: pl.DataFrame,
    members: pl.DataFrame,
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
        stg_un_votes__roll_calls: Its roll calls (month and day of the vote, published totals).
        stg_undl_votes__votes: The Library's votes.
        stg_undl_votes__resolutions: The Library's resolutions (day of the vote, totals).
        vote_source_matches: `core.vote_source_matches`; resolutions with `extends_un_votes`
            become roll calls of their own, the others' votes fill cells that the vote file
            lacks, or are lost with a reason.
        members: `core.un_members`.
        states: `core.states`.
        state_aliases: Reference; its scheme `un_library` is used.
        succession: Reference; rules of succession.

    Returns:
        `core.votes`, one row per roll call and state, and `core.vote_contradictions`. Losses by
        reason: `not_in_system` (not_member rows outside the state system),
        `superseded_by_succession` (a not_member row of the successor, replaced by the vote under
        the old code), the reasons of dropping rules, `unknown_entity` (a vote under a code that
        no state ever had); for the Library `also_in_un_votes`, the reasons of unmatched
        resolutions, and those of unresolved codes.

    Raises:
        ValueError: A vote belongs to no roll call, a state has two votes on one roll call, more
            than `MAX_VOTES_OUTSIDE_SYSTEM` votes outside the state system, or more than
            `MAX_VOTES_OUTSIDE_MEMBERSHIP` while it was no UN member.
    """
    library = library_rows(
        stg_undl_votes__votes, stg_undl_votes__resolutions, vote_source_matches, state_aliases
    )
    ballots = pl.concat(
        [file_ballots(stg_un_votes__votes, stg_un_votes__roll_calls), library.ballots]
    )
    ruled = apply_rules(ballots, read_rules(succession))
    ruled = ruled.with_columns(_superseded(ruled).alias("_superseded"))
    cells = _by_calendar(ruled, members, states, succession)
    judged = judge(fill(cells, library.matched))
    kept = judged.filter(pl.col("reason").is_null())
    refuse_second_votes(kept)
    refuse_too_many(judged)
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
        "filled_from",
    ).sort("rcid", "ccode")
    contradictions = vote_contradictions(
        judged.filter(~pl.col("_superseded")),
        _published_totals(
            stg_un_votes__roll_calls, stg_undl_votes__resolutions, vote_source_matches
        ),
    )
    used = kept.filter(pl.col("filled_from").is_not_null()).select("undl_id", "member_code")
    return StepResult(
        {CORE_VOTES: votes, VOTE_CONTRADICTIONS: contradictions},
        pl.concat([_losses(judged), library.losses_but(used)]),
    )


def _superseded(ruled: pl.DataFrame) -> pl.Series:
    """Marks not_member rows of a state that has a relabelled vote on the same roll call."""
    relabelled = ruled.filter(pl.col("rule_action") == "relabel").select(
        "rcid", "ccode", pl.lit(True).alias("_hit")
    )
    joined = ruled.select("rcid", "ccode", "choice").join(
        relabelled.unique(), on=["rcid", "ccode"], how="left", maintain_order="left"
    )
    return joined["_hit"].fill_null(False) & (joined["choice"] == NOT_MEMBER)


def _by_calendar(
    ruled: pl.DataFrame, members: pl.DataFrame, states: pl.DataFrame, succession: pl.DataFrame
) -> pl.DataFrame:
    """All rows and the cells that the sources lack, with the choice that the calendar allows.

    A code that no state ever had, and a row that a relabelled vote replaces, are judged by no
    calendar: they go to the losses as they are.
    """
    timed = with_state_system(dated(ruled), states)
    known = add_membership(timed, members).with_columns(
        pl.col("choice").alias("published"),
        pl.when(pl.col("_known") & ~pl.col("_superseded"))
        .then(choice_by_calendar(pl.col("choice"), pl.col("membership")))
        .otherwise("choice")
        .alias("by_calendar"),
    )
    absent_cells = missing_cells(known, members).with_columns(pl.col("ccode").alias("ccode_source"))
    added = apply_rules(absent_cells.drop("ccode"), read_rules(succession)).with_columns(
        pl.lit(None, pl.String).alias("published"),
        pl.col("choice").alias("by_calendar"),
        pl.lit(None, pl.Int16).alias("ccode_source"),
        pl.lit(False).alias("_superseded"),
    )
    both = [known, with_state_system(added, states).select(known.columns)]
    return pl.concat(both).with_columns(pl.col("by_calendar").alias("choice"))


def _published_totals(
    roll_calls: pl.DataFrame, resolutions: pl.DataFrame, matches: pl.DataFrame
) -> pl.DataFrame:
    """The totals that a source gives for a roll call."""
    columns = ["rcid", *TOTALS.values()]
    extending = matches.filter("extends_un_votes").select("undl_id", "rcid")
    library = extending.join(resolutions, on="undl_id", how="inner", validate="1:1")
    return pl.concat([roll_calls.select(columns), library.select(columns)])


def _losses(judged: pl.DataFrame) -> pl.DataFrame:
    """Counts the dropped rows, each under its code in the source."""
    lost = judged.filter(pl.col("reason").is_not_null() & pl.col("published").is_not_null())
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
