"""C2a, C2b, C2f, C2g, C2h with other definitions: the gap of agreement from the votes anew.

The same functions as in the build (`legitimation_gap`, `ally_designs`, …) on allies, votes and rows
as they were asked for. `western`-samples take their labels from `is_ally` of the list or tier.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_of
from transforms.arguing.asked_gaps import asked_gaps
from transforms.arguing.question import Question, clustered
from transforms.metrics.legitimation.ally_designs import fixed_effects
from transforms.metrics.legitimation.gap_results import Cell, Found, Results
from transforms.metrics.legitimation.gap_rows import GapRows, gap_rows
from transforms.metrics.legitimation.gap_subsets import SUBSETS
from transforms.metrics.legitimation.guarantee_slopes import Sizes, add_doses, add_sizes
from transforms.metrics.legitimation.guarantee_strength import doses_of
from transforms.metrics.legitimation.panel import panel_of
from transforms.metrics.legitimation.staggered_designs import (
    callaway_santanna,
    imputation,
    stacked,
    staggered_rows,
    sun_abraham,
)
from transforms.metrics.legitimation.triple_difference import SEED
from transforms.metrics.legitimation.western_non_allies import WesternGroup, add_western

TABLES = ("core.votes", "core.roll_calls", "core.states", "marts.ally_tier")
MORE_TABLES: Mapping[str, tuple[str, ...]] = {
    "C2b": ("metrics.hegemon_support", "metrics.security_hierarchy", "core.obligations"),
    "C2g": ("core.capabilities",),
}
LISTS: Mapping[str, tuple[str, ...]] = {"C2f": ("western_group",)}
ALL_JOINERS: Mapping[str, Callable[[GapRows], Found]] = {
    "imputation": imputation,
    "sun_abraham": sun_abraham,
    "callaway_santanna": callaway_santanna,
}
BETWEEN = ("session",)

Tables = Mapping[str, pl.DataFrame]


def gap_answer(question: Question, tables: Tables) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names, and hand-coded lists by theirs.

    Raises:
        ArgumentError: The build lacks the tier, or choices contradict each other.
    """
    words = question.words
    gaps = _gaps(question, tables)
    rows = _rows(question, gaps, tables["core.states"])
    least = question.least or SUBSETS[words["votes"]].least[0]
    row, used = _estimate(question, rows, tables)
    return answer_of(
        row,
        _counts(used, gaps, words),
        needs_switchers=words["design"] not in BETWEEN and words["regressor"] != "western_ally",
        classes=f"{least} unpopular and as many {words['controls']} votes",
    )


def _gaps(question: Question, tables: Tables) -> pl.DataFrame:
    tiers = question.tiers(tables["marts.ally_tier"])
    return asked_gaps(question, tables, tiers, sessions=question.window).filter(question.kept())


def _rows(question: Question, gaps: pl.DataFrame, states: pl.DataFrame) -> GapRows:
    words = question.words
    regions = states.group_by("ccode").agg(pl.col("region").first()).sort("ccode")
    rows = gap_rows(
        gaps,
        regions,
        leader=question.leader,
        vote_subset=words["votes"],
        control_class=words["controls"],
        scale=words["scale"],
    )
    labels = pl.DataFrame({"ccode": rows.ccode, "region": rows.region, "cluster": rows.cluster})
    by = clustered(labels, words.get("clusters", "wave"))
    return replace(rows, cluster=by["cluster"].to_numpy().astype(str))


def _estimate(
    question: Question, rows: GapRows, tables: Tables
) -> tuple[Mapping[str, object], GapRows]:
    """The row of the table of estimates, and the rows that it rests on."""
    words, results = question.words, Results(question.leader)
    votes = (words["votes"], words["controls"], words["scale"])
    cell = Cell(words["regressor"], words["design"], *votes, words.get("sample", "all"))
    if not len(rows.ccode):
        return {}, rows
    if question.claim == "C2f":
        group = WesternGroup(tables["western_group"])
        add_western(results, rows, group, votes, SEED)
        rows = group.samples(rows)[words["sample"]]
    elif question.claim == "C2g":
        add_sizes(results, rows, Sizes(tables["core.capabilities"], question.leader), votes)
    elif question.claim == "C2b":
        panel = panel_of(
            tables["metrics.hegemon_support"], tables["marts.ally_tier"], question.leader
        )
        doses = doses_of(panel, tables["metrics.security_hierarchy"], tables["core.obligations"])
        add_doses(results, rows, panel, doses, votes)
    else:
        rows = _add_ally(results, rows, cell)
    found = results.tables()[0].filter(
        pl.col("regressor") == cell.regressor,
        pl.col("design") == cell.design,
        pl.col("sample") == cell.sample,
    )
    return (found.row(0, named=True) if found.height else {}), rows


def _add_ally(results: Results, rows: GapRows, cell: Cell) -> GapRows:
    if cell.design in ALL_JOINERS or cell.design == "stacked":
        rows = staggered_rows(rows)
        if not rows.is_ally.any():
            results.add(cell, None, rows)
        elif cell.design == "stacked":
            effect, n_joiners = stacked(rows)
            results.add(cell, effect, rows, n_joiners)
        else:
            results.add(cell, ALL_JOINERS[cell.design](rows), rows)
    else:
        n_identifying = rows.states() if cell.design in BETWEEN else None
        results.add(cell, fixed_effects(rows, cell.design), rows, n_identifying)
    return rows


def _counts(rows: GapRows, gaps: pl.DataFrame, words: Mapping[str, str]) -> Counts:
    of_class = gaps.filter(
        pl.col("vote_subset") == words["votes"], pl.col("control_class") == words["controls"]
    )
    most = of_class.group_by("session").agg(pl.col("n_unpopular").max())["n_unpopular"].sum()
    sessions = np.unique(rows.session).tolist()
    return Counts(
        rows=len(rows.ccode),
        states=rows.states(),
        allies=rows.states(rows.is_ally),
        waves=len(np.unique(rows.cluster[rows.is_ally])),
        switchers=rows.switchers(),
        roll_calls=int(most or 0),
        sessions=(sessions[0], sessions[-1]) if sessions else None,
    )
