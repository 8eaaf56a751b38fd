"""`metrics.predictability`, `metrics.predictability_score`: do clients surprise the leader less?

Outcomes, each on a scale of its own:

* `co_movement`: effect of being an ally on the variance of what a state's agreement changes between
  sessions; below 0, allies are steadier (`co_movement`);
* `client_disputes`: effect of both being clients on the probability of a dispute between neighbours
  (`client_disputes`);
* `n_clients`, `n_client_regions`, `independence_index_without_eu`, `troops_per_capita`: trends; and
  `exit_rate`: description (`client_trends`).

Scores, for the first two: Σ w·x̃·ũ by cluster with no effect imposed (`two_way_effects`).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.coverage import Coverage, end_of_year
from transforms.metrics.claims.leaders import leaders_with_dated_allies, too_few_in
from transforms.metrics.exchange.allies import with_cluster
from transforms.metrics.exchange.client_disputes import dispute_effect, dyad_years
from transforms.metrics.exchange.client_trends import key_of, trends_and_exits
from transforms.metrics.exchange.co_movement import CELLS, cell_rows, co_movement, described
from transforms.metrics.exchange.estimate_rows import (
    FIGURES,
    SCORE,
    SCORE_KEY,
    figures,
    score_rows,
    table_of,
)
from transforms.step_result import StepResult

TABLE, SCORE_TABLE = "metrics.predictability", "metrics.predictability_score"
KEY: dict[str, Any] = {
    "leader": pl.Int16,
    **dict.fromkeys(("outcome", "tier", "vote_class", "scale", "design", "sample"), pl.String),
}
VALUES = {"mean_others": pl.Float64, "equivalence_bound": pl.Float64, **FIGURES}


def build_predictability(
    *,
    vote_predictability: pl.DataFrame,
    client_network: pl.DataFrame,
    ally_tier: pl.DataFrame,
    states: pl.DataFrame,
    contiguity: pl.DataFrame,
    disputes: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Estimates all cells.

    Args:
        vote_predictability: `metrics.vote_predictability`.
        client_network: `metrics.client_network`.
        ally_tier: `marts.ally_tier`.
        states: `core.states` (ccode, region).
        contiguity: `core.contiguity`.
        disputes: `core.disputes`.
        coverage: Of `disputes`: its end is the last year.

    Returns:
        `metrics.predictability` and `metrics.predictability_score`.
    """
    latest = disputes["year"].max()
    last = coverage["disputes"].end(end_of_year(latest if isinstance(latest, int) else None)).year
    regions = states.select("ccode", "region").unique("ccode")
    rows: list[Mapping[str, Any]] = []
    scores: list[Mapping[str, Any]] = []
    for leader in leaders_with_dated_allies(ally_tier):
        panel = with_cluster(
            vote_predictability.filter(
                pl.col("leader") == leader, pl.col("null_reason").is_null()
            ).join(regions, on="ccode", how="left", validate="m:1"),
            ally_tier,
            leader=leader,
        )
        for cell in CELLS:
            key = {"leader": leader, "outcome": "co_movement", **vars(cell)}
            chosen = cell_rows(panel, ally_tier, cell, leader=leader)
            if reason := too_few_in(chosen):
                rows.append({**key, "inference": "none", "null_reason": reason})
                continue
            effect = co_movement(chosen, cell.design)
            rows.append({**key, **described(chosen, effect)})
            scores += score_rows(key, effect)
        key = key_of(leader, "client_disputes", design="two_way", scale="probability")
        dyads = dyad_years(
            contiguity=contiguity,
            disputes=disputes,
            ally_tier=ally_tier,
            leader=leader,
            last_year=last,
        )
        effect = dispute_effect(dyads)
        rows.append({**key, **figures(effect)})
        scores += score_rows(key, effect)
        rows += trends_and_exits(leader, client_network.filter(pl.col("leader") == leader))
    return StepResult(
        {
            TABLE: table_of(rows, KEY, VALUES),
            SCORE_TABLE: table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
        }
    )
