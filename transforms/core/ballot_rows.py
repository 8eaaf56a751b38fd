"""Rows of the two vote sources in one layout, before states are assigned."""

import polars as pl

from transforms.core.choices import CHOICE_OF_CODE, CHOICE_OF_LETTER
from transforms.identity import resolve
from transforms.step_result import count_losses

CORE_VOTES = "core.votes"
TABLES = {
    "un_votes": "staging.stg_un_votes__votes",
    "undl_votes": "staging.stg_undl_votes__votes",
}
"""Source of a ballot to the table that its row comes from."""
BALLOT = ("rcid", "ccode_source", "session", "choice", "vote_month", "vote_date", "source")


def file_ballots(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> pl.DataFrame:
    """The vote file's rows with the time of the vote.

    Args:
        votes: `staging.stg_un_votes__votes`.
        roll_calls: `staging.stg_un_votes__roll_calls` (rcid, vote_month, vote_date).

    Returns:
        As many rows, with the columns of `BALLOT`.

    Raises:
        ValueError: A vote belongs to no roll call; names it.
    """
    dated = votes.join(
        roll_calls.select("rcid", "vote_month", "vote_date"),
        on="rcid",
        how="left",
        validate="m:1",
        maintain_order="left",
    ).with_columns(
        pl.col("vote_code").replace_strict(CHOICE_OF_CODE, return_dtype=pl.String).alias("choice"),
        pl.lit("un_votes").alias("source"),
    )
    if dated["vote_month"].null_count():
        rcid = dated.filter(pl.col("vote_month").is_null())["rcid"][0]
        raise ValueError(f"{TABLES['un_votes']}: rcid {rcid} is in no row of its roll calls")
    return dated.select(list(BALLOT))


def library_ballots(
    votes: pl.DataFrame,
    resolutions: pl.DataFrame,
    matches: pl.DataFrame,
    aliases: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The Library's rows that extend the vote file, and the losses.

    Args:
        votes: `staging.stg_undl_votes__votes`.
        resolutions: `staging.stg_undl_votes__resolutions` (undl_id, vote_date).
        matches: `core.vote_source_matches`.
        aliases: Reference; its scheme `un_library` is used.

    Returns:
        The rows of resolutions that extend the vote file, with the columns of `BALLOT`, and the
        losses: votes that the vote file has too, votes of unmatched resolutions by their reason,
        and votes under a code that means no state on that day.
    """
    fate = matches.select(
        "undl_id",
        "rcid",
        # an emergency special session belongs to no regular one
        pl.when(pl.col("emergency_session").is_null()).then("session").alias("session"),
        "extends_un_votes",
        pl.coalesce("unmatched_reason", pl.lit("also_in_un_votes")).alias("_fate"),
    )
    rows = votes.join(fate, on="undl_id", how="left", validate="m:1").join(
        resolutions.select("undl_id", "vote_date"), on="undl_id", how="left", validate="m:1"
    )
    resolved = resolve(
        rows.filter("extends_un_votes"),
        code="member_code",
        scheme="un_library",
        on="vote_date",
        aliases=aliases,
    )
    ballots = resolved.rows.select(
        "rcid",
        pl.col("ccode").alias("ccode_source"),
        "session",
        pl.col("vote_letter")
        .replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
        .alias("choice"),
        pl.col("vote_date").dt.month_start().alias("vote_month"),
        "vote_date",
        pl.lit("undl_votes").alias("source"),
    )
    lost = pl.concat(
        [
            rows.filter(~pl.col("extends_un_votes")).select(
                "undl_id", "member_code", pl.col("_fate").alias("reason")
            ),
            resolved.unmatched.select("undl_id", "member_code", "reason"),
        ]
    )
    account = count_losses(
        lost, from_table=TABLES["undl_votes"], to_table=CORE_VOTES, key=["undl_id", "member_code"]
    )
    return ballots.select(list(BALLOT)), account
