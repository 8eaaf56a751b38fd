"""`metrics.vote_similarity_year`: UN voting similarity of two states in one calendar year.

Measures and null rules are those of `metrics.vote_similarity`; roll calls count in the year of
their date.
"""

from collections.abc import Sequence

import polars as pl

from transforms.metrics.similarity.vote_dyads import measure_periods
from transforms.metrics.similarity.vote_similarity import VOTE_SETS
from transforms.rollcall_matrix import by_year, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.vote_similarity_year"


def build_vote_similarity_year(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    states: pl.DataFrame,
    vote_sets: Sequence[str] = VOTE_SETS,
) -> StepResult:
    """Measures the voting similarity of every two states in every calendar year.

    Args:
        votes: As in `build_vote_similarity`.
        roll_calls: As there, with `year`.
        states: As there.
        vote_sets: As there.

    Returns:
        `metrics.vote_similarity_year`, one row per (ccode1 < ccode2, year, vote_set), for
        all pairs of states that were in the state system in the year or voted in it, and
        all years with a roll call. No row is lost.

    Raises:
        ValueError: As there.
    """
    chosen = {name: vote_set_rcids(roll_calls, name) for name in vote_sets}
    periods = ((b.year, b) for b in by_year(votes, roll_calls, states))
    return StepResult({TABLE: measure_periods(periods, chosen, "year")})
