"""Strength of the guarantee and size of the ally, beyond being an ally.

Strength: g_is = α_i + δ_s + τ·Tied_is + β·dose_is. Without the dummy the slope repeats the
difference between allies and others. `tier_steps`: 0 no tie, 1 atop only, 2 Compact, 3 treaty, 4
core (`guarantee_strength`), Tied a step of 1 or more, so that β compares allies of different steps;
`tier_steps_below_core` takes core status as the dummy, so that β compares the other steps with
none. `log_troops_per_capita`: with core status as the dummy, since troops stand in states without
a tie too.

Size: g_is = α_i + δ_s + τ·Ally_is + φ·Ally_is·z_i, z = ln(CINC of the leader / CINC of i) in the
first session in which i has a gap as one, centred on allies, so that τ is the effect on an ally of
mean size; φ > 0: the smaller, the more. z does not change, so only states whose status changes
identify φ. `ally_by_size_of_year`: z of each year, with its main effect. `size_between_allies`:
g_is = δ_s + φ·z_i among core allies. An ally without a capability is left out while it is one.
"""

import numpy as np
import polars as pl

from transforms.inference.two_way_effects import Floats
from transforms.metrics.legitimation.ally_designs import fixed_effects
from transforms.metrics.legitimation.gap_results import Cell, Results
from transforms.metrics.legitimation.gap_rows import GapRows
from transforms.metrics.legitimation.panel import Panel
from transforms.rollcall_matrix import SESSION_OFFSET

STEPS = "tier_steps"
BELOW_CORE = "tier_steps_below_core"
TROOPS = "log_troops_per_capita"


class Sizes:
    """Capabilities relative to the leader's.

    Args:
        capabilities: `core.capabilities` (ccode, year, cinc).
        leader: COW code.
    """

    def __init__(self, capabilities: pl.DataFrame, leader: int) -> None:
        known = capabilities.filter(pl.col("cinc") > 0).select("ccode", "year", "cinc")
        own = {(int(c), int(y)): float(v) for c, y, v in known.iter_rows()}
        self._ratio = {
            key: float(np.log(own[leader, key[1]] / value))
            for key, value in own.items()
            if (leader, key[1]) in own
        }

    def of_year(self, rows: GapRows) -> Floats:
        """Logged ratio of each row's year; NaN where it is not known."""
        keys = zip(rows.ccode.tolist(), (rows.session + SESSION_OFFSET).tolist(), strict=True)
        return np.array([self._ratio.get(key, np.nan) for key in keys], np.float64)

    def at_first(self, rows: GapRows) -> Floats:
        """Logged ratio in the first session as an ally; 0 for states that never are one."""
        first = rows.first
        keys = zip(rows.ccode.tolist(), (first + SESSION_OFFSET).tolist(), strict=True)
        found = np.array([self._ratio.get(key, np.nan) for key in keys], np.float64)
        return np.where(first > 0, found, 0.0)


def add_sizes(results: Results, rows: GapRows, sizes: Sizes, cell: tuple[str, str, str]) -> None:
    """Adds φ in every design, for one subset, class and scale."""
    fixed = sizes.at_first(rows)
    known = ~(rows.is_ally & np.isnan(fixed))
    part, ally = rows.where(known), rows.is_ally[known].astype(np.float64)
    z = np.where(part.is_ally, fixed[known], 0.0)
    if part.is_ally.any():
        z = np.where(part.is_ally, z - _mean_of_states(part, z), 0.0)
    for design in ("two_way", "state_era", "region_session"):
        results.add(
            Cell("ally_by_size", design, *cell),
            fixed_effects(part, design, z, ally[:, None]),
            part,
        )
    between = part.where(part.is_ally)
    results.add(
        Cell("size_between_allies", "session", *cell),
        fixed_effects(between, "session", z[part.is_ally]),
        between,
        between.states(),
    )
    yearly = sizes.of_year(rows)
    known = ~np.isnan(yearly)
    part, yearly = rows.where(known), yearly[known]
    yearly = yearly - (yearly[part.is_ally].mean() if part.is_ally.any() else 0.0)
    ally = part.is_ally.astype(np.float64)
    results.add(
        Cell("ally_by_size_of_year", "two_way", *cell),
        fixed_effects(part, "two_way", ally * yearly, np.column_stack([ally, yearly])),
        part,
    )


def _mean_of_states(rows: GapRows, values: Floats) -> float:
    """Mean over allies, each state counted once."""
    at = np.unique(rows.ccode[rows.is_ally], return_index=True)[1]
    return float(values[rows.is_ally][at].mean())


def add_doses(
    results: Results,
    rows: GapRows,
    panel: Panel,
    doses: dict[str, Floats],
    cell: tuple[str, str, str],
) -> None:
    """Adds β in every design, for one subset, class and scale.

    Args:
        results: Estimates so far.
        rows: State-sessions.
        panel: The leader's states and sessions, on which the doses are arranged.
        doses: Dose to its values, states × sessions.
        cell: Subset of votes, class of control votes, scale.
    """
    at = np.searchsorted(panel.ccodes, rows.ccode)
    on = np.searchsorted(panel.sessions, rows.session)
    for regressor, dose in ((STEPS, STEPS), (BELOW_CORE, STEPS), (TROOPS, TROOPS)):
        if dose not in doses:
            continue
        values = doses[dose][at, on]
        known = ~np.isnan(values)
        part, values = rows.where(known), values[known]
        tied = values > 0 if regressor == STEPS else part.is_ally
        for design in ("two_way", "state_era", "region_session"):
            results.add(
                Cell(regressor, design, *cell),
                fixed_effects(part, design, values, tied.astype(np.float64)[:, None]),
                part,
                _n_varying(part, values),
            )


def _n_varying(rows: GapRows, values: Floats) -> int:
    """States whose dose changes."""
    pairs = np.unique(np.column_stack([rows.ccode, values.round(9)]), axis=0)[:, 0]
    return int((np.unique(pairs, return_counts=True)[1] > 1).sum())
