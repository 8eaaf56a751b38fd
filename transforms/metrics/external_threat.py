"""`metrics.external_threat`: capability of a state's rivals and the majors, by distance.

threat_i = ln(1 + Σ_j 1000·CINC_j / max(d_ij, 100 km))

j are the states that threaten i in the year: its strategic rivals (Thompson and Dreyer) and the
major powers (COW), but for those with a defence pact with i (either promises the other defence on
at least one day of the year), for i itself, and for the hegemon. The hegemon is left out because i
loses it as a threat on the day on which it becomes its ally, so that threat would fall by
construction where an alliance is to be explained. d_ij is the distance between the nearest points
on 1 January (CShapes); neighbours count as 100 km apart.

Range [0, ∞): 0 where nobody threatens. A j whose distance or capability is not known is left out
and counted (`n_distance_missing`, `n_capability_missing`); where that leaves none of several, the
sum is NULL (`distance_missing`, `capability_missing`), since 0 would say that there is no threat.
A state has no distance in the year of its birth. From 1946 to the last year of the rivalries
(2010): a rivalry that was going on then has no known end, so nothing is known of later years.

Beside the sum stand two counts by which it can be read: how many of the states in it share a land
border with i (COW direct contiguity, on any day of the year), and with how many i had a militarised
dispute in the year (Gibler, Miller and Little). Neither is in the sum.

Worked example: a rival with CINC .1 at 500 km and an unallied major power with CINC .2 next door:
ln(1 + 100/500 + 200/100) = ln 3.2 = 1.163.

References: Leeds and Savun 2007 (Journal of Politics 69: 1118-1132) for threats without allies;
Bueno de Mesquita 1981 (The War Trap) for capability that declines with distance.
"""

from collections.abc import Mapping

import polars as pl

from transforms.core.major_powers import major_power_years
from transforms.core.obligations import owes
from transforms.coverage import Coverage, end_of_year
from transforms.metrics.legitimation.hegemon_support import HEGEMONS
from transforms.metrics.system_members import system_members
from transforms.step_result import StepResult

TABLE = "metrics.external_threat"

FIRST_YEAR = 1946
NEAREST_KM = 100
LAND_BORDER = 1
SCALE = 1000
DYAD = ["ccode", "ccode_other", "year"]


