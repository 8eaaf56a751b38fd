"""`metrics.spoke_contrast`, `metrics.spoke_contrast_score`: are a hub's partners tied less?

For the hub's partners (a defence promise between hub and partner, either way, ATOP) in region A and
in region B, and the years t of a period in which both have two partners or more:

θ = mean over t of [ρ_A(t) − ρ_B(t)],  ρ_R(t) = ties among the partners in R / pairs of them.

1 − ρ is hubness: 0 pairs tied is a pure star. Ties are defence promises of any alliance. Years
weigh the same (`years`), or each pair in each year does (`pairs`: ties of all years by pairs of all
years). Region B is Europe, the Americas, or all but A (`elsewhere`). Designs:

* `between_regions`: as above. The interval is that of the node jackknife: θ without each partner,
  in all its years, SE² = (N − 2)/(2N) · Σ_k (θ_(k) − mean θ_(·))², N partners, t on N − 1 degrees
  of freedom. p is that of permuting the labels of the two regions among the partners: who is tied
  to whom, and when, stays as it is. 1,999 permutations, twice the smaller tail;
* `partners_minus_others`: ρ among the hub's partners in A minus ρ among pairs of states of A
  neither of which is a partner. Descriptive: the theory says nothing of its sign. Interval and p
  from the node jackknife over all states of A.

Europe is one treaty (NATO), and so are the Americas (Rio): whatever the error says, the contrast is
one region against one.

Score of a partner (`between_regions` alone): its pseudo-value θ + (N − 1)·(θ − θ_(k)), with mean 0
where there is no contrast. Every pair counts for both of its states, so the squares of the
pseudo-values are about twice what they would be of independent parts, and the joint test is
conservative. Range [−1, 1]. NULL: fewer than three partners in either region, or no year with
two in both (n_below_min), or no partner moves the estimate, as where no pair is tied in one region
and all are in the other (no_variation).

Check value: the United States, Asia-Pacific minus Europe, 1955-2018, years: −.845.

References: Snijders and Borgatti 1999 (Connections 22: 161-170); Cha 2016 (Powerplay).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.core.states import REGIONS
from transforms.coverage import Coverage
from transforms.inference.cluster_jackknife import LEAST_ERROR, Interval, t_interval
from transforms.inference.permutation import two_tailed_p
from transforms.metrics.claims.cell_tables import (
    Row,
    estimate_row,
    estimates_frame,
    score_rows,
    scores_frame,
)
from transforms.metrics.claims.leaders import LEADERS
from transforms.metrics.networks.adjacency import YearPledges, year_pledges
from transforms.metrics.networks.partner_ties import Nodes, density_difference, nodes_of
from transforms.step_result import StepResult

TABLE, SCORES = "metrics.spoke_contrast", "metrics.spoke_contrast_score"

CELL = {
    "design": pl.String,
    "region": pl.String,
    "region_other": pl.String,
    "weighting": pl.String,
    "period": pl.String,
}
MORE = {"n_partners": pl.Int16, "n_partners_other": pl.Int16}
PERIODS = {"1955-2018": (1955, 2018), "1955-1991": (1955, 1991), "1992-2018": (1992, 2018)}
WEIGHTINGS = ("years", "pairs")
REGION = "asia_pacific"
OTHER_REGIONS = {
    "europe": ("europe",),
    "americas": ("americas",),
    "elsewhere": tuple(region for region in REGIONS if region != REGION),
}
OTHERS = "others"
MIN_PARTNERS = 3
N_PERMUTATIONS = 1999
SEED = 20190635

Flags = NDArray[np.bool_]
PartnerScores = dict[int, float]
"""Code of a partner to its score."""


def build_spoke_contrast(
    *,
    obligations: pl.DataFrame,
    alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Compares how densely a hub's partners are tied to each other.

    Args:
        obligations: `core.obligations`.
        alliances: `core.alliances` (atopid, phase, is_bilateral).
        states: `core.states`.
        coverage: Of `atop` and `cow_states`.

    Returns:
        One row per hub, design, pair of regions, weighting and period, and one score per cell
        and partner. Nothing is lost.
    """
    first = min(first for first, _ in PERIODS.values())
    years = [
        year
        for year in year_pledges(obligations, alliances, states, coverage)
        if year.year >= first
    ]
    rows: list[Row] = []
    scores: list[Row] = []
    for hub in LEADERS:
        for row, of_partner in _of_hub(hub, years):
            rows.append(row)
            key = {name: row[name] for name in ("leader", *CELL)}
            scores += score_rows(key, (f"state {code}" for code in of_partner), _array(of_partner))
    return StepResult(
        {TABLE: estimates_frame(rows, CELL, MORE), SCORES: scores_frame(scores, CELL)}
    )


def _array(scores: PartnerScores) -> Floats:
    return np.array(list(scores.values()), dtype=np.float64)


