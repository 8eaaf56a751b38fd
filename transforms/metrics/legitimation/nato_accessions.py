"""NATO accessions: joiners by cohort, and their controls.

A state's cohort is the year in which its first core tie to the United States came into force.
Joiners are the cohorts of 1982, 1999, 2004 and 2009. States whose first core tie was at another
time are left out, except that later joiners are controls until they join. United Germany succeeded
a member and is left out with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES
from transforms.metrics.legitimation.panel import USA, Bools
from transforms.rollcall_matrix import SESSION_OFFSET

COHORTS = (1982, 1999, 2004, 2009)
SPAN = 10
"""Years before and after entry."""

BASE = -1
NEVER = 0


@dataclass(frozen=True)
class Joiners:
    """Agreement of joiners and controls, states × years.

    Attributes:
        cohort: Year of entry of each state; `NEVER` for controls.
        years: Calendar years, ascending.
        agreement: Λ; NaN where there is none, and where a state is neither joiner nor control.
        n_votes: Votes behind it, 0 where it is NaN.
    """

    cohort: NDArray[np.int64]
    years: NDArray[np.int64]
    agreement: Floats
    n_votes: Floats

    def event_time(self) -> NDArray[np.int64]:
        """Years since entry, states × years; meaningless for controls."""
        return self.years[None, :] - self.cohort[:, None]

    def is_joiner(self, cohort: int) -> Bools:
        """States of a cohort."""
        is_joiner: Bools = self.cohort == cohort
        return is_joiner


def first_core_years(treaty_allies: pl.DataFrame) -> dict[int, int]:
    """State to the year in which its first core tie to the United States came into force.

    Args:
        treaty_allies: `core.treaty_allies` (ccode_hegemon, ccode, tier, in_force_from).
    """
    core = treaty_allies.filter(pl.col("ccode_hegemon") == USA, pl.col("tier") == "core")
    first = core.group_by("ccode").agg(pl.col("in_force_from").min().dt.year())
    return {int(ccode): int(year) for ccode, year in first.iter_rows()}


def joiners_of(
    *,
    ccodes: Sequence[int],
    sessions: Sequence[int],
    n_votes: Floats,
    total: Floats,
    first_core: dict[int, int],
) -> Joiners:
    """Arranges joiners and controls.

    Args:
        ccodes: States.
        sessions: Sessions.
        n_votes: Votes of the class, states × sessions.
        total: Summed agreement.
        first_core: From `first_core_years`.
    """
    years = np.array(sessions, np.int64) + SESSION_OFFSET
    entry = np.array([first_core.get(ccode, NEVER) for ccode in ccodes], np.int64)
    is_joiner = np.isin(entry, COHORTS)
    is_later = entry > max(COHORTS)
    kept = (n_votes >= MIN_VOTES) & (is_joiner | is_later | (entry == NEVER))[:, None]
    kept &= (np.array(ccodes) != USA)[:, None]
    kept &= (years >= min(COHORTS) - SPAN) & (years <= max(COHORTS) + SPAN)
    since = years[None, :] - entry[:, None]
    kept &= ~is_joiner[:, None] | (np.abs(since) <= SPAN)
    kept &= ~is_later[:, None] | (since < 0)
    agreement = np.where(kept, total / np.maximum(n_votes, 1), np.nan)
    cohort = np.where(is_joiner, entry, NEVER)
    return Joiners(cohort, years, agreement, np.where(kept, n_votes, 0.0))
