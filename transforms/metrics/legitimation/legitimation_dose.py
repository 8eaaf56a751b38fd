"""`metrics.legitimation_dose`: slope of agreement on the strength of the guarantee.

Slope of the agreement on unpopular votes on each of the doses (`guarantee_strength`):

* `cross_section`: states' pooled agreement over the range on their mean dose, each state counting
  the same, by least squares; interval and p-value from 2,000 draws of states;
* `within`: Λ_is = α_i + δ_s + τ · dose_is over state-sessions with ten votes, votes as weights;
  wild cluster bootstrap-t over states with 999 draws.

The slope on tier_steps is also estimated for popular votes, as a placebo: states that come closer
to the hegemon on all votes need not do so because of the guarantee.

At least ten states with ten votes of the class and a known dose; an interval needs three states
that differ from the most common dose, or whose dose changes.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.inference.cluster_bootstrap import (
    draw_counts,
    percentile_interval,
    two_sided_p,
    weighted_sums,
)
from transforms.inference.wild_bootstrap import within_effect
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.guarantee_strength import doses_of
from transforms.metrics.legitimation.hegemon_support import HEGEMONS, MIN_VOTES, share
from transforms.metrics.legitimation.panel import Panel, panel_of
from transforms.metrics.legitimation.session_windows import Window, windows
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_dose"
VOTE_CLASS, PLACEBO_CLASS = "unpopular", "popular"
PLACEBO_DOSE = "tier_steps"
SEED = 20190636
N_DRAWS = {"cross_section": 2000, "within": 999}
MIN_STATES = 10
MIN_VARYING = 3
"""States that differ from the most common dose, or whose dose changes, needed for an interval."""

DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

SCHEMA = {
    "ccode_hegemon": pl.Int16,
    "dose": pl.String,
    "estimator": pl.String,
    "session_from": pl.Int16,
    "session_to": pl.Int16,
    "window_name": pl.String,
    "vote_class": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "inference": pl.String,
    "n_states": pl.Int16,
    "n_state_sessions": pl.Int32,
    "n_draws": pl.Int32,
    "seed": pl.Int64,
    "null_reason": pl.String,
}


def build_legitimation_dose(
    *,
    hegemon_support: pl.DataFrame,
    ally_tier: pl.DataFrame,
    security_hierarchy: pl.DataFrame,
    obligations: pl.DataFrame,
) -> StepResult:
    """Estimates the slopes for every hegemon, dose and range of sessions.

    Args:
        hegemon_support: `metrics.hegemon_support`.
        ally_tier: `marts.ally_tier`.
        security_hierarchy: `metrics.security_hierarchy`.
        obligations: `core.obligations`.

    Returns:
        `metrics.legitimation_dose`.
    """
    rows: list[dict[str, Any]] = []
    for hegemon in HEGEMONS:
        panel = panel_of(hegemon_support, ally_tier, hegemon)
        if len(panel.sessions):
            doses = doses_of(panel, security_hierarchy, obligations)
            rows += [{"ccode_hegemon": hegemon, **row} for row in _rows(panel, doses)]
    table = pl.DataFrame(
        [{**dict.fromkeys(SCHEMA), "seed": SEED, **row} for row in rows],
        schema=SCHEMA,
        orient="row",
    )
    return StepResult({TABLE: with_leader_and_edition(table, FIRST_EDITION)})


def _rows(panel: Panel, doses: dict[str, Floats]) -> Iterator[dict[str, Any]]:
    placebo = {name: values for name, values in doses.items() if name == PLACEBO_DOSE}
    for window in windows(int(panel.sessions[-1])):
        seed = [SEED, panel.hegemon, window.first, window.last]
        yield from _slopes(panel, window, VOTE_CLASS, doses, np.random.default_rng(seed))
        rng = np.random.default_rng([*seed, 1])
        yield from _slopes(panel, window, PLACEBO_CLASS, placebo, rng)


def _slopes(
    panel: Panel,
    window: Window,
    vote_class: str,
    doses: dict[str, Floats],
    rng: np.random.Generator,
) -> Iterator[dict[str, Any]]:
    """The rows of one range of sessions and class of votes."""
    chosen = (panel.sessions >= window.first) & (panel.sessions <= window.last)
    n_votes = panel.n_votes[vote_class][:, chosen]
    total = panel.total[vote_class][:, chosen]
    for dose, values in doses.items():
        for estimator, estimate in (("cross_section", cross_section), ("within", within)):
            yield {
                "dose": dose,
                "estimator": estimator,
                "session_from": window.first,
                "session_to": window.last,
                "window_name": window.name,
                "vote_class": vote_class,
                "inference": "none",
                "n_draws": 0,
                **estimate(n_votes, total, values[:, chosen], rng),
            }


def cross_section(
    n_votes: Floats, total: Floats, dose: Floats, rng: np.random.Generator
) -> dict[str, Any]:
    """The slope between states' means."""
    known = ~np.isnan(dose) & (n_votes > 0)
    n = (n_votes * known).sum(axis=1)
    enough = n >= MIN_VOTES
    n, known = n[enough], known[enough]
    row: dict[str, Any] = {"n_states": int(enough.sum()), "n_state_sessions": int(known.sum())}
    if row["n_states"] < MIN_STATES:
        return {**row, "null_reason": _too_few(dose)}
    weights = n_votes[enough] * known
    x = (weights * np.where(known, dose[enough], 0.0)).sum(axis=1) / n
    y = (total[enough] * known).sum(axis=1) / n
    x = x - x.mean()  # a shift leaves the slope the same and the sums small
    if np.ptp(x) <= 1e-12:
        return {**row, "null_reason": "no_variation"}
    columns = np.stack([np.ones(len(x)), x, y, x * x, x * y], axis=1)
    row |= {"estimate": round(float(slope(columns.sum(axis=0))), DECIMALS)}
    if len(x) - np.unique(x.round(DECIMALS), return_counts=True)[1].max() < MIN_VARYING:
        return {**row, "inference": "few_allies"}
    counts = draw_counts(len(x), N_DRAWS["cross_section"], rng)
    replicates = slope(weighted_sums(counts, columns))
    low, high = percentile_interval(replicates)
    return {
        **row,
        "ci_low": round(low, DECIMALS),
        "ci_high": round(high, DECIMALS),
        "p_value": two_sided_p(replicates),
        "inference": "cluster_bootstrap",
        "n_draws": N_DRAWS["cross_section"],
    }


