"""`core.obligations`: directed obligations by year, from ATOP's member rows.

A member's promises are owed to every other member of the same phase whose membership overlaps
its own. Rules, each of which reproduces a count that ATOP publishes:

* any day: a year counts when the two were bound on at least one day of it, the year of exit
  included;
* joint days: two members are partners only if their memberships share more than a boundary
  day (one leaves on the day on which the other enters: no tie). Gives the 273,296 directed
  dyad-years of ATOP's own dyadic file;
* phases: in a year with several phases of one alliance the latest in force counts, as in
  ATOP's state-years (all agree in all five promises; but France's pact of 1874-83 with a
  partner outside the COW system is not here).

Where `obvary` is 1 the member owes different obligations to different partners, which its single
row cannot express: the promise is read as owed to all, as ATOP's own state-years count it. For some
partners that is known to be wrong: ATOP's dyadic file has no such promise between the two (Locarno
bound no guarantor to defend another). `not_owed` names these promises. Without them the 137,975
defence dyad-years are ATOP's 137,762, and the 429 one-way pledges its 492; the other four promises
are equal to ATOP's, too.

Years end with ATOP's coverage. What was in force then has no end, and no later year.

Source: Leeds, Ritter, Mitchell and Long 2002, ATOP 5.1.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from transforms.coverage import Coverage, end_of_year
from transforms.step_result import StepResult, count_losses

PROMISES = ("defense", "offense", "neutral", "nonagg", "consul")

# The member-level promises and items that a partner can count on, and their qualifiers.
OBLIGATION_ITEMS = (
    "defense", "offense", "neutral", "nonagg", "consul",
    "conditio", "defcon", "offcon", "neucon", "concon", "olimob", "obvary",
    "notaiden", "dipaid", "terrres", "seppeace", "thirdcom", "noothall",
)  # fmt: skip


def build_obligations(
    *,
    alliance_members: pl.DataFrame,
    states: pl.DataFrame,
    promises_to_others: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Builds `core.obligations`: one row per ccode_from, ccode_to, year and alliance.

    Args:
        alliance_members: `core.alliance_members`.
        states: `core.states` (ccode, valid_from, counts_to); only marks the dyad-years in
            which both are COW system members, none is dropped.
        promises_to_others: Reference: atopid, item, ccode_from, ccode_to of promises that the
            row has and that are not owed to that partner.
        coverage: Of `atop`.

    Returns:
        `core.obligations`. Promises are those of the member's row, also where `not_owed` names
        them. A membership that shares no day with any other of its phase
        owes nobody anything and is lost (`no_partner`).
    """
    memberships = alliance_members.select(
        "atopid", "phase", "ccode", "entered_on", "exited_on", *OBLIGATION_ITEMS
    ).with_row_index("membership")
    end = coverage["atop"].end(end_of_year(alliance_members.select(pl.col("year_to").max()).item()))
    pairs = _pairs(memberships, end)
    obligations = _latest_phase(_years(pairs, end)).join(
        _cow_years(states, "ccode_from"), on=("ccode_from", "year"), how="left", validate="m:1"
    )
    obligations = obligations.join(
        _cow_years(states, "ccode_to"), on=("ccode_to", "year"), how="left", validate="m:1"
    )
    obligations = _with_not_owed(obligations, promises_to_others).select(
        "ccode_from",
        "ccode_to",
        "year",
        "atopid",
        "phase",
        *OBLIGATION_ITEMS,
        "not_owed",
        pl.col("not_owed").is_not_null().alias("is_partner_assumed"),
        "in_force_from",
        "in_force_to",
        "is_in_force_on_31_dec",
        (
            pl.col("is_cow_ccode_from").fill_null(False)
            & pl.col("is_cow_ccode_to").fill_null(False)
        ).alias("is_cow_dyad"),
    )
    lost = memberships.join(pairs, on="membership", how="anti").with_columns(
        pl.lit("no_partner").alias("reason")
    )
    losses = count_losses(
        lost,
        from_table="core.alliance_members",
        to_table="core.obligations",
        key=("atopid", "phase", "ccode"),
    )
    ordered = obligations.sort("ccode_from", "ccode_to", "year", "atopid")
    return StepResult({"core.obligations": ordered}, losses)