def _of_hub(hub: int, years: list[YearPledges]) -> Iterator[tuple[Row, PartnerScores]]:
    for weighting, (period, (first, last)) in product(WEIGHTINGS, PERIODS.items()):
        inside = [year for year in years if first <= year.year <= last]
        named = {"leader": hub, "region": REGION, "weighting": weighting, "period": period}
        for other, regions in OTHER_REGIONS.items():
            nodes = nodes_of(inside, hub, (REGION, *regions))
            found, scores = between_regions(nodes, REGION, weighting)
            yield {**named, "design": "between_regions", "region_other": other, **found}, scores
        found = partners_minus_others(nodes_of(inside, hub, (REGION,)), weighting)
        yield {**named, "design": "partners_minus_others", "region_other": OTHERS, **found}, {}


def between_regions(nodes: Nodes, region: str, weighting: str) -> tuple[Row, PartnerScores]:
    """Density among the hub's partners in one region minus that among its others.

    Args:
        nodes: States of all regions of the contrast.
        region: The first of them.
        weighting: `years` or `pairs`.

    Returns:
        Values of the cell; the score of each partner by its code, none without an estimate.
    """
    ever = np.max([year.is_partner for year in nodes.years], axis=0) > 0
    here = np.array([r == region for r in nodes.regions])
    kept = np.flatnonzero(ever)
    label, n = here[kept] * 1.0, len(kept)
    years = [
        (year.ties[np.ix_(kept, kept)], (year.is_partner * year.is_present)[kept])
        for year in nodes.years
    ]

    def theta(labels: Floats, nodes_left: Floats) -> tuple[Floats, Floats]:
        return density_difference(
            (
                (ties, labels * on * nodes_left, (1 - labels) * on * nodes_left)
                for ties, on in years
            ),
            weighting,
        )

    found = _cell(ever & here, ever & ~here, partial(theta, label[None]), n)
    if found["null_reason"]:
        return found, {}
    rng = np.random.default_rng([SEED, n])
    shuffled = label[rng.random((N_PERMUTATIONS, n)).argsort(axis=1)]
    permuted = theta(shuffled, np.ones((1, n)))[0]
    p_value = two_tailed_p(float(found["estimate"]), permuted)
    estimate = float(found["estimate"])
    pseudo = estimate + (n - 1) * (estimate - theta(label[None], 1 - np.eye(n))[0])
    codes = np.array(nodes.ccodes)[kept].tolist()
    inferred = {**found, "inference": "node_jackknife_permutation", "p_value": p_value}
    return inferred, dict(zip(codes, pseudo.tolist(), strict=True))


def partners_minus_others(nodes: Nodes, weighting: str) -> Row:
    """Density among the hub's partners minus that among states that are none, in one region.

    Args:
        nodes: States of the region.
        weighting: `years` or `pairs`.

    Returns:
        Values of the cell.
    """
    ever = np.max([year.is_partner for year in nodes.years], axis=0) > 0

    def theta(nodes_left: Floats) -> tuple[Floats, Floats]:
        return density_difference(
            (
                (
                    year.ties,
                    year.is_partner * year.is_present * nodes_left,
                    (1 - year.is_partner) * year.is_present * nodes_left,
                )
                for year in nodes.years
            ),
            weighting,
        )

    return _cell(ever, ~ever, theta, len(nodes.ccodes))


def _cell(
    first: Flags, second: Flags, theta: Callable[[Floats], tuple[Floats, Floats]], n: int
) -> Row:
    """Estimate and jackknife of a statistic of which nodes are left (choices × nodes)."""
    counts: Row = {"n_partners": int(first.sum()), "n_partners_other": int(second.sum())}
    if min(counts.values()) < MIN_PARTNERS:
        return {**counts, "n": 0, "null_reason": "n_below_min"}
    estimate, n_years = (float(v[0]) for v in theta(np.ones((1, n))))
    without = theta(1 - np.eye(n))[0]
    if not np.isfinite([estimate, *without]).all():
        return {**counts, "n": int(n_years), "null_reason": "n_below_min"}
    found = node_jackknife(estimate, without)
    if found is None:
        return {**counts, "n": int(n_years), "null_reason": "no_variation"}
    row = estimate_row(estimate, found, int(n_years), n, "node_jackknife")
    return {**row, **counts, "null_reason": None}


def node_jackknife(estimate: float, without: Floats) -> Interval | None:
    """Snijders and Borgatti's interval from the estimates without each node.

    Args:
        estimate: With all nodes.
        without: Without each.

    Returns:
        The interval; None where no node moves the estimate.
    """
    n = len(without)
    squares = float(((without - without.mean()) ** 2).sum())
    std_error = float(np.sqrt((n - 2) / (2 * n) * squares))
    if std_error <= LEAST_ERROR:
        return None
    return t_interval(estimate, std_error, n - 1)
