"""Defence alliances as spells: beginning, end and its kind, and capability ratio by year.

An alliance is all phases of one ATOP number: a phase that follows another does not begin a new
spell. Its end is that of the phase in force last. TERM = 0 with an end means that a member lost its
independence. No state ended the alliance, so it is censored there (19 defence alliances of ATOP
5.1: the German states of 1870-71, the victims of 1939-40, and those of the German Democratic
Republic in 1990).

Reference: Leeds et al. 2002 (II 28:237–60) for TERM.
"""

from collections.abc import Mapping

import polars as pl

from transforms.coverage import Coverage
from transforms.metrics.system_members import COVERED_BY

DAYS_PER_YEAR = 365.25

# Last year of each era by the year in which an alliance began.
ERAS = {1913: "to 1913", 1945: "1914-1945", 1991: "1946-1991"}
LAST_ERA = "from 1992"


def defense_spells(alliances: pl.DataFrame, coverage: Mapping[str, Coverage]) -> pl.DataFrame:
    """One row per alliance in which any phase promises defence.

    Args:
        alliances: `core.alliances`.
        coverage: Of `atop` and `cow_states`. An alliance comes under observation when both
            cover it; one that is in force when ATOP ends is censored there.

    Returns:
        atopid, began_on, ended_on (the source's end where in force), years (length, both
        days counted), entry (years after its beginning at which it comes under observation,
        0 but for those older than the coverage), end (none, lost_independence, fulfilled, violated,
        renegotiated), is_bilateral, is_wartime (of the first phase), era. Alliances that ended
        before the coverage are not there.
    """
    source_end = coverage["atop"].end(alliances.select(pl.col("ended_on").max()).item())
    covered_from = max(coverage[name].first for name in COVERED_BY)
    ends = {0: "lost_independence", 1: "fulfilled", 2: "violated", 3: "renegotiated"}
    spells = (
        alliances.sort("atopid", "ended_on", "phase", nulls_last=True)
        .group_by("atopid", maintain_order=True)
        .agg(
            (pl.col("defense") == 1).any().alias("is_defense"),
            pl.col("began_on").min(),
            pl.col("ended_on").last().fill_null(source_end),
            pl.col("in_force_at_source_end").any().alias("in_force"),
            pl.col("term_code").last(),
            pl.col("is_bilateral").sort_by("phase").first(),
            (pl.col("wartime") == 1).sort_by("phase").first().alias("is_wartime"),
        )
        .filter("is_defense", pl.col("ended_on") >= covered_from)
    )
    era = pl.lit(LAST_ERA)
    for year, name in sorted(ERAS.items(), reverse=True):
        era = pl.when(pl.col("began_on").dt.year() <= year).then(pl.lit(name)).otherwise(era)
    ended = pl.when("in_force").then(pl.lit(source_end)).otherwise("ended_on")
    return spells.select(
        "atopid",
        "began_on",
        ended.alias("ended_on"),
        years_between("began_on", ended + pl.duration(days=1)).alias("years"),
        years_between("began_on", pl.lit(covered_from)).clip(lower_bound=0).alias("entry"),
        pl.when("in_force")
        .then(pl.lit("none"))
        .otherwise(pl.col("term_code").replace_strict(ends, default=None))
        .alias("end"),
        "is_bilateral",
        "is_wartime",
        era.alias("era"),
    ).sort("atopid")


def years_between(first: str | pl.Expr, last: pl.Expr) -> pl.Expr:
    """Years from one day to another, in days over 365.25.

    Args:
        first: Column or expression of the first day.
        last: Expression of the last day.
    """
    start = pl.col(first) if isinstance(first, str) else first
    return (last - start).dt.total_days() / DAYS_PER_YEAR


def measured_years(capability_asymmetry: pl.DataFrame) -> pl.DataFrame:
    """The capability ratio (CINC) of each alliance in each measured year.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        atopid, year, ratio (infinite where the second has nothing), leader_ccode.
    """
    ratio = pl.when("second_zero").then(float("inf")).otherwise("ratio_first_second")
    return (
        capability_asymmetry.filter(pl.col("variable") == "cinc")
        .select("atopid", pl.col("year").cast(pl.Int32), ratio.alias("ratio"), "leader_ccode")
        .drop_nulls("ratio")
        .sort("atopid", "year")
    )


def first_measured(spells: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """Adds the ratio and the leader of the first measured year.

    Args:
        spells: What `defense_spells` returns.
        measured: What `measured_years` returns.

    Returns:
        The spells with ratio, leader_ccode (NULL where never measured) and entry_measured:
        the years after the beginning at which the ratio is first known.
    """
    first = measured.group_by("atopid", maintain_order=True).first()
    known_on = pl.date(pl.col("year"), 1, 1)
    return (
        spells.join(first, on="atopid", how="left", validate="1:1", maintain_order="left")
        .with_columns(
            pl.max_horizontal("entry", years_between("began_on", known_on)).alias("entry_measured")
        )
        .drop("year")
    )


def intervals(spells: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """Cuts spells into calendar years, each with its own ratio: start and stop in years.

    Args:
        spells: What `first_measured` returns; those never measured drop out.
        measured: What `measured_years` returns.

    Returns:
        One row per alliance and measured year: the columns of spells with the year's ratio,
        start, stop, and is_last (whether the spell ends with it). A year that cannot be
        measured is a gap in which the alliance is not at risk.
    """
    first_day, next_first = pl.date("year", 1, 1), pl.date(pl.col("year") + 1, 1, 1)
    return (
        spells.drop("ratio", "leader_ccode")
        .join(measured, on="atopid", how="inner", validate="1:m")
        .with_columns(
            pl.max_horizontal("entry", years_between("began_on", first_day)).alias("start"),
            pl.min_horizontal("years", years_between("began_on", next_first)).alias("stop"),
        )
        .filter(pl.col("start") < pl.col("stop"))
        .with_columns((pl.col("stop") == pl.col("years")).alias("is_last"))
        .sort("atopid", "year")
    )
