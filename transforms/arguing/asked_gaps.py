"""Gaps of agreement as they are asked for: from the votes anew, by the build's own function."""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.question import Question, need_threshold
from transforms.metrics.legitimation.gap_subsets import CONSENSUAL
from transforms.metrics.legitimation.legitimation_gap import gaps_of_leader, sessions_of

FULL_VOTES = "all"


def asked_gaps(
    question: Question,
    tables: Mapping[str, pl.DataFrame],
    tiers: pl.DataFrame,
    *,
    sessions: tuple[int, int] | None = None,
) -> pl.DataFrame:
    """Rows of `metrics.legitimation_gap` by the question's leader, threshold and least votes.

    Args:
        question: What is asked.
        tables: `core.votes` and `core.roll_calls`, by their full names.
        tiers: Who is an ally (`Question.tiers`).
        sessions: First and last session; None: all, as lags need them.

    Raises:
        ArgumentError: The threshold contradicts the class of control votes.
    """
    need_threshold(question.words["controls"], question.threshold, CONSENSUAL)
    first, last = sessions or question.known
    ballots = sessions_of(tables["core.votes"], tables["core.roll_calls"])
    return gaps_of_leader(
        [one for one in ballots if first <= one.session <= last],
        tables["core.roll_calls"],
        tiers,
        question.leader,
        question.leader,
        unpopular_below=question.threshold,
        least=None if question.least is None else (question.least, question.least),
    )
