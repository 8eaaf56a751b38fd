"""Performance of a verdict rule over many worlds: false support, power and coverage.

* False support: share of the worlds in which a claim is not true and its verdict is supported.
* Power: the same share where the claim is true.
* Coverage: share of the 95 % intervals that hold the true value.

Every share has Wilson's interval. False support is above its nominal rate only where that rate is
below the lower end of the interval, which takes many worlds. A primary fails where its coverage is
below .92 and the upper end of Clopper and Pearson's interval is below .95.

References: Wilson 1927 (Journal of the American Statistical Association 22: 209-212); Clopper and
Pearson 1934 (Biometrika 26: 404-413).
"""

from collections.abc import Mapping

import polars as pl
from scipy.stats import beta

from transforms.calibration.scenario import Family
from transforms.inference.fisher_exact import wilson_interval

NOMINAL_FALSE_SUPPORT = 0.05
NOMINAL_COVERAGE = 0.95
LEAST_COVERAGE = 0.92
VERDICTS = (
    *("supported", "mixed", "not_supported", "contradicted", "negligible", "inconclusive"),
    "not_testable",
)


def with_share(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds share, low and high to rows with counts n_yes and n."""
    ends = [wilson_interval(y, n) for y, n in rows.select("n_yes", "n").iter_rows()]
    return rows.with_columns(
        share=pl.col("n_yes") / pl.col("n"),
        low=pl.Series([low for low, _ in ends], dtype=pl.Float64),
        high=pl.Series([high for _, high in ends], dtype=pl.Float64),
    )


def does_cover_too_little(n_held: int, n: int) -> bool:
    """Whether a primary fails: coverage below .92, and significantly below .95.

    Args:
        n_held: Intervals that hold the truth.
        n: Intervals.
    """
    upper = float(beta.ppf(0.975, n_held + 1, n - n_held)) if n_held < n else 1.0
    return n_held / n < LEAST_COVERAGE and upper < NOMINAL_COVERAGE


def count_verdicts(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Counts the verdicts of a claim in a scenario.

    Args:
        verdicts: One row per world and claim, of `run_worlds`.

    Returns:
        family, scenario, claim, n (worlds), and n_<verdict> for each verdict.
    """
    return verdicts.group_by("family", "scenario", "claim", maintain_order=True).agg(
        pl.len().alias("n"),
        *((pl.col("verdict") == verdict).sum().alias(f"n_{verdict}") for verdict in VERDICTS),
    )


def support(counted: pl.DataFrame, families: Mapping[str, Family]) -> pl.DataFrame:
    """How often each verdict is given, by claim and scenario.

    Args:
        counted: Rows of `count_verdicts`.
        families: The families.

    Returns:
        claim, edition, family, scenario, kind, size, is_true, n, n_<verdict> for each verdict, and
        share, low and high of supported; in the families' order.
    """
    order = [
        {
            "family": name,
            "scenario": scenario.name,
            "kind": scenario.kind,
            "variant": scenario.variant,
            "size": scenario.size,
            "claim": claim,
            "edition": family.edition,
            "is_true": scenario.holds(claim),
        }
        for name, family in families.items()
        for claim in family.claims
        for scenario in family.scenarios
    ]
    rows = pl.DataFrame(order).join(
        counted, on=["family", "scenario", "claim"], how="inner", maintain_order="left"
    )
    return with_share(rows.with_columns(n_yes="n_supported")).drop("n_yes")


def count_intervals(estimates: pl.DataFrame) -> pl.DataFrame:
    """Counts the intervals that hold the truth, by claim, family, test and scenario.

    Args:
        estimates: One row per world and test, of `run_worlds`.

    Returns:
        claim, family, test, scenario, is_primary, truth, mean_estimate, n (worlds with an
        interval), n_yes (those that hold the truth). `with_share` adds how often they do.
    """
    known = estimates.drop_nulls(["ci_low", "ci_high"])
    holds = pl.col("truth").is_between("ci_low", "ci_high")
    named = known.with_columns(is_primary=pl.col("role") == "primary")
    key = ("claim", "family", "test", "scenario", "is_primary")
    return named.group_by(key, maintain_order=True).agg(
        pl.col("truth").first(),
        pl.col("estimate").mean().alias("mean_estimate"),
        pl.len().alias("n"),
        holds.sum().alias("n_yes"),
    )
