"""C1b and C1c with other definitions: ratios of alliances, and of a leader to its allies."""

from collections.abc import Mapping
from dataclasses import asdict

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.question import Question
from transforms.metrics.claims.classical_symmetry import classical_ratio, preponderance
from transforms.metrics.claims.estimate import Finding

CLASSICAL_TABLES = ("metrics.capability_asymmetry",)
PREPONDERANCE_TABLES = ("marts.ally_tier", "marts.state_year")


def classical_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument about C1b.

    Args:
        question: What is asked.
        tables: Tables by their full names.
    """
    first, last = question.window
    led = tables["metrics.capability_asymmetry"].filter(
        ~pl.col("leader_ccode").is_in(list(question.without)).fill_null(False)
    )
    cell = {
        "variable": question.words["variable"],
        "measure": question.words["measure"],
        "window_from": first,
        "window_to": last,
    }
    (found,) = classical_ratio([cell], led)
    counts = Counts(rows=found.n or 0, alliances=found.n or 0, years=_years(found))
    return answer_as_published({**asdict(found), "inference": "order_statistics"}, counts)


def preponderance_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument about C1c.

    Args:
        question: What is asked.
        tables: Tables by their full names.

    Raises:
        ArgumentError: The build lacks the tier of that leader.
    """
    first, last = question.window
    tiers = question.tiers(tables["marts.ally_tier"]).filter(
        ~pl.col("ccode").is_in(list(question.without))
    )
    cell = {
        "hegemon": question.leader,
        "tier": "core",
        "variable": question.words["variable"],
        "q": question.ratio,
        "window_from": first,
        "window_to": last,
    }
    (found,) = preponderance([cell], tiers, tables["marts.state_year"])
    counts = Counts(rows=found.n or 0, allies=found.n or 0, years=_years(found))
    return answer_as_published({**asdict(found), "inference": "share_of_clusters"}, counts)


def _years(found: Finding) -> tuple[int, int] | None:
    if found.window_from is None or found.window_to is None:
        return None
    return found.window_from, found.window_to
