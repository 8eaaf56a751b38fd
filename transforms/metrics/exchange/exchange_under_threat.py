"""`metrics.exchange_under_threat`, `…_score`: does the ally effect survive what threat explains?

Balancing says that a state sides with a power because both face the same threats: then the effect
of the alliance on votes vanishes once threat is held constant. τ is that of the triple difference,

g_is = α_i + δ_s + τ·Ally_is + β·T_i,s−lag + ε_is

(`metrics.legitimation_gap`; core tier, its weights, CR1 and t over days of entry), with threat T
(`metrics.external_threat`, from which the leader is left out, or threat would fall by construction
when a state becomes its ally). Beside it stands τ without threat on the same rows, for those with
threat are fewer: threat is known from 1946 to 2010. By `quantity`:

* `adjusted` (primary) with threat and covariates, `unadjusted` without;
* `accounted_for`: unadjusted − adjusted; `beyond_half`: adjusted − unadjusted/2, below 0 where
  threat accounts for more than half. Their errors know that both rest on the same rows.

Threat is `external_threat`, or ln(1 + n) of the states that threaten (`n_threats`), of rivals, of
bordering ones and of those with a dispute in the year; `none` for covariates alone. Rows without a
threat are left out, those with a threat whose distance is missing keep the others' sum
(`n_distances_missing`: such distances in the rows that count; `n_threats_missing`: rows left out).

Covariates, as values before treatment × session: `regime` is electoral democracy (V-Dem), `trade`
ln(imports + exports) less the year's mean over states; of the year before the state first was an
ally, for others of their first session here, the last value known, not older than five years. What
an alliance changes is thus not held constant.

Scores, for adjusted and unadjusted, are those of `two_way_effects`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from transforms.inference.combined_effects import combined
from transforms.inference.two_way_effects import Effect, Floats, TwoWayDesign
from transforms.metrics.claims.leaders import leaders_with_dated_allies, too_few_in
from transforms.metrics.exchange.allies import n_switchers
from transforms.metrics.exchange.before_treatment import COVARIATES, with_covariates
from transforms.metrics.exchange.co_movement import LAST_SESSION_OF_FIRST_ERA
from transforms.metrics.exchange.estimate_rows import (
    FIGURES,
    SCORE,
    SCORE_KEY,
    figures,
    score_rows,
    table_of,
)
from transforms.rollcall_matrix import SESSION_OFFSET
from transforms.step_result import StepResult

TABLE, SCORE_TABLE = "metrics.exchange_under_threat", "metrics.exchange_under_threat_score"
NONE = "none"
QUANTITIES = ("adjusted", "unadjusted", "accounted_for", "beyond_half")
MEASURES = ("external_threat", "n_threats", "n_rivals", "n_bordering", "n_disputes")
LAGS = (0, 1, 2, 3, 5)
SCALES = {"share": "gap", "logit": "gap_logit"}
KEY: dict[str, Any] = {
    "leader": pl.Int16,
    "threat": pl.String,
    "lag": pl.Int16,
    **dict.fromkeys(("covariates", "control_class", "design", "scale", "quantity"), pl.String),
}
VALUES = {**FIGURES, "n_distances_missing": pl.Int32, "n_threats_missing": pl.Int32}


@dataclass(frozen=True)
class Pair:
    """Two regressions on the same rows, with threat and covariates and without; as in the table."""

    threat: str = "external_threat"
    lag: int = 1
    covariates: str = NONE
    control_class: str = "popular"
    design: str = "two_way"


PAIRS = tuple(
    dict.fromkeys(
        (
            *(Pair(threat, lag) for threat, lag in product(MEASURES, LAGS)),
            *(
                Pair(covariates=covariates, design=design)
                for covariates, design in product((NONE, *COVARIATES), ("two_way", "state_era"))
            ),
            *(Pair(covariates=name, control_class="contested") for name in (NONE, *COVARIATES)),
            *(Pair(NONE, 0, covariates) for covariates in COVARIATES),
        )
    )
)


def build_exchange_under_threat(
    *,
    legitimation_gap: pl.DataFrame,
    external_threat: pl.DataFrame,
    regimes: pl.DataFrame,
    trade: pl.DataFrame,
    ally_tier: pl.DataFrame,
) -> StepResult:
    """Estimates all pairs of regressions.

    Args:
        legitimation_gap: `metrics.legitimation_gap`.
        external_threat: `metrics.external_threat`.
        regimes: `core.regimes`.
        trade: `core.trade`.
        ally_tier: `marts.ally_tier`, for the first year as an ally.

    Returns:
        `metrics.exchange_under_threat` and `metrics.exchange_under_threat_score`.
    """
    rows: list[Mapping[str, Any]] = []
    scores: list[Mapping[str, Any]] = []
    for leader in leaders_with_dated_allies(ally_tier):
        panel = legitimation_gap.filter(
            pl.col("leader") == leader,
            pl.col("vote_subset") == "all",
            pl.col("null_reason").is_null(),
            pl.col("is_ally").is_not_null(),
        )
        panel = with_covariates(panel, regimes, trade, ally_tier, leader=leader)
        threat = external_threat.filter(pl.col("ccode_hegemon") == leader)
        for pair in PAIRS:
            found, of_clusters = estimates_of_pair(panel, threat, pair, leader)
            rows += found
            scores += of_clusters
    tables = {
        TABLE: table_of(rows, KEY, VALUES),
        SCORE_TABLE: table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
    }
    return StepResult(tables)


def estimates_of_pair(
    panel: pl.DataFrame, threat: pl.DataFrame, pair: Pair, leader: int
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Rows of both tables for one pair of regressions.

    Args:
        panel: `metrics.legitimation_gap` of the leader, with covariates.
        threat: `metrics.external_threat` of the leader.
        pair: The regressions.
        leader: COW code.
    """
    rows: list[Mapping[str, Any]] = []
    scores: list[Mapping[str, Any]] = []
    chosen, counts = rows_of_pair(panel, threat, pair)
    key: dict[str, Any] = {"leader": leader, **vars(pair)}
    if reason := too_few_in(chosen):
        none = {"inference": "none", "null_reason": reason, **counts}
        cells = product(SCALES, QUANTITIES)
        return [{**key, "scale": s, "quantity": q, **none} for s, q in cells], []
    for (scale, quantity), effect in effects_of_pair(chosen, pair).items():
        key = {**key, "scale": scale, "quantity": quantity}
        rows.append({**key, **figures(effect), **counts})
        if quantity in ("adjusted", "unadjusted"):
            scores += score_rows(key, effect)
    return rows, scores


