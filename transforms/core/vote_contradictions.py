"""`core.vote_contradictions`: cells where a source and the dated list of UN members disagree.

A member without a row, a member coded as none, an absence or a vote of a state that was no
member, and codes of states whose seat was disputed. Every such cell is listed, also where its
row does not reach `core.votes`.
"""

import polars as pl

from transforms.core.choices import ABSENT, CAST, NO_ROW, NOT_MEMBER, SEAT_DISPUTED

VOTE_CONTRADICTIONS = "core.vote_contradictions"

TOTALS = {choice: f"n_{choice}_published" for choice in CAST}


def vote_contradictions(judged: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Lists the cells, with what the roll call's published totals imply where the vote is unknown.

    Args:
        judged: All rows: rcid, ccode, session, source, published (choice as the source codes
            it, NULL without a row), by_calendar (choice according to the dated list), choice
            (after filling), filled_from, and reason (why the row is lost, else NULL).
        totals: rcid and the published totals of `TOTALS`.

    Returns:
        `core.vote_contradictions`, sorted by its key. `implied_choice`: where the totals are
        short by as many votes of one choice as there are unknown cells on the roll call, that
        choice; where they are not short, `absent`; else NULL. A total that the source leaves
        empty counts as 0 where no such vote is counted, which is how the vote file writes 0.
    """
    published, by_calendar = pl.col("published"), pl.col("by_calendar")
    kind = (
        pl.when(published.is_null() & (by_calendar == NO_ROW))
        .then(pl.lit("member_without_row"))
        .when((published == NOT_MEMBER) & (by_calendar == NO_ROW))
        .then(pl.lit("member_coded_not_member"))
        .when((published == ABSENT) & (by_calendar == NOT_MEMBER))
        .then(pl.lit("absent_outside_membership"))
        .when(published.is_in(CAST) & (by_calendar == NOT_MEMBER))
        .then(pl.lit("vote_outside_membership"))
        .when((published == ABSENT) & (by_calendar == SEAT_DISPUTED))
        .then(pl.lit("disputed_seat_coded_absent"))
        .when((published == NOT_MEMBER) & (by_calendar == SEAT_DISPUTED))
        .then(pl.lit("disputed_seat_coded_not_member"))
    )
    cells = judged.with_columns(kind.alias("contradiction_kind")).filter(
        pl.col("contradiction_kind").is_not_null()
    )
    implied = _implied_choices(judged.filter(pl.col("reason").is_null()), totals)
    return (
        cells.join(implied, on="rcid", how="left", validate="m:1")
        .select(
            "rcid",
            "ccode",
            "session",
            "contradiction_kind",
            published.alias("published_choice"),
            pl.when(pl.col("reason").is_null()).then("choice").alias("choice"),
            "filled_from",
            pl.when((pl.col("choice") == NO_ROW) & pl.col("reason").is_null())
            .then("_implied")
            .alias("implied_choice"),
            "source",
        )
        .sort("rcid", "ccode")
    )


def _implied_choices(kept: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """For each roll call with unknown cells what the published totals say of all of them."""
    counted = (
        kept.group_by("rcid")
        .agg(
            (pl.col("choice") == NO_ROW).sum().cast(pl.Int64).alias("_gaps"),
            *((pl.col("choice") == c).sum().cast(pl.Int64).alias(f"_n_{c}") for c in CAST),
        )
        .filter(pl.col("_gaps") > 0)
        .join(totals, on="rcid", how="left", validate="1:1")
    )
    short = {
        choice: pl.when(pl.col(total).is_not_null() | (pl.col(f"_n_{choice}") == 0)).then(
            pl.col(total).fill_null(0).cast(pl.Int64) - pl.col(f"_n_{choice}")
        )
        for choice, total in TOTALS.items()
    }
    counted = counted.with_columns(expr.alias(f"_short_{c}") for c, expr in short.items())
    gaps = pl.col("_gaps")
    implied = pl.coalesce(
        *(_only(choice, gaps) for choice in CAST),
        pl.when(_all_equal(dict.fromkeys(CAST, pl.lit(0)))).then(pl.lit(ABSENT)),
    )
    return counted.select("rcid", implied.alias("_implied"))


def _only(choice: str, gaps: pl.Expr) -> pl.Expr:
    """The choice, where the totals are short by all unknown cells, and of no other choice."""
    wanted = {c: gaps if c == choice else pl.lit(0) for c in CAST}
    return pl.when(_all_equal(wanted)).then(pl.lit(choice))


def _all_equal(wanted: dict[str, pl.Expr]) -> pl.Expr:
    equal = [(pl.col(f"_short_{c}") == n).fill_null(False) for c, n in wanted.items()]
    return pl.all_horizontal(equal)
