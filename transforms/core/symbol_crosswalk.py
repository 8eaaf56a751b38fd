"""Resolutions of the UN Library beside the vote file's symbols, where the two are not the same.

The file puts letters of its own on the votes of one item (R/26/2758G is the Library's 2758 (XXVI)),
names pages of the record in sessions 1 to 20 and in special sessions, and has no symbol at all for
some votes. There only the votes can say which roll call a resolution is; and where they say none,
the symbols say whether the file may lack it.
"""

import polars as pl

from transforms.core.choices import CAST, CHOICE_OF_LETTER
from transforms.core.resolution_keys import base_key, special_session
from transforms.core.vote_totals import COUNTED, of_equal_totals

CANDIDATE = ("undl_id", "rcid", "totals_matched")
"""Columns of a pair of a resolution and a roll call whose votes are to be compared."""
MIN_SHARE_COMPARED = 0.9
"""Of the votes cast, those that both sources must have for a match by votes alone."""
MAX_TOTALS_APART = 5
"""Yes, abstain and no together: so near, a vote under the symbol may be the resolution with errors;
farther, it is another vote on it (a paragraph, an amendment, a motion)."""


def sitting(session: pl.Expr, key: pl.Expr) -> pl.Expr:
    """The session that a symbol belongs to: `ES-10`, `S-1`, or a regular session's number.

    The publishers file special sessions under different regular ones (the fifth emergency session,
    of July 1967, is under 22 in the vote file), so that these are compared by their own numbers.
    """
    return pl.coalesce(special_session(key), session.cast(pl.String))


