"""`metrics.burden_sharing`: do large members of an alliance bear a larger military burden?

For the members i of an alliance in a year, burden b_i = military expenditure (SIPRI) / gross
domestic product (World Bank), both in current US dollars at the year's exchange rate:

============================  =================================================================
spearman_rho, kendall_tau     rank correlation of gross domestic product and burden; positive
                              where the large bear more (the exploitation of the great by the
                              small)
p_value                       one-sided, share of random pairings with a ρ at least as large
                              (`transforms.inference.rank_correlation`)
leader_gap                    b_ℓ − mean of the others' b; ℓ has the largest product
mean_burden                   b̄, each member counting the same
leader_excess_burden          E_ℓ = b_ℓ − b̄
excess_burden                 Σ max(0, E_i), in shares of product: the E_i themselves always
                              add up to 0
spearman_rho_without_leader   the same over the others; likewise kendall_tau_without_leader
============================  =================================================================

Never a product at purchasing power with expenditure at exchange rates. 0 is a value (Iceland,
Costa Rica).

Rules, in this order, each with its `null_reason`: one member (single_member); a year outside
either source (out_of_coverage); fewer than five members, or fewer than five observed
(n_below_min); fewer than four fifths observed, or a major power not (capability_missing); product
or burden the same for all (no_variation).

References: Olson and Zeckhauser 1966 (Review of Economics and Statistics 48: 266-279).

Check value: their table of 1964 (14 allies): ρ .490110, one-sided p .038 by Student's t, τ
.384615; without Portugal ρ .725275, τ .564103.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.core.major_powers import major_power_years
from transforms.inference.rank_correlation import kendall_tau, permutation_p_value, spearman_rho
from transforms.metrics.alliances.alliance_years import member_years
from transforms.step_result import StepResult

TABLE = "metrics.burden_sharing"

MIN_MEMBERS = 5
OBSERVED_IN_FIVE = 4  # at least four of five members, in whole numbers
N_DRAWS = 9999
SEED = 20190634
GROUP = ["atopid", "year"]

_MEASURES = {
    "spearman_rho": pl.Float64,
    "kendall_tau": pl.Float64,
    "p_value": pl.Float64,
    "p_value_method": pl.String,
    "leader_ccode": pl.Int16,
    "leader_burden": pl.Float64,
    "partner_mean_burden": pl.Float64,
    "leader_gap": pl.Float64,
    "mean_burden": pl.Float64,
    "leader_excess_burden": pl.Float64,
    "excess_burden": pl.Float64,
    "spearman_rho_without_leader": pl.Float64,
    "kendall_tau_without_leader": pl.Float64,
}


def build_burden_sharing(
    *,
    alliance_members: pl.DataFrame,
    military_expenditure: pl.DataFrame,
    gdp: pl.DataFrame,
    major_powers: pl.DataFrame,
    seed: int = SEED,
) -> StepResult:
    """Correlates product and burden in every alliance and year.

    Args:
        alliance_members: `core.alliance_members`.
        military_expenditure: `core.military_expenditure`: ccode, year, milex_usd.
        gdp: `core.gdp`: ccode, year, gdp_usd.
        major_powers: `core.major_powers`.
        seed: Seed of the permutations; with the number of members it fixes them.

    Returns:
        One row per alliance and year, measured or with its `null_reason`. Nothing is lost.
    """
    spending = military_expenditure.select("ccode", "year", "milex_usd").drop_nulls()
    product = gdp.select("ccode", "year", "gdp_usd").drop_nulls().filter(pl.col("gdp_usd") > 0)
    burdens = spending.join(product, on=["ccode", "year"], how="inner", validate="1:1")
    observed = _observe(alliance_members, burdens, major_powers)
    groups = _judge(observed, burdens)
    chosen = observed.drop_nulls("burden").join(
        groups.filter(pl.col("null_reason").is_null()), on=GROUP, how="semi"
    )
    measured = pl.DataFrame(
        list(_measure_all(chosen, seed)),
        schema={"atopid": pl.Int32, "year": pl.Int16, **_MEASURES},
        orient="row",
    )
    table = groups.join(measured, on=GROUP, how="left", validate="1:1").with_columns(
        pl.lit(N_DRAWS, dtype=pl.Int32).alias("n_draws"),
        pl.lit(seed, dtype=pl.Int64).alias("seed"),
        pl.coalesce(
            "null_reason",
            pl.when(pl.col("spearman_rho").is_null()).then(pl.lit("no_variation")),
        ).alias("null_reason"),
    )
    return StepResult({TABLE: table.sort(GROUP)})


def _observe(
    alliance_members: pl.DataFrame, burdens: pl.DataFrame, major_powers: pl.DataFrame
) -> pl.DataFrame:
    """Members of every alliance-year with product and burden, the largest product first."""
    majors = major_power_years(major_powers).select("ccode", "year", is_major=pl.lit(True))
    return (
        member_years(alliance_members)
        .select(*GROUP, "ccode")
        .join(burdens, on=["ccode", "year"], how="left", validate="m:1")
        .join(majors, on=["ccode", "year"], how="left", validate="m:1")
        .with_columns((pl.col("milex_usd") / pl.col("gdp_usd")).alias("burden"))
        .sort(*GROUP, "gdp_usd", "ccode", descending=[False, False, True, False], nulls_last=True)
    )


def _judge(observed: pl.DataFrame, burdens: pl.DataFrame) -> pl.DataFrame:
    """Alliance-years with their members, and the null reason where nothing is measured."""
    n, n_observed = pl.col("n_members"), pl.col("n_observed")
    covered = pl.col("year").is_between(burdens["year"].min(), burdens["year"].max())
    reason = (
        pl.when(n == 1)
        .then(pl.lit("single_member"))
        .when(~covered.fill_null(False))
        .then(pl.lit("out_of_coverage"))
        .when(n_observed < MIN_MEMBERS)
        .then(pl.lit("n_below_min"))
        .when((5 * n_observed < OBSERVED_IN_FIVE * n) | pl.col("lacks_major"))
        .then(pl.lit("capability_missing"))
    )
    unknown = pl.col("burden").is_null()
    return (
        observed.group_by(GROUP)
        .agg(
            pl.len().cast(pl.Int16).alias("n_members"),
            pl.col("burden").count().cast(pl.Int16).alias("n_observed"),
            (pl.col("is_major").fill_null(False) & unknown).any().alias("lacks_major"),
        )
        .with_columns(reason.alias("null_reason"))
        .drop("lacks_major")
    )


def _measure_all(observed: pl.DataFrame, seed: int) -> Iterator[dict[str, Any]]:
    for (atopid, year), members in observed.group_by(GROUP, maintain_order=True):
        found = burden_measures(members["gdp_usd"].to_numpy(), members["burden"].to_numpy(), seed)
        if found is not None:
            leader = members["ccode"][0]
            yield {"atopid": atopid, "year": year, "leader_ccode": leader, **found}


def burden_measures(
    product: Floats, burden: Floats, seed: int = SEED, draws: int = N_DRAWS
) -> dict[str, float | str | None] | None:
    """All measures of one alliance in one year.

    Args:
        product: The members' gross domestic products, in one currency, the largest first.
        burden: Their military expenditure / product, in the same order.
        seed: Seed of the permutations where they are too many to count.
        draws: Their number.

    Returns:
        Measure to value; None where product or burden does not vary.

    Raises:
        ValueError: Fewer than five members, or the first is not the largest.
    """
    if len(product) < MIN_MEMBERS or len(product) != len(burden) or product[0] < product.max():
        raise ValueError(f"five members or more, the largest first: {product!r}, {burden!r}")
    rho = spearman_rho(product, burden)
    if np.isnan(rho):
        return None
    p_value, method = permutation_p_value(product, burden, seed, draws)
    mean, others = float(burden.mean()), float(burden[1:].mean())
    leader = float(burden[0])
    return {
        "spearman_rho": rho,
        "kendall_tau": kendall_tau(product, burden),
        "p_value": p_value,
        "p_value_method": method,
        "leader_burden": leader,
        "partner_mean_burden": others,
        "leader_gap": leader - others,
        "mean_burden": mean,
        "leader_excess_burden": leader - mean,
        "excess_burden": float(np.maximum(burden - mean, 0.0).sum()),
        **_without_leader(product[1:], burden[1:]),
    }


def _without_leader(product: Floats, burden: Floats) -> dict[str, float | None]:
    names = ("spearman_rho_without_leader", "kendall_tau_without_leader")
    if len(product) < MIN_MEMBERS:
        return dict.fromkeys(names)
    values = (spearman_rho(product, burden), kendall_tau(product, burden))
    return {n: None if np.isnan(v) else v for n, v in zip(names, values, strict=True)}
