"""What became of each resolution of the UN Library: a row of `core.vote_source_matches`."""

import polars as pl

from transforms.core.symbol_crosswalk import may_be_lacking

RCID_OFFSET = 10_000_000
"""A roll call that only the Library has gets this plus its undl_id."""


def account_for(library: pl.DataFrame, file: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """One row per resolution: its roll call, or why it has none.

    Args:
        library: Every resolution: undl_id, session, emergency_session, resolution, resolution_key,
            _sitting, vote_date, repeats_undl_id and totals.
        file: Every roll call: rcid, session, resolution, resolution_key, _sitting, `_day`, flags
            and totals.
        chosen: The matched pairs, and in `_keeps_roll_call` whether the resolution keeps its own.

    Returns:
        The rows of `core.vote_source_matches`.
    """
    last_session = file["session"].max()
    last_day = file.filter(pl.col("session") == last_session)["_day"].max()
    newer = (pl.col("session") > last_session) | (
        (pl.col("session") == last_session) & (pl.col("vote_date") > last_day)
    )
    of_file = file.select(
        "rcid",
        pl.col("session").alias("_session_un_votes"),
        pl.col("resolution").alias("resolution_un_votes"),
    )
    rows = (
        library.join(may_be_lacking(library, file), on="undl_id", how="left", validate="1:1")
        .join(chosen, on="undl_id", how="left", validate="1:1")
        .join(of_file, on="rcid", how="left", validate="m:1")
    )
    reason = (
        pl.when(pl.col("repeats_undl_id").is_not_null())
        .then(pl.lit("record_repeated"))
        .when(pl.col("_keeps_roll_call").fill_null(False))
        .then(None)
        .when(newer.fill_null(True))
        .then(pl.lit("newer_than_un_votes"))
        .when(pl.col("resolution_key").is_null())
        .then(pl.lit("no_resolution"))
        .when("_is_lacking")
        .then(pl.lit("lacking_in_un_votes"))
        .when("_only_flagged")
        .then(pl.lit("only_flagged_votes"))
        .when(~pl.col("_has_symbol"))
        .then(pl.lit("resolution_not_in_un_votes"))
        .when(pl.col("rcid").is_not_null())
        .then(pl.lit("roll_call_taken"))
        .otherwise(pl.lit("totals_differ"))
    )
    extends = pl.col("unmatched_reason").is_in(["newer_than_un_votes", "lacking_in_un_votes"])
    rows = rows.with_columns(reason.alias("unmatched_reason")).with_columns(
        pl.col("unmatched_reason").is_null().alias("is_matched"),
        extends.fill_null(False).alias("_extends"),
    )
    matched = pl.col("is_matched")
    return rows.select(
        "undl_id",
        pl.when(matched).then("_session_un_votes").otherwise("session").alias("session"),
        "emergency_session",
        "resolution",
        "resolution_key",
        pl.when(matched).then("resolution_un_votes").alias("resolution_un_votes"),
        pl.when("_extends")
        .then(pl.col("undl_id") + RCID_OFFSET)
        .when(matched)
        .then(pl.col("rcid"))
        .alias("rcid"),
        "is_matched",
        pl.col("_extends").alias("extends_un_votes"),
        "repeats_undl_id",
        pl.col("n_candidates").fill_null(0),
        pl.when(matched).then(pl.col("match_rule")).alias("match_rule"),
        pl.when(matched).then(pl.col("totals_matched")).alias("totals_matched"),
        "unmatched_reason",
        pl.when(matched).then(pl.col("n_votes_compared")).otherwise(0).alias("n_votes_compared"),
        pl.when(matched).then(pl.col("n_votes_equal")).otherwise(0).alias("n_votes_equal"),
    ).sort("undl_id")