def repeated_records(resolutions: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Records of the Library that repeat another.

    Args:
        resolutions: undl_id, _sitting, resolution_key, vote_date.
        votes: `staging.stg_undl_votes__votes`.

    Returns:
        undl_id and repeats_undl_id, for every record but the first with the same symbol, day and
        votes of every member.
    """
    choice = pl.col("vote_letter").replace_strict(CHOICE_OF_LETTER, return_dtype=pl.String)
    ballots = (
        votes.with_columns(choice.alias("choice"))
        .filter(pl.col("choice").is_in(CAST))
        .sort("undl_id", "member_code")
        .group_by("undl_id")
        .agg(pl.concat_str("member_code", pl.lit("="), "choice").str.join(",").alias("_ballot"))
    )
    same = ["_sitting", "resolution_key", "vote_date", "_ballot"]
    known = resolutions.join(ballots, on="undl_id").drop_nulls(same)
    first = known.with_columns(pl.col("undl_id").min().over(same).alias("repeats_undl_id"))
    return first.filter(pl.col("undl_id") != pl.col("repeats_undl_id")).select(
        "undl_id", "repeats_undl_id"
    )


def letter_candidates(library: pl.DataFrame, file: pl.DataFrame) -> pl.DataFrame:
    """Pairs with one number and one result, in which only the letters differ.

    Args:
        library: Open resolutions: undl_id, _sitting, resolution_key, and totals.
        file: Open roll calls that are not flagged, likewise with rcid and `_is_page`.

    Returns:
        Columns of `CANDIDATE`; the votes have to be compared.
    """
    numbered = file.filter(~pl.col("_is_page")).with_columns(_base())
    pairs = library.with_columns(_base()).join(numbered, on=["_sitting", "_base"], suffix="_file")
    return of_equal_totals(pairs).select(CANDIDATE)


def vote_candidates(library: pl.DataFrame, file: pl.DataFrame) -> pl.DataFrame:
    """Pairs of one session and month with one result, where the file has a page or no symbol.

    Two numbers are two resolutions, whatever their votes: a roll call with another number is none.

    Args:
        library: As in `letter_candidates`, with vote_date.
        file: As there, with `_day`.

    Returns:
        Columns of `CANDIDATE`; the votes have to be compared.
    """
    free = file.filter(pl.col("_is_page") | pl.col("resolution_key").is_null())
    dated = library.drop_nulls("resolution_key").with_columns(
        pl.col("vote_date").dt.month_start().alias("_month")
    )
    pairs = dated.join(
        free.with_columns(pl.col("_day").dt.month_start().alias("_month")),
        on=["_sitting", "_month"],
        suffix="_file",
    )
    return of_equal_totals(pairs).select(CANDIDATE)


def choose_by_votes(compared: pl.DataFrame, library: pl.DataFrame, rule: str) -> pl.DataFrame:
    """One roll call per resolution and one resolution per roll call, every vote being the same.

    Args:
        compared: `CANDIDATE`, n_votes_compared, n_votes_equal.
        library: undl_id and counted totals.
        rule: What to call the match.

    Returns:
        The chosen pairs in the columns of `compared`, with n_candidates and match_rule.
    """
    cast = library.select("undl_id", pl.sum_horizontal(COUNTED).alias("_n_cast"))
    same = compared.join(cast, on="undl_id").filter(
        (pl.col("n_votes_equal") == pl.col("n_votes_compared"))
        & (pl.col("n_votes_compared") >= MIN_SHARE_COMPARED * pl.col("_n_cast"))
        & (pl.col("n_votes_compared") > 0)
    )
    chosen: dict[int, int] = {}
    for undl_id, rcid in same.sort("undl_id", "rcid").select("undl_id", "rcid").iter_rows():
        if undl_id not in chosen and rcid not in chosen.values():
            chosen[undl_id] = rcid
    pairs = pl.DataFrame(
        list(chosen.items()), schema={"undl_id": pl.Int32, "rcid": pl.Int32}, orient="row"
    )
    counted = same.with_columns(pl.len().over("undl_id").cast(pl.Int16).alias("n_candidates"))
    return counted.join(pairs, on=["undl_id", "rcid"], how="semi").select(
        *compared.columns, "n_candidates", pl.lit(rule).alias("match_rule")
    )


def may_be_lacking(library: pl.DataFrame, file: pl.DataFrame) -> pl.DataFrame:
    """Whether the vote file lacks a resolution, as far as symbols say.

    Args:
        library: undl_id, _sitting, resolution_key and counted totals of every resolution.
        file: rcid, _sitting, resolution_key, `_is_flagged`, `_is_page` and counted totals.

    Returns:
        undl_id and three flags: `_has_symbol`, the file has the symbol; `_only_flagged`, it has it
        for paragraphs and amendments only; `_is_lacking`, the file has no vote that may be the
        resolution: none with nearly its totals under its symbol, or under its number where one of
        the two has no letter, and no pages in place of numbers.
    """
    apart = pl.sum_horizontal(
        (pl.col(c).cast(pl.Int32) - pl.col(f"{c}_file").cast(pl.Int32)).abs() for c in COUNTED
    )
    bare = pl.col("resolution_key") == pl.col("_base")
    bare_in_file = pl.col("resolution_key_file") == pl.col("_base")
    same = pl.col("resolution_key") == pl.col("resolution_key_file")
    may_be_it = (same | bare | bare_in_file) & (apart <= MAX_TOTALS_APART)
    pairs = library.with_columns(_base()).join(
        file.with_columns(_base()), on=["_sitting", "_base"], suffix="_file"
    )
    found = pairs.group_by("undl_id").agg(
        same.any().alias("_has_symbol"),
        pl.col("_is_flagged").filter(same).all().alias("_all_flagged"),
        may_be_it.any().alias("_may_be_it"),
    )
    pages = file.filter("_is_page").select("_sitting").unique()
    has_pages = pl.col("_sitting").is_in(pages["_sitting"].implode())
    rows = library.join(found, on="undl_id", how="left", validate="1:1")
    has_symbol = pl.col("_has_symbol").fill_null(False)
    return rows.select(
        "undl_id",
        has_symbol.alias("_has_symbol"),
        (has_symbol & pl.col("_all_flagged")).fill_null(False).alias("_only_flagged"),
        (~has_pages & ~pl.col("_may_be_it").fill_null(False)).alias("_is_lacking"),
    )


def _base() -> pl.Expr:
    return base_key(pl.col("resolution_key")).alias("_base")
