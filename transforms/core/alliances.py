"""`core.alliances` and `core.alliance_members`: ATOP's alliance-phases and dated memberships.

ATOP dates a member's entry at signature, also for protocols of accession. The dates are kept
as they are: ties by entry into force are in `core.treaty_allies`.
"""

from datetime import date

import polars as pl

from transforms.step_result import StepResult, count_losses

# "Still in force" (exit 0) is known up to this day and not beyond it.
SOURCE_END = date(2018, 12, 31)

# COW codes have at most three digits. ATOP's member 8152, of the alliance 1320, has none.
_LARGEST_COW_CODE = 999

# Promises, conditions and items that may differ between the members of one phase. Only these
# columns of ATOP can give an obligation a direction.
MEMBER_ITEMS = (
    "defense", "offense", "neutral", "nonagg", "consul",
    "conditio", "defcon", "offcon", "neucon", "concon",
    "defcoadv", "defcoloc", "defcocon", "defconum", "defcodem", "defconpr",
    "offcoadv", "offcoloc", "offcocon", "offconum", "offcodem",
    "neucoadv", "neucoloc", "neucocon", "neuconum", "neucodem", "neuconpr", "neucoatt",
    "concoadv", "concoloc", "concocon", "concoreq", "olimob", "obvary",
    "notaiden", "dipaid", "terrres", "seppeace", "thirdcom", "noothall",
)  # fmt: skip

# Columns that all members of a phase share, without its dates: the treaty as an institution.
_PHASE_ITEMS = (
    "defense", "offense", "neutral", "nonagg", "consul", "conditio", "asymm",
    "wartime", "estmode", "pubsecr", "length", "term_code", "specthrt", "conwtin", "milcon",
    "milaid", "intcom", "subord", "organ1", "orgpurp1", "organ2", "orgpurp2", "base", "contrib",
    "compag", "ecaid", "interv",
)  # fmt: skip

# Strongest first, by what the promise requires of a member in war.
_CLASSES = (
    ("defense", "defense"),
    ("offense", "offense"),
    ("neutral", "neutrality"),
    ("consul", "consultation"),
    ("nonagg", "nonaggression"),
)


def build_alliance_members(*, atop_members: pl.DataFrame) -> StepResult:
    """Builds `core.alliance_members`: one row per alliance, phase, state and entry.

    Args:
        atop_members: `staging.stg_atop__members`.

    Returns:
        `core.alliance_members`. A member whose code is no COW code is lost
        (`not_a_cow_code`).
    """
    known = pl.col("member") <= _LARGEST_COW_CODE
    lost = atop_members.filter(~known).select(
        "atopid", "phase", "member", pl.lit("not_a_cow_code").alias("reason")
    )
    in_force = pl.col("exit_year").is_null()
    members = (
        atop_members.filter(known)
        .with_columns(
            first_day("entry").alias("entered_on"),
            last_day("exit").alias("exited_on"),
            precision("entry"),
            precision("exit"),
        )
        .select(
            "atopid",
            "phase",
            pl.col("member").alias("ccode"),
            pl.col("entered_on")
            .rank("ordinal")
            .over("atopid", "phase", "member")
            .cast(pl.Int16)
            .alias("spell"),
            "entered_on",
            "exited_on",
            *(f"entry_{part}" for part in ("year", "month", "day", "precision")),
            *(f"exit_{part}" for part in ("year", "month", "day", "precision")),
            pl.col("entry_year").alias("year_from"),
            pl.col("exit_year").fill_null(SOURCE_END.year).alias("year_to"),
            in_force.alias("in_force_at_source_end"),
            (pl.col("cowsys") == 1).alias("was_cow_member_at_entry"),
            *MEMBER_ITEMS,
            "termmode",
        )
        .sort("atopid", "phase", "ccode", "entered_on")
    )
    losses = count_losses(
        lost,
        from_table="staging.stg_atop__members",
        to_table="core.alliance_members",
        key=("atopid", "phase", "member"),
    )
    return StepResult({"core.alliance_members": members}, losses)


def build_alliances(*, atop_phases: pl.DataFrame, atop_members: pl.DataFrame) -> StepResult:
    """Builds `core.alliances`: one row per alliance-phase.

    Args:
        atop_phases: `staging.stg_atop__phases`.
        atop_members: `staging.stg_atop__members`; gives the number of members, which counts
            codes outside the COW system too, so that it is ATOP's number.

    Returns:
        `core.alliances`.

    Raises:
        ValueError: A phase has no member row.
    """
    counts = atop_members.group_by("atopid", "phase").agg(
        pl.col("member").n_unique().cast(pl.Int16).alias("n_members")
    )
    joined = atop_phases.join(counts, on=("atopid", "phase"), how="left", validate="1:1")
    memberless = joined.filter(pl.col("n_members").is_null())["atopid"]
    if not memberless.is_empty():
        raise ValueError(
            f"staging.stg_atop__phases: no member rows for atopid {memberless.to_list()[:3]};"
            " the phase and the member file are not of the same version"
        )
    alliances = joined.select(
        "atopid",
        "phase",
        "atopidphase",
        "cow4id",
        first_day("begin").alias("began_on"),
        last_day("end").alias("ended_on"),
        pl.col("begin_year").alias("year_from"),
        pl.col("end_year").fill_null(SOURCE_END.year).alias("year_to"),
        pl.col("end_year").is_null().alias("in_force_at_source_end"),
        (pl.col("bilat") == 1).alias("is_bilateral"),
        "n_members",
        atop_class().alias("atop_class"),
        *_PHASE_ITEMS,
    ).sort("atopid", "phase")
    return StepResult({"core.alliances": alliances})


def atop_class() -> pl.Expr:
    """The strongest of the five promises: defense, offense, neutrality, …, none."""
    chosen: pl.Expr = pl.lit("none")
    for column, name in reversed(_CLASSES):
        chosen = pl.when(pl.col(column) == 1).then(pl.lit(name)).otherwise(chosen)
    return chosen


def first_day(which: str) -> pl.Expr:
    """The date of `<which>_year/month/day`; a missing day is the first of the month."""
    return pl.date(f"{which}_year", f"{which}_month", pl.col(f"{which}_day").fill_null(1))


def last_day(which: str) -> pl.Expr:
    """The date of `<which>_year/month/day`; a missing day is the last of the month.

    NULL where the year is NULL (still in force).
    """
    day = pl.date(f"{which}_year", f"{which}_month", pl.col(f"{which}_day").fill_null(1))
    return pl.when(pl.col(f"{which}_day").is_null()).then(day.dt.month_end()).otherwise(day)


def precision(which: str) -> pl.Expr:
    """`day` or `month` for `<which>`, NULL where there is no date."""
    return (
        pl.when(pl.col(f"{which}_year").is_null())
        .then(None)
        .when(pl.col(f"{which}_day").is_null())
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
        .alias(f"{which}_precision")
    )