def _pairs(memberships: pl.DataFrame, end: date) -> pl.DataFrame:
    # One row per membership and partner's membership with at least one joint day; the promises
    # are those of the membership that gives.
    partners = memberships.select(
        "atopid",
        "phase",
        pl.col("ccode").alias("ccode_to"),
        pl.col("entered_on").alias("partner_from"),
        pl.col("exited_on").alias("partner_to"),
    )
    return (
        memberships.rename({"ccode": "ccode_from"})
        .join(partners, on=("atopid", "phase"))
        .filter(pl.col("ccode_from") != pl.col("ccode_to"))
        .with_columns(
            pl.max_horizontal("entered_on", "partner_from").alias("in_force_from"),
            # min_horizontal passes over NULL: open only where both are.
            pl.min_horizontal("exited_on", "partner_to").alias("in_force_to"),
        )
        .filter(pl.col("in_force_from") < pl.col("in_force_to").fill_null(end))
        .drop("entered_on", "exited_on", "partner_from", "partner_to")
    )


def _years(pairs: pl.DataFrame, end: date) -> pl.DataFrame:
    last = pl.col("in_force_to").fill_null(end)
    year = pl.int_ranges(pl.col("in_force_from").dt.year(), last.dt.year() + 1, dtype=pl.Int16)
    return (
        pairs.with_columns(year.alias("year"))
        .explode("year")
        .with_columns((last >= pl.date("year", 12, 31)).alias("is_in_force_on_31_dec"))
    )


def _latest_phase(years: pl.DataFrame) -> pl.DataFrame:
    return years.sort("in_force_from", "phase").unique(
        ["ccode_from", "ccode_to", "year", "atopid"], keep="last", maintain_order=True
    )


def owes(*promises: str) -> pl.Expr:
    """Whether a row of `core.obligations` has a promise that is owed to the partner it names.

    Every measure of ties between two states asks by this; what members promise whomsoever
    (`staging.stg_atop__state_years`) does not.

    Args:
        *promises: Of `PROMISES`; one of them is enough.
    """
    others = pl.col("not_owed").str.split(" ")
    return pl.any_horizontal(
        (pl.col(promise) == 1) & ~others.list.contains(promise).fill_null(False)
        for promise in promises
    )


def _with_not_owed(obligations: pl.DataFrame, promises_to_others: pl.DataFrame) -> pl.DataFrame:
    """Adds the promises of the row that the treaty owes to other partners."""
    pair = ["atopid", "ccode_from", "ccode_to"]
    listed = promises_to_others.select(
        pl.col("atopid").cast(pl.Int32),
        pl.col("ccode_from", "ccode_to").cast(pl.Int16),
        "item",
    )
    items = listed.sort(*pair, "item").group_by(pair, maintain_order=True).agg(pl.col("item"))
    joined = obligations.join(items, on=pair, how="left", validate="m:1", maintain_order="left")
    # a promise that the row of another phase does not have cannot be owed to anybody
    had = [
        pl.when((pl.col(p) == 1) & pl.col("item").list.contains(p)).then(pl.lit(p))
        for p in PROMISES
    ]
    named = pl.concat_str(had, separator=" ", ignore_nulls=True)
    return joined.with_columns(
        pl.when(pl.col("item").is_not_null() & (named != "")).then(named).alias("not_owed")
    ).drop("item")


def _cow_years(states: pl.DataFrame, name: str) -> pl.DataFrame:
    year = pl.int_ranges(
        pl.col("valid_from").dt.year(), pl.col("counts_to").dt.year() + 1, dtype=pl.Int16
    )
    return (
        states.select(pl.col("ccode").cast(pl.Int16).alias(name), year.alias("year"))
        .explode("year")
        .unique()
        .with_columns(pl.lit(True).alias(f"is_cow_{name}"))
    )
