"""`metrics.support_returns`, `metrics.support_returns_score`: does support earn goods later?

If allies are paid for siding with the leader, those that side with it more than before get more
afterwards. For core allies, y_it being what the leader gives in year t, and g the gap of agreement
(`metrics.legitimation_gap`; session t + 1945):

E(y_it) = exp(α_i + δ_t + Σ_k β_k·g_i,t−k), k = 1 … 5; the estimate is Σ β_k.

Its unit: log points of y per ten points (.1) of g in all five sessions. By `design`:

* `static`: as above;
* `lagged_outcome`: with ln(1 + y) of the year before, so that persistence is not taken for effect;
  with effects of states this is biased by order 1/T (Nickell 1981);
* `half_panel_jackknife`: the same without that bias (Dhaene and Jochmans 2015).

`estimator`: `ppml`, Poisson pseudo maximum likelihood (0 troops are an outcome); `log_linear`,
least squares of ln(1 + y). Goods: `troops` at the end of September, persons; `troops_per_capita`,
per 100,000 inhabitants; `construction`, military construction in US dollars from 2008, of disclosed
projects only (no project is not known to be none); `bases`, a cross-section without dates: number
of bases on the mean of g over the five sessions before the list begins, without effects, so that
different states are compared.

Troops that fight or occupy are no payment: `wars_out` leaves those years of the hosts out
(reference `wartime_deployments`), `war_hosts_out` all years of such a host, `wars_in` none.

`goods_to_support` is the reverse equation: g on five lags of ln(1 + y), log-linear, with the
weights of g; the estimate is in units of g per log point. An exchange runs both ways.

Errors: CR1, t over days of entry. NULL with fewer than ten states. Scores are those of
`two_way_effects` and `poisson_effects`; the jackknife has none.

References: Santos Silva and Tenreyro 2006 (Review of Economics and Statistics 88: 641-658); Nickell
1981 (Econometrica 49: 1417-1426); Dhaene and Jochmans 2015 (Review of Economic Studies 82:
991-1030).
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import polars as pl

from transforms.coverage import Coverage
from transforms.inference.two_way_effects import Effect
from transforms.metrics.claims.leaders import LEADERS
from transforms.metrics.exchange.estimate_rows import (
    FIGURES,
    SCORE,
    SCORE_KEY,
    figures,
    score_rows,
    table_of,
)
from transforms.metrics.exchange.lagged_sums import (
    DESIGNS,
    FORWARD,
    REVERSE,
    Cell,
    base_effect,
    cell_rows,
    sum_of_lags,
)
from transforms.metrics.exchange.security_goods import bases_of, construction_of, troops_of
from transforms.step_result import StepResult

TABLE, SCORE_TABLE = "metrics.support_returns", "metrics.support_returns_score"
KEY: dict[str, Any] = {
    "leader": pl.Int16,
    **dict.fromkeys(("direction", "good", "estimator", "design", "tier", "sample"), pl.String),
}
VALUES = {name: kind for name, kind in FIGURES.items() if name != "n_switchers"}

MIN_STATES = 10

CELLS = tuple(
    dict.fromkeys(
        (
            *(
                Cell(FORWARD, good, estimator, design)
                for good, estimator, design in product(
                    ("troops", "troops_per_capita"), ("ppml", "log_linear"), DESIGNS
                )
            ),
            *(
                Cell(design=design, sample=sample)
                for design, sample in product(DESIGNS, ("war_hosts_out", "wars_in", "from_1991"))
            ),
            *(Cell(tier="treaty", design=design) for design in DESIGNS),
            Cell(good="construction", sample="all"),
            Cell(good="construction", sample="all", estimator="log_linear"),
            Cell(good="bases", design="cross_section", sample="all"),
            *(
                Cell(REVERSE, good, "log_linear", design)
                for good, design in product(("troops", "troops_per_capita"), DESIGNS)
            ),
        )
    )
)


def build_support_returns(
    *,
    legitimation_gap: pl.DataFrame,
    us_troops: pl.DataFrame,
    capabilities: pl.DataFrame,
    us_construction: pl.DataFrame,
    us_bases: pl.DataFrame,
    ally_tier: pl.DataFrame,
    wartime_deployments: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Estimates all cells.

    Args:
        legitimation_gap: `metrics.legitimation_gap`.
        us_troops: `core.us_troops`.
        capabilities: `core.capabilities`, for populations.
        us_construction: `core.us_construction`.
        us_bases: `core.us_bases`.
        ally_tier: `marts.ally_tier`.
        wartime_deployments: Reference `wartime_deployments`.
        coverage: Of `us_bases`: its beginning is the year of the cross-section.

    Returns:
        `metrics.support_returns` and `metrics.support_returns_score`.
    """
    rows: list[Mapping[str, Any]] = []
    scores: list[Mapping[str, Any]] = []
    sending = us_troops["ccode_from"].unique().to_list()
    for leader in (leader for leader in LEADERS if leader in sending):
        gaps = legitimation_gap.filter(
            pl.col("leader") == leader,
            pl.col("vote_subset") == "all",
            pl.col("control_class") == "popular",
        )
        goods = {
            **troops_of(us_troops, capabilities, wartime_deployments, leader=leader),
            "construction": construction_of(us_construction, leader=leader),
        }
        year = coverage["us_bases"].first.year
        bases = bases_of(us_bases, gaps, ally_tier, leader=leader, year=year)
        for cell in CELLS:
            if cell.good == "bases":
                chosen = bases
                effect = base_effect(bases)
            else:
                chosen = cell_rows(gaps, goods[cell.good], ally_tier, cell, leader=leader)
                effect = sum_of_lags(chosen, cell)
            if chosen["ccode"].n_unique() < MIN_STATES:
                effect = None
            key = {"leader": leader, **vars(cell)}
            rows.append({**key, **described(chosen, cell, effect)})
            if cell.design != "half_panel_jackknife":
                scores += score_rows(key, effect)
    tables = {
        TABLE: table_of(rows, KEY, VALUES),
        SCORE_TABLE: table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
    }
    return StepResult(tables)


def described(rows: pl.DataFrame, cell: Cell, effect: Effect | None) -> dict[str, Any]:
    """Figures of a cell; none where fewer than ten states are in it.

    Args:
        rows: What the cell rests on.
        cell: The cell.
        effect: What it found.
    """
    n_states = rows["ccode"].n_unique()
    if n_states < MIN_STATES:
        return {"inference": "none", "null_reason": "n_below_min", "n_states": n_states}
    way = "jackknife" if cell.design == "half_panel_jackknife" else "cluster_t"
    return {**figures(effect, inference=way), "n_states": n_states}
