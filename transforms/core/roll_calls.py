"""`core.roll_calls`: roll calls with vote sets, importance and counted totals.

Vote sets follow Bailey, Strezhnev and Voeten (2017): since 1990 the vote file also lists votes
on paragraphs and amendments, which would count one resolution several times.
"""

import polars as pl

from transforms.core.choices import CAST
from transforms.step_result import StepResult, count_losses

STAGED_RESOLUTIONS = "staging.stg_undl_votes__resolutions"
CORE_ROLL_CALLS = "core.roll_calls"

PARTS_LISTED_FROM = 1990
"""From this year on paragraph and amendment votes leave `final_only`."""
IMPORTANCE_SESSIONS = (38, 72)
"""Sessions in which the vote file flags votes that the US State Department calls important."""
SUSPECT_IMPORTANCE_SESSION = 50
"""It has 28 flagged votes where other sessions have 6 to 17."""
ASSUMED_IMPORTANCE_SESSIONS = (52, 72)
"""Sessions in which paragraph and amendment votes have NA; the State Department lists none."""

_TOPICS = (
    "is_middle_east",
    "is_nuclear",
    "is_disarmament",
    "is_human_rights",
    "is_colonialism",
    "is_economic",
)
_PUBLISHED_TOTALS = tuple(f"n_{choice}_published" for choice in CAST)


def build_roll_calls(
    *,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    vote_source_matches: pl.DataFrame,
    votes: pl.DataFrame,
) -> StepResult:
    """Builds `core.roll_calls` from the vote file and, after its end, the UN Library.

    Args:
        stg_un_votes__roll_calls: The vote file's roll calls.
        stg_undl_votes__resolutions: The Library's resolutions.
        vote_source_matches: `core.vote_source_matches`; resolutions with `extends_un_votes`
            become roll calls.
        votes: `core.votes`, for the counted totals.

    Returns:
        `core.roll_calls`, one row per roll call. Totals and unanimity count every state that
        voted, sovereign or not, as the Assembly's own totals do. Losses: resolutions that
        the vote file has too (`also_in_un_votes`) or that could not be matched, by reason.
    """
    library, losses = _library_roll_calls(stg_undl_votes__resolutions, vote_source_matches)
    file = stg_un_votes__roll_calls.with_columns(
        source=pl.lit("un_votes"), importance_basis=_importance_basis()
    )
    both = pl.concat([file, library], how="diagonal_relaxed").join(
        _count(votes), on="rcid", how="left", validate="1:1"
    )
    is_part = pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False))
    year = pl.col("vote_month").dt.year().cast(pl.Int16)
    totals = [f"n_{choice}" for choice in CAST]
    roll_calls = both.with_columns(pl.col(totals).fill_null(0)).select(
        "rcid",
        "session",
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
        (~((year >= PARTS_LISTED_FROM) & is_part)).alias("in_final_only"),
        (~is_part).alias("in_final_strict"),
        *totals,
        *_PUBLISHED_TOTALS,
        (pl.sum_horizontal(pl.col(totals) > 0) == 1).alias("is_unanimous"),
        *_TOPICS,
        "source",
    )
    return StepResult({CORE_ROLL_CALLS: roll_calls.sort("rcid")}, losses)


def _library_roll_calls(
    resolutions: pl.DataFrame, matches: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The Library's resolutions that extend the vote file, and the losses."""
    fate = matches.select("undl_id", "rcid", "session", "extends_un_votes", "unmatched_reason")
    rows = resolutions.drop("session").join(fate, on="undl_id", how="left", validate="1:1")
    reason = pl.coalesce("unmatched_reason", pl.lit("also_in_un_votes"))
    losses = count_losses(
        rows.filter(~pl.col("extends_un_votes")).select("undl_id", reason.alias("reason")),
        from_table=STAGED_RESOLUTIONS,
        to_table=CORE_ROLL_CALLS,
        key=["undl_id"],
    )
    library = rows.filter("extends_un_votes").select(
        "rcid",
        "session",
        "vote_date",
        pl.col("vote_date").dt.month_start().alias("vote_month"),
        pl.lit("day").alias("date_precision"),
        "resolution",
        pl.col("title").alias("description"),
        # the Library records adopted resolutions, so each is a final vote
        pl.lit(False).alias("is_amendment"),
        pl.lit(False).alias("is_paragraph"),
        pl.lit("out_of_coverage").alias("importance_basis"),
        *_PUBLISHED_TOTALS,
        pl.lit("undl_votes").alias("source"),
    )
    return library, losses


def _importance_basis() -> pl.Expr:
    """The basis of `is_important` for a roll call of the vote file."""
    session, flag = pl.col("session"), pl.col("is_important_published")
    is_part = pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False))
    return (
        pl.when(~session.is_between(*IMPORTANCE_SESSIONS))
        .then(pl.lit("out_of_coverage"))
        .when(flag.is_null() & is_part & session.is_between(*ASSUMED_IMPORTANCE_SESSIONS))
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