def rows_of_pair(
    panel: pl.DataFrame, threat: pl.DataFrame, pair: Pair
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that both regressions rest on, and what they lack.

    Args:
        panel: `metrics.legitimation_gap` of the leader, with covariates.
        threat: `metrics.external_threat` of the leader.
        pair: The regressions.

    Returns:
        Rows with the column threat, by state and session; their counts.
    """
    rows = panel.filter(pl.col("control_class") == pair.control_class)
    n_missing, n_distances = 0, 0
    if pair.threat == NONE:
        rows = rows.with_columns(pl.lit(0.0).alias("threat"))
    else:
        of_year = threat.select(
            "ccode",
            (pl.col("year") + pair.lag - SESSION_OFFSET).cast(pl.Int16).alias("session"),
            _measure(pair.threat).alias("threat"),
            "n_distance_missing",
        )
        covered = rows.join(of_year.select("session").unique(), on="session", how="semi")
        rows = covered.join(of_year, on=["ccode", "session"], how="inner", validate="m:1")
        rows = rows.drop_nulls("threat")
        n_missing = covered.height - rows.height
        n_distances = int(rows["n_distance_missing"].sum())
    names = COVARIATES.get(pair.covariates, ())
    rows = rows.drop_nulls(names).sort("ccode", "session")
    return rows, {
        "n_states": rows["ccode"].n_unique(),
        "n_switchers": n_switchers(rows),
        "n_distances_missing": n_distances,
        "n_threats_missing": n_missing,
    }


def _measure(name: str) -> pl.Expr:
    if name == "external_threat":
        return pl.col(name)
    # NULL where nothing is known of anybody that may threaten, as the sum is
    known = pl.col("external_threat").is_not_null()
    return pl.when(known).then(pl.col(name).cast(pl.Float64).log1p())


def effects_of_pair(rows: pl.DataFrame, pair: Pair) -> dict[tuple[str, str], Effect | None]:
    """τ with and without controls and their combinations, by scale and quantity.

    Args:
        rows: As `rows_of_pair` returns them.
        pair: The regressions.
    """
    found: dict[tuple[str, str], Effect | None] = {}
    designs = None
    if not rows.is_empty():
        designs = [design_of(rows, pair, columns) for columns in (controls(rows, pair), None)]
    for scale, column in SCALES.items():
        outcome = rows[column].to_numpy()
        adjusted, unadjusted = [d.effect(outcome) for d in designs] if designs else (None, None)
        found[scale, "adjusted"], found[scale, "unadjusted"] = adjusted, unadjusted
        if adjusted is not None and unadjusted is not None:
            difference = combined([(1.0, unadjusted), (-1.0, adjusted)])
            found[scale, "accounted_for"] = difference
            found[scale, "beyond_half"] = combined([(1.0, adjusted), (-0.5, unadjusted)])
    return found


def design_of(rows: pl.DataFrame, pair: Pair, columns: Floats | None) -> TwoWayDesign:
    """All of a regression but its outcome.

    Args:
        rows: ccode, session, is_ally, weight and cluster.
        pair: For its design.
        columns: Controls, rows × columns.
    """
    unit, session = rows["ccode"].to_numpy().astype(np.int64), rows["session"].to_numpy()
    if pair.design == "state_era":
        unit = unit * 2 + (session > LAST_SESSION_OF_FIRST_ERA)
    return TwoWayDesign(
        regressor=rows["is_ally"].cast(pl.Float64).to_numpy(),
        weights=rows["weight"].to_numpy(),
        unit=unit,
        period=session,
        cluster=rows["cluster"].to_numpy(),
        controls=columns,
    )


def controls(rows: pl.DataFrame, pair: Pair) -> Floats:
    """Threat, and covariates × session; what effects explain is left out by the regression.

    Args:
        rows: As `rows_of_pair` returns them.
        pair: The regressions.
    """
    session = rows["session"].to_numpy()
    dummies = (session[:, None] == np.unique(session)[None, :]).astype(np.float64)
    parts = [rows["threat"].to_numpy()[:, None]]
    for name in COVARIATES.get(pair.covariates, ()):
        parts.append(rows[name].to_numpy()[:, None] * dummies)
    return np.hstack(parts)
