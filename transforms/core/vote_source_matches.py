"""`core.vote_source_matches`: UN Library resolutions matched to roll calls of the vote file.

The two publishers share no key. A resolution number is not enough: paragraphs and amendments
are voted on under the number of their resolution, so the counted totals must agree as well.
"""

import polars as pl

from transforms.core.choices import CAST, CHOICE_OF_CODE, CHOICE_OF_LETTER
from transforms.core.resolution_keys import emergency_session, resolution_key
from transforms.core.succession import apply_rules, read_rules
from transforms.identity import resolve
from transforms.step_result import StepResult

RCID_OFFSET = 10_000_000
"""A roll call that only the Library has gets this plus its undl_id."""

_TOTALS = tuple(f"_n_{choice}" for choice in CAST)


def build_vote_sources(
    *,
    stg_un_votes__votes: pl.DataFrame,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__votes: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    state_aliases: pl.DataFrame,
    succession: pl.DataFrame,
) -> StepResult:
    """Matches the Library's resolutions to the vote file's roll calls.

    A candidate has the same session and resolution, is flagged neither as paragraph nor as
    amendment, and has the same numbers of yes, abstain and no, counted in the rows of either
    source. Of several the one with most equal votes is taken. What is not matched and later
    than the vote file's last roll call extends it.

    Args:
        stg_un_votes__votes: The vote file's votes.
        stg_un_votes__roll_calls: Its roll calls.
        stg_undl_votes__votes: The Library's votes.
        stg_undl_votes__resolutions: The Library's resolutions.
        state_aliases: Reference; its scheme `un_library` is used.
        succession: Reference; so that both sources' votes are compared under one code.

    Returns:
        `core.vote_source_matches`, one row per resolution of the Library; no losses.
    """
    library = _library(stg_undl_votes__votes, stg_undl_votes__resolutions)
    file = _vote_file(stg_un_votes__votes, stg_un_votes__roll_calls)
    pairs = library.join(file, on=["session", "resolution_key"], how="inner", suffix="_file")
    same_totals = pl.all_horizontal(pl.col(c) == pl.col(f"{c}_file") for c in _TOTALS)
    candidates = pairs.filter(~pl.col("_is_flagged") & same_totals).select("undl_id", "rcid")
    compared = _compare(
        candidates,
        _file_choices(stg_un_votes__votes, stg_un_votes__roll_calls, candidates, succession),
        _library_choices(
            stg_undl_votes__votes, stg_undl_votes__resolutions, candidates, state_aliases
        ),
    )
    chosen = _choose(compared)
    return StepResult({"core.vote_source_matches": _account(library, file, pairs, chosen)})


def session_of(date: pl.Expr) -> pl.Expr:
    """The regular session in whose year a day falls; sessions open in mid-September.

    Emergency special sessions have numbers of their own; the vote file files their resolutions
    under the regular session of the time.
    """
    opened = (date.dt.month() > 9) | ((date.dt.month() == 9) & (date.dt.day() >= 15))
    return (date.dt.year() - 1946 + opened.cast(pl.Int32)).cast(pl.Int16)


def _library(votes: pl.DataFrame, resolutions: pl.DataFrame) -> pl.DataFrame:
    """One row per resolution: session, key, day and counted totals."""
    choice = pl.col("vote_letter").replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
    counted = _count(votes.select("undl_id", choice.alias("choice")), "undl_id")
    return resolutions.select(
        "undl_id",
        pl.coalesce("session", session_of(pl.col("vote_date"))).alias("session"),
        "resolution",
        resolution_key(pl.col("resolution")).alias("resolution_key"),
        emergency_session(resolution_key(pl.col("resolution"))).alias("emergency_session"),
        "vote_date",
    ).join(counted, on="undl_id", how="left", validate="1:1")


def _vote_file(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> pl.DataFrame:
    """One row per roll call: session, key, last possible day, flags and counted totals."""
    choice = pl.col("vote_code").replace_strict(CHOICE_OF_CODE, return_dtype=pl.String)
    counted = _count(votes.select("rcid", choice.alias("choice")), "rcid")
    flags = pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False))
    return roll_calls.select(
        "rcid",
        "session",
        resolution_key(pl.col("resolution")).alias("resolution_key"),
        flags.alias("_is_flagged"),
        pl.coalesce("vote_date", pl.col("vote_month").dt.month_end()).alias("_day"),
    ).join(counted, on="rcid", how="left", validate="1:1")


def _count(votes: pl.DataFrame, key: str) -> pl.DataFrame:
    """Counted totals of yes, abstain and no."""
    return votes.group_by(key).agg(
        (pl.col("choice") == choice).sum().alias(name)
        for choice, name in zip(CAST, _TOTALS, strict=True)
    )


def _file_choices(
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    candidates: pl.DataFrame,
    succession: pl.DataFrame,
) -> pl.DataFrame:
    """Votes of the candidate roll calls under the code of the state that cast them."""
    rows = votes.join(candidates.select("rcid").unique(), on="rcid", how="semi").join(
        roll_calls.select("rcid", "vote_month"), on="rcid", how="left", validate="m:1"
    )
    choice = pl.col("vote_code").replace_strict(CHOICE_OF_CODE, return_dtype=pl.String)
    ruled = apply_rules(rows.with_columns(choice.alias("choice")), read_rules(succession))
    return ruled.filter(pl.col("choice").is_in(CAST)).select("rcid", "ccode", "choice")


