"""Resolves publishers' codes to COW codes: dated aliases, and membership in the state system.

A code never means a state by itself, only on a day: `DEU` is the Federal Republic (260) on
1990-10-02 and Germany (255) on the next. An ambiguous alias is an error. A row that cannot be
matched is returned with its reason; nothing is guessed and no row is lost.

Source: Correlates of War Project (2024), State System Membership List, v2024.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

ALIAS_COLUMNS = ("ccode", "scheme", "code", "valid_from", "valid_to")
_OPEN_FROM, _OPEN_TO = pl.date(1, 1, 1), pl.date(9999, 12, 31)

YearMeans = Literal["end", "start"]


@dataclass(frozen=True)
class Resolved:
    """The rows of `resolve`, matched and unmatched.

    Attributes:
        rows: Rows whose code means exactly one state on their day, with `ccode` (Int16) added.
        unmatched: All other rows as they came, with `reason`: `no_code` and `no_date` (NULL),
            `unknown_code` (in no alias of the scheme), `code_not_valid_then` (the code exists
            on other days), `not_in_system` (the state was no COW member on that day; only when
            spells are given). Ready for `count_losses`.
    """

    rows: pl.DataFrame
    unmatched: pl.DataFrame


def resolve(
    frame: pl.DataFrame,
    *,
    code: str,
    scheme: str,
    on: str,
    aliases: pl.DataFrame,
    spells: pl.DataFrame | None = None,
    year_means: YearMeans = "end",
) -> Resolved:
    """Turns a publisher's code and a day into a COW code.

    Args:
        frame: Rows to identify; must not have the columns `ccode` and `reason` yet.
        code: Column with the publisher's code (String).
        scheme: Whose codes they are: a value of `aliases.scheme` (`iso3`, `un_library`, …).
        on: Column with the day (Date) or the year (any integer type).
        aliases: Reference of the layout of `state_aliases.csv`, all String: ccode, scheme, code,
            valid_from, valid_to (ISO days, empty or NULL = no limit); more columns are ignored.
        spells: Optional membership spells (ccode, valid_from, valid_to as Date). When given,
            rows of a state outside the system on that day are unmatched (`not_in_system`).
        year_means: The day that a year stands for: its last (`end`, so 1990 is unified
            Germany's) or its first.

    Returns:
        `Resolved`; `rows.height + unmatched.height == frame.height`, order kept in both.

    Raises:
        ValueError: The frame already has `ccode` or `reason`; the scheme has no alias; or two
            aliases give one code to two states on the same day (ambiguous: correct the CSV).
    """
    if taken := {"ccode", "reason"} & set(frame.columns):
        raise ValueError(f"resolve: the rows already have {sorted(taken)}; drop or rename them")
    known = dated_aliases(aliases, scheme)
    keyed = frame.with_row_index("_row").with_columns(
        pl.col(code).alias("_code"), _day(frame.schema[on], on, year_means).alias("_day")
    )
    hits = (
        keyed.select("_row", "_code", "_day")
        .join(known, left_on="_code", right_on="code", how="inner")
        .filter(pl.col("_day").is_between("valid_from", "valid_to"))
        .select("_row", "ccode")
    )
    matched = keyed.join(hits, on="_row", how="left", validate="1:1", maintain_order="left")
    reason = (
        pl.when(pl.col("_code").is_null())
        .then(pl.lit("no_code"))
        .when(pl.col("_day").is_null())
        .then(pl.lit("no_date"))
        .when(~pl.col("_code").is_in(known["code"].unique().implode()))
        .then(pl.lit("unknown_code"))
        .when(pl.col("ccode").is_null())
        .then(pl.lit("code_not_valid_then"))
    )
    matched = matched.with_columns(reason.alias("reason"))
    if spells is not None:
        member = in_system(matched, spells=spells, first_day="_day", last_day="_day")
        outside = pl.col("reason").is_null() & ~member
        matched = matched.with_columns(
            pl.when(outside)
            .then(pl.lit("not_in_system"))
            .otherwise(pl.col("reason"))
            .alias("reason")
        )
    good = matched.filter(pl.col("reason").is_null())
    bad = matched.filter(pl.col("reason").is_not_null())
    return Resolved(
        rows=good.select(*frame.columns, "ccode"),
        unmatched=bad.select(*frame.columns, "reason"),
    )


def dated_aliases(aliases: pl.DataFrame, scheme: str) -> pl.DataFrame:
    """Reads one scheme's aliases and refuses codes that mean two states on one day.

    Args:
        aliases: All-String reference (see `resolve`).
        scheme: Scheme to keep.

    Returns:
        code, ccode (Int16), valid_from, valid_to (Date, limits filled in), one row per alias,
        sorted by code and day.

    Raises:
        ValueError: A column is missing, the scheme is unknown, a period ends before it begins,
            or two periods of one code overlap.
    """
    if absent := set(ALIAS_COLUMNS) - set(aliases.columns):
        raise ValueError(f"state aliases: columns {sorted(absent)} are missing")
    known = (
        aliases.filter(pl.col("scheme") == scheme)
        .select(
            "code",
            pl.col("ccode").cast(pl.Int16),
            *(
                pl.col(c).replace("", None).str.to_date("%Y-%m-%d").fill_null(limit)
                for c, limit in (("valid_from", _OPEN_FROM), ("valid_to", _OPEN_TO))
            ),
        )
        .sort("code", "valid_from", "valid_to")
    )
    if known.is_empty():
        schemes = sorted(aliases["scheme"].unique())
        raise ValueError(f"state aliases: no scheme {scheme!r}; there are {schemes}")
    previous_end = pl.col("valid_to").shift(1).over("code")
    faulty = known.filter(
        (pl.col("valid_to") < pl.col("valid_from")) | (pl.col("valid_from") <= previous_end)
    )
    if not faulty.is_empty():
        rows = "; ".join(
            f"{r['code']} from {r['valid_from']}" for r in faulty.iter_rows(named=True)
        )
        raise ValueError(
            f"state aliases, scheme {scheme}: {rows}: the period is reversed or overlaps another"
            " of the same code, so the code would be ambiguous. Correct its days in the CSV."
        )
    return known


def in_system(
    frame: pl.DataFrame, *, spells: pl.DataFrame, first_day: str, last_day: str
) -> pl.Series:
    """Whether the state of each row was a COW member on at least one day of a period.

    Args:
        frame: Rows with `ccode` and the two day columns (Date). Where only the month is known
            the period is that month.
        spells: ccode, valid_from, valid_to (Date), inclusive; several per state.
        first_day: Column with the first day of the row's period.
        last_day: Column with its last day (the same column for a single day).

    Returns:
        Boolean Series in the order of `frame`; False where the code or a day is NULL.
    """
    period = pl.struct("ccode", pl.col(first_day).alias("_a"), pl.col(last_day).alias("_b"))
    keys = frame.select(period.alias("_period"))
    inside = (
        keys.unique()
        .unnest("_period")
        .join(spells.select("ccode", "valid_from", "valid_to"), on="ccode", how="inner")
        .filter((pl.col("valid_from") <= pl.col("_b")) & (pl.col("_a") <= pl.col("valid_to")))
        .select("ccode", "_a", "_b")
        .unique()
        .with_columns(pl.lit(True).alias("_in"))
    )
    joined = keys.unnest("_period").join(
        inside, on=["ccode", "_a", "_b"], how="left", validate="m:1", maintain_order="left"
    )
    return joined["_in"].fill_null(False).alias("in_system")


def _day(kind: pl.DataType, on: str, year_means: YearMeans) -> pl.Expr:
    """The day that a Date or year column stands for."""
    if kind == pl.Date:
        return pl.col(on)
    if not kind.is_integer():
        raise ValueError(f"resolve: {on} is {kind}; it must be a Date or a whole year")
    year = pl.col(on).cast(pl.Int32)
    return pl.date(year, 12, 31) if year_means == "end" else pl.date(year, 1, 1)
