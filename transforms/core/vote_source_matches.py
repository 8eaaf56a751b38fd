"""`core.vote_source_matches`: UN Library resolutions matched to roll calls of the vote file.

The two publishers share no key. A resolution number is not enough: paragraphs and amendments
are voted on under the number of their resolution, so the totals must agree as well
(`vote_totals`). Nor is it always the same: `symbol_crosswalk` matches by the votes what the file
has under another symbol.
"""

import polars as pl

from transforms.core.choices import CAST, CHOICE_OF_CODE, CHOICE_OF_LETTER
from transforms.core.resolution_account import account_for
from transforms.core.resolution_keys import (
    emergency_session,
    names_a_page,
    resolution_key,
    special_session,
)
from transforms.core.succession import apply_rules, read_rules
from transforms.core.symbol_crosswalk import (
    CANDIDATE,
    choose_by_votes,
    letter_candidates,
    repeated_records,
    sitting,
    vote_candidates,
)
from transforms.core.vote_totals import of_equal_totals, published_totals, with_counted_totals
from transforms.identity import resolve
from transforms.step_result import StepResult

_EMERGENCY = r"(?i)^(?:ES-)?(\d+)(?:emsp)?$"
"""Session as the Library writes it, ES-10 or 10emsp; plain numbers are regular sessions."""


def build_vote_sources(
    *,
    stg_un_votes__votes: pl.DataFrame,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__votes: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    state_aliases: pl.DataFrame,
    succession: pl.DataFrame,
    special_sessions: pl.DataFrame,
) -> StepResult:
    """Matches the Library's resolutions to the vote file's roll calls.

    A candidate has the same session and resolution, is flagged neither as paragraph nor as
    amendment, and has the same numbers of yes, abstain and no: as published by both sources, or
    as counted in the rows of both. Of several the one with most equal votes is taken. What is
    left is matched where every vote is the same and only the letter of the symbol differs, then
    where the file has a page or no symbol and every vote is that of a resolution of the session
    and month. A record that repeats another is nowhere a resolution of its own. What is not
    matched extends the vote file, if it is later than the file's last roll call or if the file
    has no vote that may be it.

    Args:
        stg_un_votes__votes: The vote file's votes.
        stg_un_votes__roll_calls: Its roll calls.
        stg_undl_votes__votes: The Library's votes.
        stg_undl_votes__resolutions: The Library's resolutions.
        state_aliases: Reference; its scheme `un_library` is used.
        succession: Reference; so that both sources' votes are compared under one code.
        special_sessions: Reference: series, session; the regular session that the vote file
            files a special session under.

    Returns:
        `core.vote_source_matches`, one row per resolution of the Library; no losses.
    """
    library = _library(stg_undl_votes__votes, stg_undl_votes__resolutions, special_sessions)
    file = _vote_file(stg_un_votes__votes, stg_un_votes__roll_calls)

    def compare(candidates: pl.DataFrame) -> pl.DataFrame:
        return _compare(
            candidates,
            _file_choices(stg_un_votes__votes, stg_un_votes__roll_calls, candidates, succession),
            _library_choices(
                stg_undl_votes__votes, stg_undl_votes__resolutions, candidates, state_aliases
            ),
        )

    records = library.filter(pl.col("repeats_undl_id").is_null())
    pairs = records.join(file, on=["_sitting", "resolution_key"], how="inner", suffix="_file")
    candidates = of_equal_totals(pairs.filter(~pl.col("_is_flagged"))).select(CANDIDATE)
    chosen = _choose(compare(candidates))
    for rule in ("letter_differs", "same_votes"):
        kept = chosen.filter("_keeps_roll_call")
        open_records = records.join(kept, on="undl_id", how="anti")
        open_file = file.filter(~pl.col("_is_flagged")).join(kept, on="rcid", how="anti")
        more = (
            letter_candidates(open_records, open_file)
            if rule == "letter_differs"
            else vote_candidates(open_records, open_file)
        )
        found = choose_by_votes(compare(more), library, rule).with_columns(_keeps_roll_call=True)
        chosen = pl.concat(
            [chosen.join(found, on="undl_id", how="anti"), found.select(chosen.columns)]
        )
    return StepResult({"core.vote_source_matches": account_for(library, file, chosen)})


def session_of(date: pl.Expr) -> pl.Expr:
    """The regular session in whose year a day falls; sessions open in mid-September.

    Special sessions have numbers of their own. The vote file files some under another session than
    the calendar gives (`transforms/reference/special_sessions.csv`).
    """
    opened = (date.dt.month() > 9) | ((date.dt.month() == 9) & (date.dt.day() >= 15))
    return (date.dt.year() - 1946 + opened.cast(pl.Int32)).cast(pl.Int16)


def _library(
    votes: pl.DataFrame, resolutions: pl.DataFrame, special_sessions: pl.DataFrame
) -> pl.DataFrame:
    """One row per resolution: session, key, day, counted totals, and the record it repeats."""
    choice = pl.col("vote_letter").replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
    choices = votes.select("undl_id", choice.alias("choice"))
    filed = special_sessions.select("series", pl.col("session").cast(pl.Int16).alias("_filed"))
    named = pl.when(pl.col("session").is_null()).then("session_published")
    of_session = named.str.extract(_EMERGENCY).cast(pl.Int16)
    rows = (
        resolutions.with_columns(resolution_key(pl.col("resolution")).alias("resolution_key"))
        .with_columns(
            pl.coalesce(emergency_session(pl.col("resolution_key")), of_session).alias(
                "emergency_session"
            )
        )
        .with_columns(
            pl.coalesce(
                special_session(pl.col("resolution_key")),
                pl.format("ES-{}", "emergency_session"),
            ).alias("series")
        )
        .join(filed, on="series", how="left", validate="m:1")
        .with_columns(pl.coalesce("session", "_filed", session_of(pl.col("vote_date"))))
        .select(
            "undl_id",
            "session",
            "resolution",
            "resolution_key",
            "emergency_session",
            pl.coalesce("series", pl.col("session").cast(pl.String)).alias("_sitting"),
            "vote_date",
            *published_totals(),
        )
        .pipe(with_counted_totals, choices, "undl_id")
    )
    return rows.join(repeated_records(rows, votes), on="undl_id", how="left", validate="1:1")


def _vote_file(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> pl.DataFrame:
    """One row per roll call: session, key, last possible day, flags and counted totals."""
    choice = pl.col("vote_code").replace_strict(CHOICE_OF_CODE, return_dtype=pl.String)
    choices = votes.select("rcid", choice.alias("choice"))
    flags = pl.any_horizontal(pl.col("is_paragraph", "is_amendment").fill_null(False))
    return roll_calls.select(
        "rcid",
        "session",
        "resolution",
        resolution_key(pl.col("resolution")).alias("resolution_key"),
        sitting(pl.col("session"), resolution_key(pl.col("resolution"))).alias("_sitting"),
        names_a_page(pl.col("session"), pl.col("resolution")).alias("_is_page"),
        flags.alias("_is_flagged"),
        pl.coalesce("vote_date", pl.col("vote_month").dt.month_end()).alias("_day"),
        *published_totals(),
    ).pipe(with_counted_totals, choices, "rcid")


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