def slope(sums: Floats) -> Floats:
    """Least squares slope from sums of 1, x, y, x² and xy; NaN where x does not vary."""
    n, x, y, xx, xy = (sums[..., k] for k in range(5))
    spread = n * xx - x * x
    found: Floats = share(n * xy - x * y, np.where(spread > 1e-9 * n * n, spread, 0.0))
    return found


def within(
    n_votes: Floats, total: Floats, dose: Floats, rng: np.random.Generator
) -> dict[str, Any]:
    """The slope given state and session."""
    at, on = np.nonzero(~np.isnan(dose) & (n_votes >= MIN_VOTES))
    row = {"n_states": len(np.unique(at)), "n_state_sessions": len(at)}
    if row["n_states"] < MIN_STATES:
        return {**row, "null_reason": _too_few(dose)}
    weights = n_votes[at, on]
    effect = within_effect(
        outcome=total[at, on] / weights,
        treatment=dose[at, on],
        weights=weights,
        unit=at,
        period=on,
        n_draws=N_DRAWS["within"],
        rng=rng,
    )
    if effect is None:
        return {**row, "null_reason": "no_variation"}
    row_of_effect = {**row, "estimate": round(effect.estimate, DECIMALS)}
    n_varying = sum(np.ptp(dose[i, on[at == i]]) > 0 for i in np.unique(at).tolist())
    if n_varying < MIN_VARYING or effect.ci_low is None or effect.ci_high is None:
        return {**row_of_effect, "inference": "few_allies"}
    return {
        **row_of_effect,
        "ci_low": round(effect.ci_low, DECIMALS),
        "ci_high": round(effect.ci_high, DECIMALS),
        "p_value": round(effect.p_value, DECIMALS),
        "inference": "wild_bootstrap",
        "n_draws": N_DRAWS["within"],
    }


def _too_few(dose: Floats) -> str:
    return "n_below_min" if (~np.isnan(dose)).any() else "out_of_coverage"
