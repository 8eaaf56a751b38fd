"""`core.alliance_members`: ATOP's dated memberships of alliance-phases.

ATOP dates a member's entry at signature, also for protocols of accession. The dates are kept
as they are: ties by entry into force are in `core.treaty_allies`.

A member without an exit was in force when ATOP's coverage ended. That is known up to that day and
not beyond it: it is neither an exit nor carried forward.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from transforms.coverage import Coverage, end_of_year
from transforms.step_result import StepResult, count_losses

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


def build_alliance_members(
    *, atop_members: pl.DataFrame, coverage: Mapping[str, Coverage]
) -> StepResult:
    """Builds `core.alliance_members`: one row per alliance, phase, state and entry.

    Args:
        atop_members: `staging.stg_atop__members`.
        coverage: Of `atop`.

    Returns:
        `core.alliance_members`; `year_to` of a member still in force is the last year covered. A
        member whose code is no COW code is lost (`not_a_cow_code`).
    """
    end = end_of_members(atop_members, coverage["atop"])
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
            pl.col("exit_year").fill_null(end.year).alias("year_to"),
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


def end_of_members(atop_members: pl.DataFrame, covered: Coverage) -> date:
    """The last day that ATOP covers: as declared, or that of the last year in which it has a date.

    Args:
        atop_members: `staging.stg_atop__members`.
        covered: What is declared of `atop`.
    """
    years = pl.max_horizontal(pl.col("entry_year", "exit_year").max())
    return covered.end(end_of_year(atop_members.select(years).item()))


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
