"""C3 with other definitions: what leaders and partners promise in writing, phase by phase.

`leader` is whoever led the alliance in the year that decides; without one all leaders count, and
the clusters are leaders, with one they are its alliances.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.errors import ArgumentError
from transforms.arguing.question import Question
from transforms.metrics.alliances.written_balance import (
    ALL,
    OWN,
    asymmetric_phases,
    mean_of_phases,
    values_of,
)
from transforms.metrics.claims.asymmetry_trend import AT_LEAST

TABLES = ("metrics.obligation_balance", "metrics.capability_asymmetry")


def written_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.

    Raises:
        ArgumentError: The leader itself is left out.
    """
    words = question.words
    if question.one_leader and question.leader in question.without:
        raise ArgumentError("leader and without_leaders name the same state: none of it is left.")
    phases = asymmetric_phases(
        tables["metrics.obligation_balance"], tables["metrics.capability_asymmetry"]
    )
    rows = phases.filter(
        pl.col("item") == words["item"],
        pl.col("ratio") >= question.ratio * AT_LEAST,
        pl.col("leader_year").is_between(*question.window),
        ~pl.col("leader_ccode").is_in(list(question.without)),
    )
    sample = ALL
    if question.one_leader:
        sample, rows = OWN, rows.filter(pl.col("leader_ccode") == question.leader)
    values, clusters = values_of(rows, words["statistic"], sample)
    found, _ = mean_of_phases(values, clusters)
    years = rows["leader_year"].drop_nulls().unique().sort().to_list()
    counts = Counts(
        rows=rows.height,
        alliances=rows["atopid"].n_unique(),
        clusters=len(set(clusters.tolist())),
        years=(years[0], years[-1]) if years else None,
    )
    return answer_as_published(found, counts, is_rounded=True)
