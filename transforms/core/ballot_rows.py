"""Rows of the two vote sources in one layout, before states are assigned."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class LibraryRows:
    """The UN Library's rows.

    Attributes:
        ballots: Rows of resolutions that extend the vote file, with the columns of `BALLOT`.
        matched: Rows of resolutions that the vote file has too: rcid, ccode, choice, undl_id,
            member_code.
        lost: undl_id, member_code and reason of all rows but the ballots, and `code` where it
            means no state; a matched row that fills a cell is taken out by `losses_but`.
    """

    ballots: pl.DataFrame
    matched: pl.DataFrame
    lost: pl.DataFrame

    def losses_but(self, used: pl.DataFrame) -> pl.DataFrame:
        """The losses, without the rows that were used after all.

        Args:
            used: undl_id and member_code of matched rows that filled a cell.

        Returns:
            Losses as `count_losses` gives them.
        """
        key = ["undl_id", "member_code"]
        return count_losses(
            self.lost.join(used, on=key, how="anti"),
            from_table=TABLES["undl_votes"],
            to_table=CORE_VOTES,
            key=key,
            code="code",
        )


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


def library_rows(
    votes: pl.DataFrame,
    resolutions: pl.DataFrame,
    matches: pl.DataFrame,
    aliases: pl.DataFrame,
) -> LibraryRows:
    """The Library's rows: those that extend the vote file, those that it has too, and the losses.

    Args:
        votes: `staging.stg_undl_votes__votes`.
        resolutions: `staging.stg_undl_votes__resolutions` (undl_id, vote_date).
        matches: `core.vote_source_matches`.
        aliases: Reference; its scheme `un_library` is used.

    Returns:
        The three. Losses are votes under a code that means no state on that day, of any
        resolution; of the others those that the vote file has too, and votes of unmatched
        resolutions by their reason.
    """
    fate = matches.select(
        "undl_id",
        "rcid",
        # an emergency special session belongs to no regular one
        pl.when(pl.col("emergency_session").is_null()).then("session").alias("session"),
        "extends_un_votes",
        "is_matched",
        pl.coalesce("unmatched_reason", pl.lit("also_in_un_votes")).alias("_fate"),
    )
    rows = votes.join(fate, on="undl_id", how="left", validate="m:1").join(
        resolutions.select("undl_id", "vote_date"), on="undl_id", how="left", validate="m:1"
    )
    # every code is looked up, also those of votes that the vote file has: none stays unknown
    resolved = resolve(
        rows, code="member_code", scheme="un_library", on="vote_date", aliases=aliases
    )
    choice = pl.col("vote_letter").replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
    extends = pl.col("extends_un_votes").fill_null(False)
    known = resolved.rows.with_columns(
        choice.alias("choice"),
        pl.col("ccode").alias("ccode_source"),
        pl.col("vote_date").dt.month_start().alias("vote_month"),
        pl.lit("undl_votes").alias("source"),
    )
    elsewhere = known.filter(~extends).select(
        "undl_id",
        "member_code",
        pl.col("_fate").fill_null("no_match_row").alias("reason"),
        pl.lit(None, pl.String).alias("code"),
    )
    unknown = resolved.unmatched.select(
        "undl_id", "member_code", "reason", pl.col("member_code").alias("code")
    )
    return LibraryRows(
        ballots=known.filter(extends).select(list(BALLOT)),
        matched=known.filter(pl.col("is_matched").fill_null(False)).select(
            "rcid", "ccode", "choice", "undl_id", "member_code"
        ),
        lost=pl.concat([elsewhere, unknown]),
    )