def build_external_threat(
    *,
    states: pl.DataFrame,
    rivalries: pl.DataFrame,
    major_powers: pl.DataFrame,
    obligations: pl.DataFrame,
    capabilities: pl.DataFrame,
    distances: pl.DataFrame,
    contiguity: pl.DataFrame,
    disputes: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Sums the threats to every member of the system, without each hegemon.

    Args:
        states: `core.states`.
        rivalries: `core.rivalries`.
        major_powers: `core.major_powers`.
        obligations: `core.obligations`: ccode_from, ccode_to, year, defense.
        capabilities: `core.capabilities`: ccode, year, cinc.
        distances: `core.distances`.
        contiguity: `core.contiguity`, for borders.
        disputes: `core.disputes`.
        coverage: Of `strategic_rivalries`: its end is the last year.

    Returns:
        One row per hegemon, other member of the system and year. Nothing is lost.
    """
    latest = rivalries["year_to"].max()
    end = coverage["strategic_rivalries"].end(
        end_of_year(latest if isinstance(latest, int) else None)
    )
    years = range(FIRST_YEAR, end.year + 1)
    members = system_members(states, years).select("ccode", "year")
    pairs = (
        _opponents(members, rivalries, major_powers, years)
        .join(_allied(obligations), on=DYAD, how="left", validate="1:1")
        .join(_both_ways(distances, "distance_km_min"), on=DYAD, how="left", validate="1:1")
        .join(_bordering(contiguity, years), on=DYAD, how="left", validate="1:1")
        .join(_both_ways(disputes, "dispute_no"), on=DYAD, how="left", validate="1:1")
        .join(
            capabilities.select("year", ccode_other="ccode", cinc="cinc"),
            on=["ccode_other", "year"],
            how="left",
            validate="m:1",
        )
    )
    tables = [_without(hegemon, members, pairs) for hegemon in HEGEMONS]
    return StepResult({TABLE: pl.concat(tables).sort("ccode_hegemon", "ccode", "year")})


def _opponents(
    members: pl.DataFrame, rivalries: pl.DataFrame, major_powers: pl.DataFrame, years: range
) -> pl.DataFrame:
    """Rivals and major powers of each member, both members in the year, as directed pairs."""
    of_year = rivalries.select(
        "ccode1",
        "ccode2",
        pl.int_ranges(
            pl.max_horizontal(pl.col("year_from"), years.start),
            pl.min_horizontal(pl.col("year_to"), years.stop - 1) + 1,
            dtype=pl.Int16,
        ).alias("year"),
    ).explode("year", empty_as_null=False)
    rivals = pl.concat(
        of_year.select(pl.col(a).alias("ccode"), pl.col(b).alias("ccode_other"), "year")
        for a, b in (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    ).unique()
    majors = major_power_years(major_powers).select("year", ccode_other="ccode")
    everyone = members.join(majors, on="year").filter(pl.col("ccode") != pl.col("ccode_other"))
    both = pl.concat(
        [
            rivals.select(*DYAD, pl.lit(True).alias("is_rival")),
            everyone.select(*DYAD, pl.lit(False).alias("is_rival")),
        ]
    )
    other = members.rename({"ccode": "ccode_other"})
    return (
        both.group_by(DYAD)
        .agg(pl.col("is_rival").any())
        .join(members, on=["ccode", "year"], how="semi")
        .join(other, on=["ccode_other", "year"], how="semi")
    )


def _allied(obligations: pl.DataFrame) -> pl.DataFrame:
    """Directed pairs with a defence pact in the year, whoever promised whom."""
    pledges = obligations.filter(owes("defense"))
    ways = (("ccode_from", "ccode_to"), ("ccode_to", "ccode_from"))
    return (
        pl.concat(
            pledges.select(pl.col(a).alias("ccode"), pl.col(b).alias("ccode_other"), "year")
            for a, b in ways
        )
        .unique()
        .with_columns(pl.lit(True).alias("is_allied"))
    )


def _both_ways(dyads: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Undirected dyad-years as directed ones, with some of their columns."""
    return pl.concat(
        dyads.select(pl.col(a).alias("ccode"), pl.col(b).alias("ccode_other"), "year", *columns)
        for a, b in (("ccode1", "ccode2"), ("ccode2", "ccode1"))
    )


def _bordering(contiguity: pl.DataFrame, years: range) -> pl.DataFrame:
    """Directed pairs with a common land border on any day of the year."""
    of_year = (
        contiguity.filter(pl.col("contiguity_type") == LAND_BORDER)
        .select(
            "ccode1",
            "ccode2",
            pl.int_ranges(
                pl.max_horizontal(pl.col("valid_from").dt.year(), years.start),
                pl.min_horizontal(pl.col("valid_to").dt.year(), years.stop - 1) + 1,
                dtype=pl.Int16,
            ).alias("year"),
        )
        .explode("year", empty_as_null=False)
        .unique()
        .with_columns(pl.lit(True).alias("is_bordering"))
    )
    return _both_ways(of_year, "is_bordering")


def _without(hegemon: int, members: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Threats to all other members, without one hegemon."""
    meant = pl.col("ccode_other") != hegemon
    allied = pl.col("is_allied").fill_null(False)
    far, weak = pl.col("distance_km_min").is_null(), pl.col("cinc").is_null()
    counted = ~allied & ~far & ~weak
    share = SCALE * pl.col("cinc") / pl.col("distance_km_min").clip(lower_bound=NEAREST_KM)
    sums = (
        pairs.filter(meant)
        .sort(DYAD)
        .group_by("ccode", "year")
        .agg(
            counted.sum().cast(pl.Int16).alias("n_threats"),
            (counted & pl.col("is_rival")).sum().cast(pl.Int16).alias("n_rivals"),
            (counted & pl.col("is_bordering").fill_null(False))
            .sum()
            .cast(pl.Int16)
            .alias("n_bordering"),
            (counted & pl.col("dispute_no").is_not_null()).sum().cast(pl.Int16).alias("n_disputes"),
            allied.sum().cast(pl.Int16).alias("n_allied_left_out"),
            (~allied & far).sum().cast(pl.Int16).alias("n_distance_missing"),
            (~allied & ~far & weak).sum().cast(pl.Int16).alias("n_capability_missing"),
            share.filter(counted).sum().alias("capability_by_distance"),
        )
    )
    counts = [name for name in sums.columns if name.startswith("n_")]
    none_left = pl.col("n_threats") == 0
    return (
        members.filter(pl.col("ccode") != hegemon)
        .join(sums, on=["ccode", "year"], how="left", validate="1:1")
        .with_columns(pl.col(*counts, "capability_by_distance").fill_null(0))
        .with_columns(
            pl.lit(hegemon, dtype=pl.Int16).alias("ccode_hegemon"),
            pl.when(none_left & (pl.col("n_distance_missing") > 0))
            .then(pl.lit("distance_missing"))
            .when(none_left & (pl.col("n_capability_missing") > 0))
            .then(pl.lit("capability_missing"))
            .alias("null_reason"),
        )
        .select(
            "ccode_hegemon",
            "ccode",
            "year",
            pl.when(pl.col("null_reason").is_null())
            .then(pl.col("capability_by_distance").log1p())
            .alias("external_threat"),
            *counts,
            "null_reason",
        )
    )
