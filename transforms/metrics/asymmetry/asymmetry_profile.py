"""`metrics.asymmetry_profile`: four components of the asymmetry of an alliance, and their mean.

Per alliance and year, with the leader ℓ by CINC and partners p:

==========  =========================================================================
capability  (first − second) / (first + second) by CINC
exchange    share of partners whose support of ℓ on votes that it lost exceeds what
            their preferences predict: residual of LP3 in the year's session with a
            95 % interval above 0; over at least three partners with a residual
formality   formality_security: mean over partners of max(0, o_ℓ − o_p) for defence;
            formality_kind: max(0, o_p − o_ℓ) for territory and resources, not in the mean
hierarchy   mean over partners of Lake's index of lacking other allies, towards ℓ
==========  =========================================================================

Each is in [0, 1] by its definition; nothing is scaled by the data. scalar is the mean of
capability, exchange, formality_security and hierarchy, and NULL unless all four are known. Other
weights give a value between scalar_min and scalar_max, the smallest and the largest component.
10,000 weights drawn uniformly (Dirichlet with ones) show how the ranking of the year's complete
alliances depends on them: rank_acceptability_first and the range of ranks. Ties share the better
rank.

References: Lahdelma and Salminen 2001 (Operations Research 49: 444-454); Lake 2009; Istomin and
Baykov 2019.
"""

import numpy as np
import polars as pl
from scipy.stats import rankdata

from transforms.contingency_tables import Floats
from transforms.metrics.asymmetry.group_means import group_means
from transforms.rollcall_matrix import SESSION_OFFSET
from transforms.step_result import StepResult

TABLE = "metrics.asymmetry_profile"

COMPONENTS = ("capability", "exchange", "formality_security", "hierarchy")
MIN_PARTNERS = 3
VOTE_CLASS = "unpopular"
N_DRAWS = 10_000
SEED = 20190634
KEY = ["atopid", "year"]
RANKS = ("rank_acceptability_first", "rank_expected", "rank_low", "rank_high")


def build_asymmetry_profile(
    *,
    capability_asymmetry: pl.DataFrame,
    alliance_year: pl.DataFrame,
    obligation_balance: pl.DataFrame,
    security_hierarchy: pl.DataFrame,
    legitimation_supply: pl.DataFrame | None = None,
) -> StepResult:
    """Joins the components of every alliance-year.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.
        alliance_year: `marts.alliance_year`: phase, member_ccodes.
        obligation_balance: `metrics.obligation_balance`.
        security_hierarchy: `metrics.security_hierarchy`.
        legitimation_supply: `metrics.legitimation_supply`; without it exchange is NULL.

    Returns:
        One row per alliance and year. Nothing is lost.
    """
    base = _capability(capability_asymmetry).join(
        alliance_year.select(*KEY, "phase", "member_ccodes"), on=KEY, how="left", validate="1:1"
    )
    partners = (
        base.drop_nulls("leader_ccode")
        .select(*KEY, "leader_ccode", ccode=pl.col("member_ccodes").str.split(" "))
        .explode("ccode")
        .with_columns(pl.col("ccode").cast(pl.Int16))
        .filter(pl.col("ccode") != pl.col("leader_ccode"))
    )
    table = (
        base.join(_exchange(partners, legitimation_supply), on=KEY, how="left", validate="1:1")
        .join(_hierarchy(partners, security_hierarchy), on=KEY, how="left", validate="1:1")
        .join(_formality(obligation_balance), on=["atopid", "phase"], how="left", validate="m:1")
        .with_columns(pl.col("n_partners_measured").fill_null(0))
    )
    return StepResult({TABLE: _rank(_scalar(_reasons(table))).drop("phase", "member_ccodes")})


def _capability(capability_asymmetry: pl.DataFrame) -> pl.DataFrame:
    milex = capability_asymmetry.filter(pl.col("variable") == "milex").select(
        *KEY, capability_milex="dominance"
    )
    return (
        capability_asymmetry.filter(pl.col("variable") == "cinc")
        .select(
            *(*KEY, "leader_ccode", "n_members", "has_defense_or_offense"),
            capability="dominance",
            capability_null_reason="null_reason",
            n_partners=pl.when(pl.col("leader_ccode").is_not_null())
            .then(pl.col("n_members") - 1)
            .cast(pl.Int16),
        )
        .join(milex, on=KEY, how="left", validate="1:1")
    )


def _exchange(partners: pl.DataFrame, supply: pl.DataFrame | None) -> pl.DataFrame:
    """Share of partners with a residual above 0, of those whose residual has an interval."""
    empty = {"exchange": pl.Float64, "n_partners_measured": pl.Int16, "is_supplied": pl.Boolean}
    if supply is None:
        return (
            partners.select(KEY)
            .clear()
            .with_columns(*(pl.lit(None, dtype=dtype).alias(name) for name, dtype in empty.items()))
        )
    of_session = supply.filter(
        (pl.col("session_from") == pl.col("session_to")) & (pl.col("vote_class") == VOTE_CLASS)
    ).select(
        "ccode",
        leader_ccode="ccode_hegemon",
        year=(pl.col("session_from") + SESSION_OFFSET).cast(pl.Int16),
        is_above=pl.col("ci_low") > 0,
    )
    leaders = of_session.select("leader_ccode", "year").unique().with_columns(is_supplied=True)
    known = pl.col("is_above").count()
    return (
        partners.join(of_session, on=["ccode", "leader_ccode", "year"], how="left", validate="m:1")
        .join(leaders, on=["leader_ccode", "year"], how="left", validate="m:1")
        .group_by(KEY)
        .agg(
            pl.when(known >= MIN_PARTNERS).then(pl.col("is_above").mean()).alias("exchange"),
            known.cast(pl.Int16).alias("n_partners_measured"),
            pl.col("is_supplied").any().alias("is_supplied"),
        )
    )


