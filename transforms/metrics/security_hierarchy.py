"""`metrics.security_hierarchy`: hierarchy between a leading state and every other, by year.

=============================  =============================================================
troops_per_capita (SH1)        troops of h in i / population of i
n_independent_alliances        i's defence partners that are not h's (h itself left out)
independence_index (SH2)       1 / (1 + n_independent_alliances) where h and i are defence
                               partners, else 0
…_without_eu                   the same without the defence clause of the European Union (below)
independence_index_max1        the same with 1 / max(1, n): Lake's text does not settle the
                               denominator
…_normalized                   divided by h's highest value of 1995; above 1 where exceeded
hierarchy_index                mean of the two normalised ones
=============================  =============================================================

Defence partners: either promises the other defence on at least one day of the year. The leading
states are the United States and, for comparison, four other powers (`LEADERS`); troops are known
for the United States only.

ATOP counts the mutual assistance clause of the Treaty of Lisbon (4175) as a defence pact from its
signature in December 2007 on. It makes six states outside NATO defence partners of every member of
both, and so takes NATO's European members from .95 to .25 within a year in which nothing of their
dependence changed: the clause leaves collective defence to NATO for those in it. For a trend read
`…_without_eu`.

0 troops are 0; no count is NULL. Troops afloat are not in any host. Where troops were there to
fight or to occupy (`is_occupation_or_war`), their number says little of hierarchy. Years before
1946 are left out: Lake's measures are of the order after 1945.

References: Lake 2009 (Hierarchy in International Relations, ch. 3); Kane 2006 and Allen, Flynn and
Machain 2022 for troops.

Check values, troops per inhabitant: 1995 Iceland .007423, Panama .002937, Bahrain .001069. Without
a partner of their own in 1955 and 2003: Japan, South Korea, Philippines, Australia, Canada; the
United Kingdom had 6 in 1955.
"""

import polars as pl

from transforms.metrics.claims.leaders import LEADERS
from transforms.metrics.defence_partners import defence_partners
from transforms.step_result import StepResult

TABLE = "metrics.security_hierarchy"

FIRST_YEAR = 1946
BASE_YEAR = 1995
PERSONS = 1000  # tpop is in thousands
EU_TREATY = 4175
"""ATOP's number of the Treaty of Lisbon, article 42(7) of the Treaty on European Union."""
KEY = ["ccode_from", "ccode_to", "year"]


def build_security_hierarchy(
    *,
    us_troops: pl.DataFrame,
    capabilities: pl.DataFrame,
    obligations: pl.DataFrame,
    states: pl.DataFrame,
    wartime_deployments: pl.DataFrame,
) -> StepResult:
    """Measures every leading state against every other member of the system.

    Args:
        us_troops: `core.us_troops`.
        capabilities: `core.capabilities`: ccode, year, tpop_thousand.
        obligations: `core.obligations`: ccode_from, ccode_to, year, atopid, defense, is_cow_dyad.
        states: `core.states`.
        wartime_deployments: Reference `wartime_deployments`.

    Returns:
        One row per leading state, other state in the system on at least one day of the year,
        and year, from 1946 to the last year of troops or treaties. hierarchy_index is NULL
        where either part is; each part has its own reason. Nothing is lost.
    """
    last = max(_last(us_troops), _last(obligations))
    dyads = _dyads(states, last)
    table = _add_troops(dyads, us_troops, capabilities)
    table = _add_independence(table, obligations)
    table = _normalize(table, "troops_per_capita")
    table = _normalize(table, "independence_index")
    flagged = _deployed(wartime_deployments)
    table = table.join(flagged, on=KEY, how="left", validate="1:1").with_columns(
        pl.col("is_occupation_or_war").fill_null(False)
    )
    parts = pl.col("troops_per_capita_normalized") + pl.col("independence_index_normalized")
    index = (parts / 2).alias("hierarchy_index")
    reason = pl.coalesce("troops_null_reason", "independence_null_reason").fill_null(
        "out_of_coverage"  # both are known, but not those of 1995
    )
    table = table.with_columns(index).with_columns(
        pl.when(pl.col("hierarchy_index").is_null()).then(reason).alias("null_reason")
    )
    return StepResult({TABLE: table.sort(KEY)})


def _last(frame: pl.DataFrame) -> int:
    return int(frame["year"].max() or FIRST_YEAR)  # type: ignore[arg-type]


def _dyads(states: pl.DataFrame, last: int) -> pl.DataFrame:
    """Leading states × others in the system in the year."""
    # The list of states may end before the data: its last members are carried forward.
    ends = pl.col("counts_to").dt.year().clip(upper_bound=last)
    year = pl.int_ranges(pl.col("valid_from").dt.year(), ends + 1)
    in_system = (
        states.select("ccode", year.alias("year"))
        .explode("year")
        .drop_nulls()
        .unique()
        .filter(pl.col("year") >= FIRST_YEAR)
        .with_columns(pl.col("year").cast(pl.Int16))
    )
    leaders = in_system.filter(pl.col("ccode").is_in(LEADERS)).rename({"ccode": "ccode_from"})
    return (
        leaders.join(in_system.rename({"ccode": "ccode_to"}), on="year")
        .filter(pl.col("ccode_from") != pl.col("ccode_to"))
        .select(KEY)
    )


