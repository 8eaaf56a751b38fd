"""Effects by cohort and event time, in the data and in bootstrap draws.

`callaway_santanna`: mean change since the year before entry of the cohort's states, minus that of
the states that have not joined by then; states count the same.

`sun_abraham`: least squares of the agreement on effects of states and sessions and a dummy for
every cohort and event time but the year before entry, with votes as weights. Controls are the
states that never join.

References: Callaway and Sant'Anna 2021 (J. Econometrics 225: 200-230); Sun and Abraham 2021
(J. Econometrics 225: 175-199).
"""

from dataclasses import dataclass

import numpy as np

from transforms.inference.cluster_bootstrap import Floats, weighted_sums
from transforms.inference.wild_bootstrap import Indices
from transforms.metrics.legitimation.hegemon_support import share
from transforms.metrics.legitimation.nato_accessions import BASE, COHORTS, NEVER, SPAN, Joiners
from transforms.metrics.legitimation.panel import Bools

SMALLEST = 1e-9
LEAST_PIVOT = 1e-4
"""Least share of a column that is not explained by those before it."""

TIMES = tuple(range(-SPAN, SPAN + 1))


@dataclass(frozen=True)
class GroupTime:
    """Effects; the first axis of the arrays is the draw, and draw 0 is the data.

    Attributes:
        effects: Draws × cohorts × event times; NaN where there is none.
        n_states: States of the cohort behind each effect, draws × cohorts × event times.
        n_controls: Control states in the data, cohorts × event times.
    """

    effects: Floats
    n_states: Floats
    n_controls: Floats


def callaway_santanna(joiners: Joiners, counts: Floats) -> GroupTime:
    """Differences of differences.

    Args:
        joiners: The panel.
        counts: How often each state is in each draw.
    """
    shape = (len(COHORTS), len(TIMES))
    columns = np.zeros((len(joiners.cohort), *shape, 4))
    for c, cohort in enumerate(COHORTS):
        base = np.flatnonzero(joiners.years == cohort + BASE)
        for k, time in enumerate(TIMES):
            at = np.flatnonzero(joiners.years == cohort + time)
            if not (base.size and at.size):
                continue
            change = joiners.agreement[:, at[0]] - joiners.agreement[:, base[0]]
            is_known = ~np.isnan(change)
            year = max(joiners.years[at[0]], joiners.years[base[0]])
            is_control = (joiners.cohort == NEVER) | (joiners.cohort > year)
            for place, group in ((0, joiners.cohort == cohort), (2, is_control)):
                chosen = group & is_known
                columns[chosen, c, k, place] = change[chosen]
                columns[chosen, c, k, place + 1] = 1.0
    flat = columns.reshape(len(columns), -1)
    drawn = np.concatenate([flat.sum(axis=0)[None], weighted_sums(counts, flat)])
    sums = drawn.reshape(len(drawn), *shape, 4)
    effects = share(sums[..., 0], sums[..., 1]) - share(sums[..., 2], sums[..., 3])
    return GroupTime(effects, sums[..., 1], sums[0, ..., 3])


def sun_abraham(joiners: Joiners, counts: Floats) -> GroupTime:
    """The saturated regression, once for the data and once for each draw.

    A state's weight multiplies all its votes, so its own mean is the same in every draw: states
    are centred once, and a draw is a sum over states of their moments. Draws in which a cohort has
    no state left in its base year have no effects.

    Args:
        joiners: The panel.
        counts: How often each state is in each draw.
    """
    at, on = np.nonzero((joiners.n_votes > 0) & _has_base_in_data(joiners)[:, None])
    time, cohort = joiners.event_time()[at, on], joiners.cohort[at]
    dummy = {
        (c, k): (cohort == COHORTS[c]) & (time == TIMES[k])
        for c in range(len(COHORTS))
        for k in range(len(TIMES))
    }
    base = TIMES.index(BASE)
    cells = [cell for cell in dummy if cell[1] != base]
    observed = np.zeros((len(joiners.cohort), len(COHORTS), len(TIMES)))
    for cell, is_in in dummy.items():
        observed[at[is_in], cell[0], cell[1]] = 1.0
    periods = [on == period for period in np.unique(on)[1:].tolist()]
    columns = [*(dummy[cell] for cell in cells), *periods, joiners.agreement[at, on]]
    moments = _moments(np.stack(columns, axis=1).astype(np.float64), joiners.n_votes[at, on], at)
    kept = np.unique(at)
    drawn = np.concatenate([np.ones((1, counts.shape[1])), counts])
    n_states = np.einsum("di,ick->dck", drawn, observed)
    grams = weighted_sums(drawn[:, kept], moments.reshape(len(kept), -1))
    effects = np.full(n_states.shape, np.nan)
    for d in np.flatnonzero(_has_bases(n_states, base)).tolist():
        effects[d][tuple(np.array(cells).T)] = _solve(grams[d], len(columns))[: len(cells)]
    effects[:, :, base] = 0.0
    effects[n_states == 0] = np.nan
    n_controls = len(np.unique(at[cohort == NEVER]))
    return GroupTime(effects, n_states, np.full(n_states.shape[1:], float(n_controls)))


def _has_base_in_data(joiners: Joiners) -> Bools:
    """All but the states of cohorts of which no state voted in the year before entry."""
    kept = np.ones(len(joiners.cohort), bool)
    for cohort in COHORTS:
        is_in = joiners.cohort == cohort
        kept[is_in] = bool(joiners.n_votes[is_in][:, joiners.years == cohort + BASE].any())
    return kept


def _has_bases(n_states: Floats, base: int) -> Floats:
    """Draws in which every cohort that has states has some in the year before entry."""
    is_there = n_states.sum(axis=2) > 0
    has_bases: Floats = (~is_there | (n_states[:, :, base] > 0)).all(axis=1)
    return has_bases


def _moments(columns: Floats, weights: Floats, at: Indices) -> Floats:
    """Weighted products of the columns, centred within states: states × columns × columns."""
    parts = []
    for state in np.unique(at).tolist():
        own, w = columns[at == state], weights[at == state]
        centred = own - (w @ own) / w.sum()
        parts.append(np.einsum("ij,i,ik->jk", centred, w, centred, optimize=True))
    return np.array(parts)


def _solve(moments: Floats, n_columns: int) -> Floats:
    """Coefficients of the last column on the others; 0 for columns that are empty in the draw."""
    gram = moments.reshape(n_columns, n_columns)
    left = gram[:-1, :-1].copy()
    empty = np.flatnonzero(np.diag(left) <= SMALLEST)
    left[empty, empty] = 1.0
    solve = np.linalg.solve if _is_definite(left) else _least_norm
    coefficients: Floats = np.asarray(solve(left, gram[:-1, -1]), np.float64)
    return coefficients


def _is_definite(left: Floats) -> bool:
    """Whether the moments are well conditioned; then solving is ten times faster."""
    unit = 1 / np.sqrt(np.diag(left))
    try:
        pivots = np.diag(np.linalg.cholesky(left * unit[:, None] * unit))
    except np.linalg.LinAlgError:
        return False
    return bool(pivots.min() > LEAST_PIVOT)


def _least_norm(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(left, right, rcond=None)[0], np.float64)
