"""Doses: four measures of the strength of a hegemon's guarantee, states × sessions.

| dose | value | among |
|---|---|---|
| tier_steps | 0 no tie, 1 atop only, 2 Compact, 3 treaty, 4 core | all states |
| one_way_pledge | 1 where the state promises no defence in return | states promised defence |
| log_troops_per_capita | ln(1 + troops per 100,000 inhabitants) | all states |
| n_independent_alliances | ln(1 + other defence partners) | defence partners |

A session is read at year = session + 1945. The first and the third are of the United States alone,
whose treaties are dated and whose troops are known. NaN: not among those, or not known.

The steps rest on two sources, of which ATOP ends first. After its end the tiers of dated treaties
are still known: allies keep their step, and states without any tie when ATOP ended keep 0. Only the
states that were tied by ATOP alone are not known any more: theirs is no 0, which would be an exit.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.core.obligations import owes
from transforms.metrics.legitimation.panel import USA, Panel
from transforms.rollcall_matrix import SESSION_OFFSET

PER = 100_000
STEPS = (("atop", 1.0), ("guarantee", 2.0), ("treaty", 3.0), ("core", 4.0))
BY_TREATY = "guarantee"
"""The widest tier of dated treaties, which contains the others."""


def doses_of(
    panel: Panel, security_hierarchy: pl.DataFrame, obligations: pl.DataFrame
) -> dict[str, Floats]:
    """Dose to its values.

    Args:
        panel: The hegemon's support and allies.
        security_hierarchy: `metrics.security_hierarchy` (ccode_from, ccode_to, year,
            troops_per_capita, is_defense_partner, n_independent_alliances).
        obligations: `core.obligations` (ccode_from, ccode_to, year, defense).
    """
    hierarchy = security_hierarchy.filter(pl.col("ccode_from") == panel.hegemon)
    partners = hierarchy.filter(pl.col("is_defense_partner"))
    found = {
        "one_way_pledge": _one_way(panel, obligations),
        "n_independent_alliances": np.log1p(
            arranged(panel, partners, "ccode_to", "n_independent_alliances")
        ),
    }
    if panel.hegemon == USA:
        troops = arranged(panel, hierarchy, "ccode_to", "troops_per_capita")
        found["tier_steps"] = _tier_steps(panel)
        found["log_troops_per_capita"] = np.log1p(PER * troops)
    return found


def _tier_steps(panel: Panel) -> Floats:
    steps = np.zeros((len(panel.ccodes), len(panel.sessions)))
    for tier, step in STEPS:
        steps[panel.status[tier] == 1] = step
    atop = panel.status["atop"]
    is_dated = panel.status[BY_TREATY] >= 0
    has_treaty = panel.status[BY_TREATY] == 1
    had_no_tie = _last_known(atop) == 0
    return np.where((atop >= 0) | has_treaty | (is_dated & had_no_tie), steps, np.nan)


def _last_known(status: NDArray[np.int8]) -> NDArray[np.int8]:
    """The status in the last session up to each in which it was known; −1 where it never was."""
    sessions = np.arange(status.shape[1])
    last = np.maximum.accumulate(np.where(status >= 0, sessions, -1), axis=1)
    found: NDArray[np.int8] = np.where(
        last >= 0, np.take_along_axis(status, np.maximum(last, 0), axis=1), -1
    ).astype(np.int8)
    return found


def _one_way(panel: Panel, obligations: pl.DataFrame) -> Floats:
    """1 where only the hegemon promises defence, 0 where both do."""
    defence = obligations.filter(owes("defense"))
    by_hegemon = defence.filter(pl.col("ccode_from") == panel.hegemon)
    to_hegemon = defence.filter(pl.col("ccode_to") == panel.hegemon)
    one = pl.lit(1.0).alias("is_promised")
    promised = arranged(
        panel, by_hegemon.select("ccode_to", "year", one).unique(), "ccode_to", "is_promised"
    )
    returns = arranged(
        panel, to_hegemon.select("ccode_from", "year", one).unique(), "ccode_from", "is_promised"
    )
    return np.where(np.isnan(promised), np.nan, np.isnan(returns).astype(np.float64))


def arranged(panel: Panel, rows: pl.DataFrame, state: str, column: str) -> Floats:
    """A column of state-years in the shape of the panel; NaN where there is no value."""
    year = pl.col("year").cast(pl.Int32) - SESSION_OFFSET
    rows = rows.with_columns(year.alias("session")).filter(
        pl.col(state).is_in(panel.ccodes.tolist()),
        pl.col("session").is_in(panel.sessions.tolist()),
    )
    values = np.full((len(panel.ccodes), len(panel.sessions)), np.nan)
    at = np.searchsorted(panel.ccodes, rows[state].to_numpy())
    on = np.searchsorted(panel.sessions, rows["session"].to_numpy())
    values[at, on] = rows[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return values
