"""`metrics.written_balance`, `metrics.written_balance_score`: what leader and partners promise.

Units are phases of asymmetric alliances (first to second by q or more in the year that decides who
leads) with a promise of defence or offence; each phase counts once. For each item k:

* balance: mean of the leader's promise minus the partners' mean, or for items of partners
  (territory, politics) the partners' mean minus the leader's, as `metrics.obligation_balance` has
  it. 0 is no written asymmetry;
* leader_share: mean of the leader's promise, which says whether the duty is written at all;
* partner_share: mean over phases of the share of partners that promise;
* any_partner_share: share of phases in which at least one partner promises.

Sample `all`: phases of all leaders; the clusters are leaders. Sample `own`: phases that this leader
led; the clusters are alliances. The error is that of leaving out one cluster at a time (CV3), with
t on the effective number of clusters − 1: 28 leaders count as 8, since the Soviet Union led a
quarter of the phases (`inference.cluster_jackknife`). Where all phases have the same value no
cluster moves the estimate: the interval is then exact for clusters as units, as far as 1 −
.025^(1/G) from it, since a value that none of G clusters has may be that of as many (Clopper and
Pearson; `exact`).

Score of a cluster, with a mean of 0: the sum of its phases' values. Range: [−1, 1].

References: Leeds, Ritter, Mitchell and Long 2002 (International Interactions 28: 237-260);
MacKinnon, Nielsen and Webb 2023 (J. Applied Econometrics 38: 671-694).
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.inference.cluster_jackknife import CONFIDENCE, Interval, jackknife
from transforms.metrics.claims.asymmetry_trend import AT_LEAST, alliance_years
from transforms.metrics.claims.cell_tables import (
    Row,
    estimate_row,
    estimates_frame,
    score_rows,
    scores_frame,
)
from transforms.metrics.claims.leaders import LEADERS, PAPER_LEADER
from transforms.metrics.claims.resampling import MIN_CLUSTERS
from transforms.metrics.claims.written_obligations import FORMED
from transforms.step_result import StepResult

TABLE, SCORES = "metrics.written_balance", "metrics.written_balance_score"

CELL = {
    "sample": pl.String,
    "statistic": pl.String,
    "item": pl.String,
    "q": pl.Int16,
    "formed": pl.String,
}
STATISTICS = {
    "balance": pl.col("balance"),
    "leader_share": pl.col("leader_value"),
    "partner_share": pl.col("partner_mean"),
    "any_partner_share": (pl.col("partner_mean") > 0).cast(pl.Float64),
}
ITEMS = ("defense", "offense", "hard", "consul", "terrres", "dipaid", "pol")
RATIOS = (1, 2, 3, 5, 10)
ALL, OWN = "all", "own"


def build_written_balance(
    *, obligation_balance: pl.DataFrame, capability_asymmetry: pl.DataFrame
) -> StepResult:
    """Estimates what is written, by item, statistic, ratio and time of formation.

    Args:
        obligation_balance: `metrics.obligation_balance`.
        capability_asymmetry: `metrics.capability_asymmetry`; its CINC rows.

    Returns:
        Estimates, one row per cell, and scores of the cells of all leaders. NULL where there is no
        phase (unit_not_in_source) or fewer than five clusters (n_below_min). Nothing is lost.
    """
    phases = asymmetric_phases(obligation_balance, capability_asymmetry)
    estimates: list[Row] = []
    scores: list[Row] = []
    for leader, sample in _samples():
        own = phases.filter(pl.col("leader_ccode") == leader) if sample == OWN else phases
        for cell, rows in _cells(own):
            key = {"leader": leader, "sample": sample, **cell}
            values, clusters = values_of(rows, str(cell["statistic"]), sample)
            found, of_cluster = mean_of_phases(values, clusters)
            estimates.append({**key, **found})
            if sample == ALL and of_cluster is not None:
                scores += score_rows(key, (f"leader {c}" for c in np.unique(clusters)), of_cluster)
    return StepResult({TABLE: estimates_frame(estimates, CELL), SCORES: scores_frame(scores, CELL)})


def _samples() -> Iterator[tuple[int, str]]:
    yield PAPER_LEADER, ALL
    yield from ((leader, OWN) for leader in LEADERS)


def asymmetric_phases(
    obligation_balance: pl.DataFrame, capability_asymmetry: pl.DataFrame
) -> pl.DataFrame:
    """Phases with a known balance, and the ratio of the year that decides who leads.

    Args:
        obligation_balance: `metrics.obligation_balance`.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One row per alliance, phase and item, of alliances with a promise of defence or offence in
        that year.
    """
    by_year = alliance_years(capability_asymmetry, "cinc").select("atopid", "year", "ratio")
    return (
        obligation_balance.filter(pl.col("null_reason").is_null())
        .join(
            by_year,
            left_on=["atopid", "leader_year"],
            right_on=["atopid", "year"],
            how="inner",
            validate="m:1",
        )
        .sort("atopid", "phase", "item")
    )


def _cells(phases: pl.DataFrame) -> Iterator[tuple[Row, pl.DataFrame]]:
    for item, q, (formed, (first, last)) in product(ITEMS, RATIOS, FORMED.items()):
        rows = phases.filter(
            pl.col("item") == item,
            pl.col("ratio") >= q * AT_LEAST,
            pl.col("leader_year").is_between(first, last),
        )
        for statistic in STATISTICS:
            yield {"statistic": statistic, "item": item, "q": q, "formed": formed}, rows


def values_of(rows: pl.DataFrame, statistic: str, sample: str) -> tuple[Floats, NDArray[np.int64]]:
    """What is averaged over phases, and the cluster of each.

    Args:
        rows: Phases of one item (`asymmetric_phases`).
        statistic: A key of `STATISTICS`.
        sample: `all` (clusters are leaders) or `own` (alliances).
    """
    cluster = "atopid" if sample == OWN else "leader_ccode"
    values = rows.select(STATISTICS[statistic].alias("value"))["value"].to_numpy()
    return values, rows[cluster].cast(pl.Int64).to_numpy()


def mean_of_phases(values: Floats, clusters: NDArray[np.int64]) -> tuple[Row, Floats | None]:
    """A mean with the interval of leaving out clusters, and the scores of a mean of 0.

    Args:
        values: One per phase.
        clusters: Cluster of each.

    Returns:
        Values of the cell; scores in the order of the clusters, None where there is no estimate.
    """
    n = len(values)
    if n == 0:
        return {"n": 0, "null_reason": "unit_not_in_source"}, None
    codes, place = np.unique(clusters, return_inverse=True)
    n_clusters = len(codes)
    if n_clusters < MIN_CLUSTERS:
        return {"n": n, "n_clusters": n_clusters, "null_reason": "n_below_min"}, None
    scores = np.bincount(place, values, n_clusters).astype(np.float64)
    sizes = np.bincount(place, minlength=n_clusters)
    estimate = float(scores.sum()) / n
    without = (scores.sum() - scores) / (n - sizes)
    found = jackknife(estimate, without, sizes.astype(np.float64))
    if found is not None:
        return estimate_row(estimate, found, n, n_clusters, "cluster_jackknife"), scores
    if np.ptp(values) > 0:  # clusters that all have the same mean
        return {"n": n, "n_clusters": n_clusters, "null_reason": "no_variation"}, None
    return estimate_row(estimate, exact_bound(estimate, n_clusters), n, n_clusters, "exact"), scores


def exact_bound(estimate: float, n_clusters: int) -> Interval:
    """Interval of a mean from which no cluster differs.

    Args:
        estimate: The value that all have, in [−1, 1].
        n_clusters: Clusters.

    Returns:
        The interval within [−1, 1]; the error is 0, and p is that of as many clusters with equal
        signs, 1 for an estimate of 0.
    """
    reach = 1 - ((1 - CONFIDENCE) / 2) ** (1 / n_clusters)
    p_value = 1.0 if estimate == 0 else min(1.0, 2.0 ** (1 - n_clusters))
    return Interval(0.0, max(estimate - reach, -1.0), min(estimate + reach, 1.0), p_value)