def _hierarchy(partners: pl.DataFrame, security_hierarchy: pl.DataFrame) -> pl.DataFrame:
    """Mean index over partners, and whether the table covers the leader."""
    index = security_hierarchy.select(
        "year", "independence_index", leader_ccode="ccode_from", ccode="ccode_to"
    )
    leaders = index.select("leader_ccode").unique().with_columns(is_ranked=True)
    joined = partners.join(
        index, on=["leader_ccode", "ccode", "year"], how="left", validate="m:1"
    ).join(leaders, on="leader_ccode", how="left", validate="m:1")
    means = group_means(joined, KEY, "independence_index", ["ccode"], "hierarchy")
    ranked = joined.group_by(KEY).agg(pl.col("is_ranked").any().alias("is_ranked"))
    return ranked.join(means, on=KEY, how="left", validate="1:1")


def _formality(obligation_balance: pl.DataFrame) -> pl.DataFrame:
    items = obligation_balance.filter(pl.col("item").is_in(["defense", "terrres"]))
    # a leader promises or does not, so the mean over partners of the larger of 0 and the
    # difference is the larger of 0 and the balance
    at_least_0 = pl.col("balance").clip(lower_bound=0.0)
    return items.group_by("atopid", "phase").agg(
        at_least_0.filter(pl.col("item") == "defense").first().alias("formality_security"),
        at_least_0.filter(pl.col("item") == "terrres").first().alias("formality_kind"),
        pl.col("null_reason").first().alias("formality_null_reason"),
    )


def _reasons(table: pl.DataFrame) -> pl.DataFrame:
    first_session = SESSION_OFFSET + 1
    no_leader = pl.when(pl.col("leader_ccode").is_null()).then(pl.lit("capability_missing"))
    exchange = (
        no_leader.when(pl.col("year") < first_session)
        .then(pl.lit("out_of_coverage"))
        .when(~pl.col("is_supplied").fill_null(False))
        .then(pl.lit("unit_not_in_source"))
        .when(pl.col("exchange").is_null())
        .then(pl.lit("n_below_min"))
    )
    hierarchy = (
        no_leader.when(~pl.col("is_ranked").fill_null(False))
        .then(pl.lit("unit_not_in_source"))
        .when(pl.col("hierarchy").is_null())
        .then(pl.lit("out_of_coverage"))
    )
    formality = (
        pl.when(pl.col("formality_security").is_null())
        .then(pl.coalesce("formality_null_reason", pl.lit("unit_not_in_source")))
        .alias("formality_null_reason")
    )
    return table.with_columns(
        exchange.alias("exchange_null_reason"), hierarchy.alias("hierarchy_null_reason"), formality
    ).drop("is_supplied", "is_ranked")


def _scalar(table: pl.DataFrame) -> pl.DataFrame:
    is_complete = pl.all_horizontal(pl.col(COMPONENTS).is_not_null())
    weight = 1 / len(COMPONENTS)

    def known(value: pl.Expr) -> pl.Expr:
        return pl.when(is_complete).then(value)

    return table.with_columns(
        known(pl.sum_horizontal(pl.col(COMPONENTS)) * weight).alias("scalar"),
        known(pl.min_horizontal(pl.col(COMPONENTS))).alias("scalar_min"),
        known(pl.max_horizontal(pl.col(COMPONENTS))).alias("scalar_max"),
        known(pl.lit(weight)).alias("weight_each"),
        is_complete.sum().over("year").cast(pl.Int16).alias("n_complete"),
        pl.lit(SEED, dtype=pl.Int64).alias("seed"),
        pl.coalesce(
            "capability_null_reason",
            "exchange_null_reason",
            "formality_null_reason",
            "hierarchy_null_reason",
        ).alias("null_reason"),
    )


def _rank(table: pl.DataFrame) -> pl.DataFrame:
    complete = table.drop_nulls("scalar").sort(KEY)
    blocks = []
    for (year,), rows in complete.group_by("year", maintain_order=True):
        draws = np.random.default_rng([SEED, int(str(year))]).dirichlet([1.0] * 4, N_DRAWS)
        found = rank_acceptability(rows.select(COMPONENTS).to_numpy(), draws)
        blocks.append(rows.select(KEY).with_columns(pl.Series(n, found[n]) for n in RANKS))
    schema = {name: table.schema[name] for name in KEY} | dict.fromkeys(RANKS, pl.Float64)
    ranks = pl.concat([pl.DataFrame(schema=schema), *blocks])
    return table.join(ranks, on=KEY, how="left", validate="1:1")


def rank_acceptability(components: Floats, weights: Floats) -> dict[str, Floats]:
    """How often each alliance ranks where, over drawn weights.

    Args:
        components: Alliances × components.
        weights: Draws × components; each row sums to 1.

    Returns:
        Per alliance: `rank_acceptability_first` (share of draws in which none is above it),
        `rank_expected`, and `rank_low` and `rank_high`, the 2.5 and 97.5 percentiles.
    """
    scores = np.einsum("dc,ac->da", weights, components)
    ranks = rankdata(-scores.round(12), method="min", axis=1)
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0)
    return {
        "rank_acceptability_first": (ranks == 1).mean(axis=0),
        "rank_expected": ranks.mean(axis=0),
        "rank_low": low,
        "rank_high": high,
    }
