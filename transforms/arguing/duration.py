"""C5 with other definitions: how long defence alliances last, from their spells anew.

The window is that of the years in which alliances began. A leader that is left out takes with it
the alliances that it led in the first year that can be measured.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.errors import ArgumentError, listed
from transforms.arguing.question import Question
from transforms.coverage import Coverage
from transforms.metrics.duration.alliance_duration import GRID, sample_of
from transforms.metrics.duration.estimates import Row, proportional_hazards
from transforms.metrics.duration.spells import (
    defense_spells,
    first_measured,
    intervals,
    measured_years,
)

TABLES = ("core.alliances", "metrics.capability_asymmetry")
COVERAGE = ("atop", "cow_states")


def duration_answer(
    question: Question, tables: Mapping[str, pl.DataFrame], coverage: Mapping[str, Coverage]
) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.
        coverage: Of `atop` and `cow_states`.

    Raises:
        ArgumentError: The estimator has no such term.
    """
    words = question.words
    measured = measured_years(tables["metrics.capability_asymmetry"])
    spells = first_measured(defense_spells(tables["core.alliances"], coverage), measured)
    whole = spells.filter(
        pl.col("began_on").dt.year().is_between(*question.window),
        ~pl.col("leader_ccode").is_in(list(question.without)).fill_null(False),
    )
    sample = sample_of(words["sample"], whole, intervals(whole, measured))
    counts = Counts(rows=0)
    row: Row = {"null_reason": "n_below_min"}
    if sample.cut.height:
        found = [
            one
            for one in proportional_hazards(sample, (words["term"],))
            if (one["estimator"], one["term"]) == (words["estimator"], words["term"])
        ]
        if not found:
            raise ArgumentError(
                f"term={words['term']} with estimator={words['estimator']}: it is of the class at"
                f" first alone. {listed('term', GRID[:1])}."
            )
        row = found[0]
        begun = sample.measured["began_on"].dt.year()
        counts = Counts(
            rows=row["n"],
            alliances=row["n"],
            clusters=row["n_clusters"],
            years=(int(str(begun.min())), int(str(begun.max()))),
        )
    return answer_as_published({**row, "inference": words["estimator"]}, counts)
