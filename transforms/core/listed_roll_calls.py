"""Roll calls of both vote sources in one layout, before their votes are counted."""

import polars as pl

from transforms.core.choices import CAST
from transforms.core.resolution_keys import emergency_session, names_a_page, resolution_key
from transforms.step_result import count_losses

STAGED_RESOLUTIONS = "staging.stg_undl_votes__resolutions"
PUBLISHED_TOTALS = tuple(f"n_{choice}_published" for choice in CAST)


def listed_roll_calls(
    file: pl.DataFrame, resolutions: pl.DataFrame, matches: pl.DataFrame, *, to_table: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lists the vote file's roll calls and what the UN Library adds to them.

    Args:
        file: `staging.stg_un_votes__roll_calls`.
        resolutions: `staging.stg_undl_votes__resolutions`.
        matches: `core.vote_source_matches`; resolutions with `extends_un_votes` are added.
        to_table: Full name of the table that the losses are reported for.

    Returns:
        The columns of the vote file with `source`, `resolution_key`, `emergency_session`,
        `is_part` (flagged as paragraph or amendment) and `is_page` (the symbol is a page of the
        record, not a resolution), one row per roll call; and the losses: resolutions that the
        file has too (`also_in_un_votes`), and others by their reason. `session` is NULL for what
        the Library adds from an emergency special session: it belongs to no regular one.
    """
    added, losses = _library_roll_calls(resolutions, matches, to_table)
    both = pl.concat(
        [file.with_columns(source=pl.lit("un_votes")), added], how="diagonal_relaxed"
    ).with_columns(resolution_key(pl.col("resolution")).alias("resolution_key"))
    of_file = pl.col("source") == "un_votes"
    return both.with_columns(
        pl.coalesce("emergency_session", emergency_session(pl.col("resolution_key"))),
        pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False)).alias("is_part"),
        (of_file & names_a_page(pl.col("session"), pl.col("resolution")))
        .fill_null(False)
        .alias("is_page"),
    ), losses


def _library_roll_calls(
    resolutions: pl.DataFrame, matches: pl.DataFrame, to_table: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The Library's resolutions that extend the vote file, and the losses."""
    fate = matches.select(
        "undl_id", "rcid", "session", "emergency_session", "extends_un_votes", "unmatched_reason"
    )
    rows = resolutions.drop("session").join(fate, on="undl_id", how="left", validate="1:1")
    reason = (
        pl.when(pl.col("extends_un_votes").is_null())
        .then(pl.lit("no_match_row"))
        .otherwise(pl.coalesce("unmatched_reason", pl.lit("also_in_un_votes")))
    )
    extends = pl.col("extends_un_votes").fill_null(False)
    losses = count_losses(
        rows.filter(~extends).select("undl_id", reason.alias("reason")),
        from_table=STAGED_RESOLUTIONS,
        to_table=to_table,
        key=["undl_id"],
    )
    library = rows.filter(extends).select(
        "rcid",
        pl.when(pl.col("emergency_session").is_null()).then("session").alias("session"),
        "emergency_session",
        "vote_date",
        pl.col("vote_date").dt.month_start().alias("vote_month"),
        pl.lit("day").alias("date_precision"),
        "resolution",
        pl.col("title").alias("description"),
        # the Library records adopted resolutions, so each is a final vote
        pl.lit(False).alias("is_amendment"),
        pl.lit(False).alias("is_paragraph"),
        *PUBLISHED_TOTALS,
        pl.lit("undl_votes").alias("source"),
    )
    return library, losses
