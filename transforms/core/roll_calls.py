"""`core.roll_calls`: roll calls with ballots, vote sets, importance and counted totals.

Vote sets follow Bailey, Strezhnev and Voeten (2017): since 1990 the vote file also lists votes
on paragraphs and amendments, which would count one resolution several times. It also lists some
ballots under several numbers; every vote set counts ballots, so that no measure counts one twice.
"""

from collections.abc import Mapping

import polars as pl

from transforms.core.ballots import assign_ballots
from transforms.core.choices import CAST
from transforms.core.listed_roll_calls import PUBLISHED_TOTALS, listed_roll_calls
from transforms.coverage import Coverage
from transforms.step_result import StepResult

CORE_ROLL_CALLS = "core.roll_calls"

PARTS_LISTED_FROM = 1990
"""From this year on paragraph and amendment votes leave `final_only`."""
IMPORTANCE = "is_important_published"
"""Flags votes that the US State Department calls important, in the sessions that are declared."""
SUSPECT_IMPORTANCE_SESSION = 50
"""It lists 28 flagged votes where other sessions have 6 to 17. As ballots they are 17, since twelve
are sections of one resolution; no report has been seen that names the vote on them important."""
ASSUMED_IMPORTANCE_FROM = 52
"""From this session on paragraph and amendment votes have NA; the State Department lists none."""

_TOPICS = (
    "is_middle_east",
    "is_nuclear",
    "is_disarmament",
    "is_human_rights",
    "is_colonialism",
    "is_economic",
)


def build_roll_calls(
    *,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    vote_source_matches: pl.DataFrame,
    votes: pl.DataFrame,
    ballot_pairs: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Builds `core.roll_calls` from the vote file and, where it has none, the UN Library.

    Args:
        stg_un_votes__roll_calls: The vote file's roll calls.
        stg_undl_votes__resolutions: The Library's resolutions.
        vote_source_matches: `core.vote_source_matches`; resolutions with `extends_un_votes`
            become roll calls.
        votes: `core.votes`, for the counted totals.
        ballot_pairs: `core.ballot_pairs`: which roll calls are one ballot.
        coverage: Of `un_votes`: sessions in which important votes are flagged.

    Returns:
        `core.roll_calls`, one row per roll call as listed; `duplicate_of` says which repeat the
        ballot of another, and no vote set but `final_only_as_listed` has these. Totals and
        unanimity count every state that voted, sovereign or not, as the Assembly's own totals
        do. Losses: resolutions that the vote file has too (`also_in_un_votes`) or that could not
        be matched, by reason.

    Raises:
        ValueError: The pairs of ballots contradict each other.
    """
    listed, losses = listed_roll_calls(
        stg_un_votes__roll_calls,
        stg_undl_votes__resolutions,
        vote_source_matches,
        to_table=CORE_ROLL_CALLS,
    )
    both = (
        listed.with_columns(
            importance_basis=_importance_basis(*_importance_sessions(listed, coverage))
        )
        .join(_count(votes), on="rcid", how="left", validate="1:1")
        .join(assign_ballots(listed, ballot_pairs), on="rcid", how="left", validate="1:1")
    )
    is_part, is_ballot = pl.col("is_part"), pl.col("duplicate_of").is_null()
    year = pl.col("vote_month").dt.year().cast(pl.Int16)
    final_only = ~((year >= PARTS_LISTED_FROM) & is_part)
    totals = [f"n_{choice}" for choice in CAST]
    roll_calls = both.with_columns(pl.col(totals).fill_null(0)).select(
        "rcid",
        "session",
        "emergency_session",
        "ballot_id",
        "duplicate_of",
        "duplicate_evidence",
        "vote_date",
        "vote_month",
        "date_precision",
        year.alias("year"),
        "resolution",
        "short_title",
        "description",
        _is_important().alias("is_important"),
        "importance_basis",
        "is_amendment",
        "is_paragraph",
        (final_only & is_ballot).alias("in_final_only"),
        (~is_part & is_ballot).alias("in_final_strict"),
        is_ballot.alias("in_all_recorded"),
        final_only.alias("in_final_only_as_listed"),
        *totals,
        *PUBLISHED_TOTALS,
        (pl.sum_horizontal(pl.col(totals) > 0) == 1).alias("is_unanimous"),
        *_TOPICS,
        "source",
    )
    return StepResult({CORE_ROLL_CALLS: roll_calls.sort("rcid")}, losses)


def _importance_sessions(listed: pl.DataFrame, coverage: Mapping[str, Coverage]) -> tuple[int, int]:
    """First and last session in which the vote file flags important votes.

    The last is the declared one, or a later one in which the file has a flag.
    """
    first, last = coverage["un_votes"].columns[IMPORTANCE]
    flagged = listed.filter(pl.col(IMPORTANCE).is_not_null())["session"].max()
    return first, max(last, int(str(flagged or 0)))


def _importance_basis(first: int, last: int) -> pl.Expr:
    """The basis of `is_important`; only the vote file flags it, in these sessions."""
    session, flag = pl.col("session"), pl.col(IMPORTANCE)
    is_part, of_file = pl.col("is_part"), pl.col("source") == "un_votes"
    return (
        pl.when(~(of_file & session.is_between(first, last)).fill_null(False))
        .then(pl.lit("out_of_coverage"))
        .when(flag.is_null() & is_part & (session >= ASSUMED_IMPORTANCE_FROM))
        .then(pl.lit("assumed"))
        .when(flag.is_null())
        .then(pl.lit("not_coded"))
        .when(session == SUSPECT_IMPORTANCE_SESSION)
        .then(pl.lit("coded_suspect"))
        .otherwise(pl.lit("coded"))
    )


def _is_important() -> pl.Expr:
    """The flag where it was coded, FALSE where that is assumed, else NULL."""
    basis = pl.col("importance_basis")
    return (
        pl.when(basis.is_in(["coded", "coded_suspect"]))
        .then(pl.col("is_important_published"))
        .when(basis == "assumed")
        .then(pl.lit(False))
    )


def _count(votes: pl.DataFrame) -> pl.DataFrame:
    """Counted totals by roll call."""
    return votes.group_by("rcid").agg(
        (pl.col("choice") == choice).sum().cast(pl.Int16).alias(f"n_{choice}") for choice in CAST
    )