def _library_choices(
    votes: pl.DataFrame, resolutions: pl.DataFrame, candidates: pl.DataFrame, aliases: pl.DataFrame
) -> pl.DataFrame:
    """Votes of the resolutions that have a candidate; codes that mean no state are left out."""
    rows = votes.join(candidates.select("undl_id").unique(), on="undl_id", how="semi").join(
        resolutions.select("undl_id", "vote_date"), on="undl_id", how="left", validate="m:1"
    )
    resolved = resolve(
        rows, code="member_code", scheme="un_library", on="vote_date", aliases=aliases
    ).rows
    choice = pl.col("vote_letter").replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
    return resolved.select("undl_id", "ccode", choice.alias("choice")).filter(
        pl.col("choice").is_in(CAST)
    )


def _compare(
    candidates: pl.DataFrame, file_choices: pl.DataFrame, library_choices: pl.DataFrame
) -> pl.DataFrame:
    """Adds to each candidate pair how many votes both sources have, and how many are equal."""
    both = (
        candidates.join(library_choices, on="undl_id", how="inner")
        .join(file_choices, on=["rcid", "ccode"], how="inner", suffix="_file", validate="m:1")
        .group_by("undl_id", "rcid")
        .agg(
            pl.len().cast(pl.Int32).alias("n_votes_compared"),
            (pl.col("choice") == pl.col("choice_file")).sum().cast(pl.Int32).alias("n_votes_equal"),
        )
    )
    return candidates.join(both, on=["undl_id", "rcid"], how="left", validate="1:1").with_columns(
        pl.col("n_votes_compared", "n_votes_equal").fill_null(0)
    )


def _choose(compared: pl.DataFrame) -> pl.DataFrame:
    """One roll call per resolution and one resolution per roll call, or none."""
    best = pl.col("n_votes_equal") == pl.col("n_votes_equal").max().over("undl_id")
    ranked = compared.with_columns(
        pl.len().over("undl_id").cast(pl.Int16).alias("n_candidates"),
        best.sum().over("undl_id").alias("_n_best"),
    ).sort("undl_id", "n_votes_equal", "rcid", descending=[False, True, False])
    first = ranked.unique("undl_id", keep="first", maintain_order=True)
    rule = (
        pl.when(pl.col("n_candidates") == 1)
        .then(pl.lit("only_candidate"))
        .when(pl.col("_n_best") == 1)
        .then(pl.lit("most_equal_votes"))
        .otherwise(pl.lit("most_equal_votes_tied"))
    )
    by_fit = first.sort("rcid", "n_votes_equal", "undl_id", descending=[False, True, False])
    return by_fit.with_columns(
        rule.alias("match_rule"), pl.col("rcid").is_first_distinct().alias("_keeps_roll_call")
    ).drop("_n_best")


def _account(
    library: pl.DataFrame, file: pl.DataFrame, pairs: pl.DataFrame, chosen: pl.DataFrame
) -> pl.DataFrame:
    """One row per resolution: its roll call, or why it has none."""
    last_session = file["session"].max()
    last_day = file.filter(pl.col("session") == last_session)["_day"].max()
    newer = (pl.col("session") > last_session) | (
        (pl.col("session") == last_session) & (pl.col("vote_date") > last_day)
    )
    found = pairs.group_by("undl_id").agg(pl.col("_is_flagged").all().alias("_only_flagged"))
    rows = library.join(found, on="undl_id", how="left", validate="1:1").join(
        chosen, on="undl_id", how="left", validate="1:1"
    )
    reason = (
        pl.when(pl.col("_keeps_roll_call").fill_null(False))
        .then(None)
        .when(newer.fill_null(True))
        .then(pl.lit("newer_than_un_votes"))
        .when(pl.col("resolution_key").is_null())
        .then(pl.lit("no_resolution"))
        .when(pl.col("_only_flagged").is_null())
        .then(pl.lit("resolution_not_in_un_votes"))
        .when("_only_flagged")
        .then(pl.lit("only_flagged_votes"))
        .when(pl.col("rcid").is_not_null())
        .then(pl.lit("roll_call_taken"))
        .otherwise(pl.lit("totals_differ"))
    )
    rows = rows.with_columns(reason.alias("unmatched_reason")).with_columns(
        pl.col("unmatched_reason").is_null().alias("is_matched"),
        (pl.col("unmatched_reason") == "newer_than_un_votes").fill_null(False).alias("_extends"),
    )
    matched = pl.col("is_matched")
    return rows.select(
        "undl_id",
        "session",
        "emergency_session",
        "resolution",
        "resolution_key",
        pl.when("_extends")
        .then(pl.col("undl_id") + RCID_OFFSET)
        .when(matched)
        .then(pl.col("rcid"))
        .alias("rcid"),
        "is_matched",
        pl.col("_extends").alias("extends_un_votes"),
        pl.col("n_candidates").fill_null(0),
        pl.when(matched).then(pl.col("match_rule")).alias("match_rule"),
        "unmatched_reason",
        pl.when(matched).then(pl.col("n_votes_compared")).otherwise(0).alias("n_votes_compared"),
        pl.when(matched).then(pl.col("n_votes_equal")).otherwise(0).alias("n_votes_equal"),
    ).sort("undl_id")
