"""Designs in which earlier joiners are no controls for later ones.

Those who leave are apart: their rows after leaving count in none but `stacked_exit`. States without
a row before they became allies identify nothing here.

| design | comparison | weights |
|---|---|---|
| imputation | joiners against what their rows before, and all others', predict | votes |
| sun_abraham | each wave against the never allied, by session since its last one before | votes |
| callaway_santanna | change since the session before joining, against the never allied | 1 |
| stacked | each wave and the never allied in the five sessions before and after | votes |
| stacked_exit | allies that leave against those that stay, five sessions before and after | votes |
| honest_did | stacked, by session, with trends that differ as they did before, times M | 1 |

`stacked` and `honest_did` rest on joiners with a row in each of the five sessions before. Callaway
and Sant'Anna's estimator and the bounds of Rambachan and Roth are those of diff-diff, which takes
no weights that vary within a state; its stack weighs each wave by its joiners. M: how many times
the largest change of the difference before joining a change since may be.

References: Callaway and Sant'Anna 2021 (J. Econometrics 225: 200-230); Wing, Freedman and
Hollingsworth 2024 (NBER 32054); Rambachan and Roth 2023 (Review of Economic Studies 90: 2555-2591).
"""

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from transforms.inference.imputation_effect import imputation_effect
from transforms.inference.linear_estimate import Estimate
from transforms.inference.saturated_effect import saturated_effect
from transforms.inference.two_way_effects import Effect, Labels, two_way_effect
from transforms.metrics.legitimation.gap_rows import GapRows

SPAN = 5
"""Sessions before and after joining."""

TREND_FACTORS = (0.5, 1.0)
"""M: trends after joining may differ by M times the largest difference before."""


def staggered_rows(rows: GapRows) -> GapRows:
    """Rows of states that never join, and of joiners that have some from before and none after."""
    first = rows.first
    since = first > 0
    has_before = np.isin(rows.ccode, rows.ccode[since & (rows.session < first)])
    has_left = since & (rows.session > first) & ~rows.is_ally
    return rows.where(~since | (has_before & ~has_left))


def imputation(rows: GapRows) -> Estimate | None:
    """Borusyak, Jaravel and Spiess."""
    return imputation_effect(
        outcome=rows.outcome,
        is_treated=rows.is_ally,
        weights=rows.weights,
        unit=rows.ccode,
        period=rows.session,
        cluster=rows.cluster,
    )


def sun_abraham(rows: GapRows) -> Estimate | None:
    """Sun and Abraham, averaged over allies' state-sessions."""
    return saturated_effect(
        outcome=rows.outcome,
        weights=rows.weights,
        unit=rows.ccode,
        period=rows.session,
        cohort=rows.first,
        cluster=rows.cluster,
    )


def _with_all_before(rows: GapRows, entry: int) -> Labels:
    """States that join in a session with a row in each of those before."""
    joins = rows.first == entry
    before = joins & (rows.session >= entry - SPAN) & (rows.session < entry)
    states, counts = np.unique(rows.ccode[before], return_counts=True)
    complete: Labels = states[counts == SPAN]
    return complete


def stacks(rows: GapRows) -> Iterator[tuple[int, GapRows]]:
    """First session of each wave to its joiners and the never allied, around it."""
    first = rows.first
    for entry in np.unique(first[first > 0]).tolist():
        joiners = _with_all_before(rows, entry)
        if joiners.size:
            kept = np.isin(rows.ccode, joiners) | (first == 0)
            yield entry, rows.where(kept & (np.abs(rows.session - entry) <= SPAN))


def stacked(rows: GapRows) -> tuple[Effect | None, int]:
    """The mean difference after joining, and how many join."""
    parts = list(stacks(rows))
    n_joiners = sum(part.switchers() for _, part in parts)
    return (_stacked_effect(parts) if parts else None), n_joiners


