"""C8 with other definitions: whether allies' agreement moves less, from the votes anew."""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_of
from transforms.arguing.question import Question, clustered
from transforms.metrics.exchange.allies import n_switchers, with_changed_status, with_cluster
from transforms.metrics.exchange.co_movement import Cell, cell_rows, co_movement, described
from transforms.metrics.exchange.vote_predictability import (
    MIN_VOTES_OF_HALF,
    changes,
    half_counts,
)

TABLES = ("core.votes", "core.roll_calls", "core.states", "marts.ally_tier")


def steadiness_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.

    Raises:
        ArgumentError: The build lacks the tier of that leader.
    """
    words = question.words
    tiers = question.tiers(tables["marts.ally_tier"])
    counts = half_counts(tables["core.votes"], tables["core.roll_calls"], (question.leader,))
    panel = with_changed_status(
        changes(counts, words["scale"]), tiers, leader=question.leader, tier="core"
    )
    regions = tables["core.states"].select("ccode", "region").unique("ccode")
    panel = panel.filter(pl.col("null_reason").is_null(), question.kept()).join(
        regions, on="ccode", how="left", validate="m:1"
    )
    waves = _tiers_of_waves(question, tables["marts.ally_tier"])
    panel = with_cluster(panel, waves, leader=question.leader)
    panel = clustered(panel, words.get("clusters", "wave"))
    cell = Cell(
        vote_class=words["votes"],
        scale=words["scale"],
        design=words["design"],
        sample=words["sample"],
    )
    rows = cell_rows(panel, tiers, cell, leader=question.leader)
    return answer_of(
        described(rows, co_movement(rows, cell.design)) if rows.height else {},
        _counts(rows),
        needs_switchers=cell.design != "session_only",
        classes=f"{2 * MIN_VOTES_OF_HALF} decided votes in it and in the session before",
    )


def _tiers_of_waves(question: Question, ally_tier: pl.DataFrame) -> pl.DataFrame:
    """The tiers whose core says on which day a state joined.

    As published those of the build, whichever of its tiers is asked about; an own list's where
    there is one, and the tier's that is asked about where the leader has no core allies.
    """
    own = (pl.col("ccode_hegemon") == question.leader) & pl.col("tier_core")
    if question.spells is None and not ally_tier.filter(own).is_empty():
        return ally_tier
    return question.tiers(ally_tier)


def _counts(rows: pl.DataFrame) -> Counts:
    allies = rows.filter(pl.col("is_ally"))
    most = rows.group_by("session").agg((pl.col("n_0") + pl.col("n_1")).max().alias("n"))
    sessions = rows["session"].unique().sort().to_list()
    return Counts(
        rows=rows.height,
        states=rows["ccode"].n_unique(),
        allies=allies["ccode"].n_unique(),
        waves=allies["cluster"].n_unique(),
        switchers=n_switchers(rows),
        roll_calls=int(most["n"].sum() or 0),
        sessions=(sessions[0], sessions[-1]) if sessions else None,
    )
