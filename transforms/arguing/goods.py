"""C10 with other definitions: whether support earns troops later, from the votes anew.

Only allies are in the rows: what is compared is more and less support of the same allies.
"""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_of
from transforms.arguing.asked_gaps import FULL_VOTES, asked_gaps
from transforms.arguing.question import Question, clustered
from transforms.metrics.exchange.lagged_sums import FORWARD, Cell, cell_rows, sum_of_lags
from transforms.metrics.exchange.security_goods import troops_of
from transforms.metrics.exchange.support_returns import MIN_STATES, described
from transforms.metrics.legitimation.gap_subsets import SUBSETS

TABLES = (
    "core.votes",
    "core.roll_calls",
    "core.states",
    "core.us_troops",
    "core.capabilities",
    "marts.ally_tier",
)
LISTS = ("wartime_deployments",)


def goods_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names, and hand-coded lists by theirs.

    Raises:
        ArgumentError: The build lacks the tier, or choices contradict each other.
    """
    words = question.words
    tiers = question.tiers(tables["marts.ally_tier"])
    gaps = asked_gaps(question, tables, tiers).filter(
        pl.col("vote_subset") == FULL_VOTES, pl.col("control_class") == words["controls"]
    )
    goods = troops_of(
        tables["core.us_troops"],
        tables["core.capabilities"],
        tables["wartime_deployments"],
        leader=question.leader,
    )
    cell = Cell(FORWARD, words["good"], words["estimator"], words["design"], sample=words["sample"])
    rows = cell_rows(gaps, goods[cell.good], tiers, cell, leader=question.leader)
    regions = tables["core.states"].select("ccode", "region").unique("ccode")
    rows = rows.filter(question.kept()).join(regions, on="ccode", how="left", validate="m:1")
    rows = clustered(rows, words["clusters"]).sort("ccode", "session")
    effect = sum_of_lags(rows, cell) if rows["ccode"].n_unique() >= MIN_STATES else None
    least = question.least or SUBSETS[FULL_VOTES].least[0]
    return answer_of(
        described(rows, cell, effect),
        _counts(rows, gaps.filter(question.kept())),
        needs_switchers=False,
        needs_others=False,
        classes=f"{least} unpopular and as many {words['controls']} votes in five sessions on end",
    )


def _counts(rows: pl.DataFrame, gaps: pl.DataFrame) -> Counts:
    most = gaps.group_by("session").agg(pl.col("n_unpopular").max())["n_unpopular"].sum()
    sessions = rows["session"].unique().sort().to_list()
    n_states = rows["ccode"].n_unique()
    return Counts(
        rows=rows.height,
        states=n_states,
        allies=n_states,
        waves=rows["cluster"].n_unique(),
        switchers=0,
        roll_calls=int(most or 0),
        sessions=(sessions[0], sessions[-1]) if sessions else None,
    )