def stacked_exit(rows: GapRows) -> tuple[Effect | None, int]:
    """Allies that leave against those that stay; and how many leave."""
    parts, n_leavers = [], 0
    ends = {
        int(ccode): int(rows.session[(rows.ccode == ccode) & rows.is_ally].max())
        for ccode in np.unique(rows.ccode[rows.is_ally])
    }
    for ccode, last in ends.items():
        mine = rows.where((rows.ccode == ccode) & (np.abs(rows.session - last) <= SPAN))
        if not (mine.session > last).any() or mine.is_ally.sum() < SPAN:
            continue
        n_leavers += 1
        near = rows.where(np.abs(rows.session - last) <= SPAN)
        stays = ~np.isin(near.ccode, near.ccode[~near.is_ally])
        parts.append((last, near.where(stays | (near.ccode == ccode))))
    return (_stacked_effect(parts) if parts else None), n_leavers


def _stacked_effect(parts: list[tuple[int, GapRows]]) -> Effect | None:
    stack = np.repeat([entry for entry, _ in parts], [len(part.ccode) for _, part in parts])
    rows = _concat([part for _, part in parts])
    return two_way_effect(
        outcome=rows.outcome,
        regressor=rows.is_ally.astype(np.float64),
        weights=rows.weights,
        unit=stack * 1000 + rows.ccode,
        period=stack * 1000 + rows.session,
        cluster=rows.cluster,
    )


def _concat(parts: list[GapRows]) -> GapRows:
    return GapRows(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0]))
    )


def _frame(rows: GapRows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ccode": rows.ccode,
            "session": rows.session,
            "outcome": rows.outcome,
            "first": rows.first,
            "wave": np.unique(rows.cluster, return_inverse=True)[1],
        }
    )


def _where_identified(fit: Callable[..., Any], *args: Any) -> Any:
    """What diff-diff fits; None where rows identify nothing.

    It says so by a ValueError, in one of a dozen texts: no never allied, no session in which both
    kinds of state have a row, more effects than rows. Columns and options are none of the rows'
    doing; tests pin what they give.
    """
    with warnings.catch_warnings():
        # of sessions in which a wave has no row, and of waves whose sessions the data end in
        warnings.simplefilter("ignore")
        try:
            return fit(*args)
        except ValueError:
            return None


def callaway_santanna(rows: GapRows) -> Estimate | None:
    """The overall effect, waves and sessions weighted by their joiners.

    None where no wave can be compared with the never allied in any session.
    """
    if not (rows.first > 0).any():
        return None
    from diff_diff import CallawaySantAnna

    columns = (_frame(rows), "outcome", "ccode", "session", "first")
    fit = _where_identified(CallawaySantAnna(cluster="wave").fit, *columns)
    if fit is None:
        return None
    error, p_value = float(fit.overall_se), float(fit.overall_p_value)
    return _of_library(fit.overall_att, error, fit.overall_conf_int, p_value, rows)


def honest_did(rows: GapRows) -> dict[float, Estimate | None]:
    """M to the stacked effect with the interval that allows for trends.

    Empty without a stack; None for an M whose interval the rows do not bound.
    """
    entries = [entry for entry, _ in stacks(rows)]
    if not entries:
        return {}
    from diff_diff import HonestDiD, StackedDiD, SurveyDesign

    joiners = np.concatenate([_with_all_before(rows, entry) for entry in entries])
    used = rows.where(np.isin(rows.ccode, joiners) | (rows.first == 0))
    design = StackedDiD(kappa_pre=SPAN, kappa_post=SPAN, control_group="never_treated")
    fit = _where_identified(
        partial(design.fit, survey_design=SurveyDesign(psu="wave")),
        *(_frame(used), "outcome", "ccode", "session", "first"),
    )
    found: dict[float, Estimate | None] = dict.fromkeys(TREND_FACTORS)
    if fit is None:
        return found
    event_study = _where_identified(fit.aggregate, "event_study")
    if event_study is None:
        return found
    for m in TREND_FACTORS:
        bounds = _where_identified(HonestDiD("relative_magnitude", m).fit, event_study)
        if bounds is not None:
            interval = (bounds.ci_lb, bounds.ci_ub)
            found[m] = _of_library(fit.overall_att, None, interval, None, used)
    return found


def _of_library(
    estimate: float,
    error: float | None,
    interval: tuple[float, float],
    p_value: float | None,
    rows: GapRows,
) -> Estimate | None:
    if not np.isfinite([estimate, *interval]).all():
        return None
    low, high = (float(end) for end in interval)
    n_clusters = len(np.unique(rows.cluster))
    return Estimate(float(estimate), error, low, high, p_value, len(rows.ccode), n_clusters)