def _add_troops(
    dyads: pl.DataFrame, us_troops: pl.DataFrame, capabilities: pl.DataFrame
) -> pl.DataFrame:
    population = capabilities.select(
        "year", ccode_to="ccode", population_persons=pl.col("tpop_thousand") * PERSONS
    )
    covered = us_troops.group_by("ccode_from").agg(
        pl.col("year").min().alias("first"), pl.col("year").max().alias("last")
    )
    troops, people = pl.col("troops_persons"), pl.col("population_persons")
    outside = ~pl.col("year").is_between("first", "last")
    after = pl.col("year") > _last(capabilities)
    reason = (
        pl.when(pl.col("first").is_null())
        .then(pl.lit("unit_not_in_source"))
        .when(outside)
        .then(pl.lit("out_of_coverage"))
        .when(troops.is_null())
        .then(pl.lit("unit_not_in_source"))
        .when(after)
        .then(pl.lit("out_of_coverage"))
        .when(people.is_null() | (people == 0))
        .then(pl.lit("capability_missing"))
    )
    return (
        dyads.join(us_troops.select(*KEY, "troops_persons"), on=KEY, how="left", validate="1:1")
        .join(population, on=["ccode_to", "year"], how="left", validate="m:1")
        .join(covered, on="ccode_from", how="left", validate="m:1")
        .with_columns(reason.alias("troops_null_reason"))
        .with_columns(
            pl.when(pl.col("troops_null_reason").is_null())
            .then(troops / people)
            .alias("troops_per_capita")
        )
        .drop("first", "last")
    )


def _add_independence(dyads: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    shared = sorted(set(dyads["year"].to_list()) & set(obligations["year"].to_list()))
    tied = defence_partners(obligations, shared, LEADERS)
    without_eu = defence_partners(
        obligations.filter(pl.col("atopid") != EU_TREATY), shared, LEADERS
    ).select(*KEY, n_without_eu="n_independent_alliances")
    years = obligations.select("year").unique().with_columns(is_covered=pl.lit(True))
    n, is_partner = pl.col("n_independent_alliances"), pl.col("is_defense_partner")
    covered = pl.col("is_covered").is_not_null()
    return (
        dyads.join(years, on="year", how="left", validate="m:1")
        .join(tied, on=KEY, how="left", validate="1:1")
        .join(without_eu, on=KEY, how="left", validate="1:1")
        .with_columns(
            pl.when(covered).then(is_partner.fill_null(False)).alias("is_defense_partner"),
            pl.when(covered).then(n.fill_null(0)).alias("n_independent_alliances"),
            pl.when(covered)
            .then(pl.col("n_without_eu").fill_null(0))
            .alias("n_independent_alliances_without_eu"),
        )
        .with_columns(
            pl.when(is_partner)
            .then(1.0 / (1 + n))
            .when(covered)
            .then(0.0)
            .alias("independence_index"),
            pl.when(is_partner)
            .then(1.0 / (1 + pl.col("n_independent_alliances_without_eu")))
            .when(covered)
            .then(0.0)
            .alias("independence_index_without_eu"),
            pl.when(is_partner)
            .then(1.0 / n.clip(lower_bound=1))
            .when(covered)
            .then(0.0)
            .alias("independence_index_max1"),
            pl.when(~covered).then(pl.lit("out_of_coverage")).alias("independence_null_reason"),
        )
        .drop("is_covered", "n_without_eu")
    )


def _normalize(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Divides by the leading state's largest value of 1995."""
    base = (
        table.filter(pl.col("year") == BASE_YEAR)
        .group_by("ccode_from")
        .agg(pl.col(column).max().alias("base"))
        .filter(pl.col("base") > 0)
    )
    return (
        table.join(base, on="ccode_from", how="left", validate="m:1")
        .with_columns((pl.col(column) / pl.col("base")).alias(f"{column}_normalized"))
        .drop("base")
    )


def _deployed(wartime_deployments: pl.DataFrame) -> pl.DataFrame:
    """The coded wartime deployments by year."""
    ends = [pl.col(c).cast(pl.Int16) for c in ("year_from", "year_to")]
    return (
        wartime_deployments.select(
            pl.col("ccode_from", "ccode_to").cast(pl.Int16),
            pl.int_ranges(ends[0], ends[1] + 1, dtype=pl.Int16).alias("year"),
        )
        .explode("year")
        .unique()
        .with_columns(pl.lit(True).alias("is_occupation_or_war"))
    )
