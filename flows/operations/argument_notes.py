"""What a reader of an argument has to know besides its figures."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.arguing.answer import Answer
from transforms.arguing.arguable import EVERY_LEADER, Arguable
from transforms.arguing.question import PAPERS_LEADER, Question

FEW_SWITCHERS = 10
"""States whose status changes, below which a reader is told how few they are."""


def notes_of(
    question: Question,
    answer: Answer,
    tables: Mapping[str, pl.DataFrame],
    primary: Mapping[str, Any],
    *,
    about: Arguable,
    is_own_leader: bool,
) -> list[str]:
    """Sentences, in order.

    Args:
        question: What was asked.
        answer: What the data say.
        tables: What it was computed from.
        primary: The published primary.
        about: What can be varied in the claim.
        is_own_leader: Whether the published primary is that of the question's leader.
    """
    notes = []
    if question.spells is not None:
        notes.append(_compared_with_core(question, tables["marts.ally_tier"]))
    if about.free.get("leader") == EVERY_LEADER:
        if question.one_leader:
            notes.append("The published primary is of all leaders; clusters here are alliances.")
    elif question.leader != PAPERS_LEADER:
        whose = "that leader's own" if is_own_leader else "that of the United States"
        notes.append(
            "The claim is about the United States: of another leader it is a replication. The"
            f" published primary is {whose}."
        )
    if primary["estimate"] is None:
        notes.append(f"The published primary could not be computed: {primary['null_reason']}.")
    if not answer.cannot_say and 0 < (answer.counts.switchers or 0) < FEW_SWITCHERS:
        notes.append(f"Only {answer.counts.switchers} states change their status in these rows.")
    return notes


def _compared_with_core(question: Question, ally_tier: pl.DataFrame) -> str:
    """How far an own list is the published one, since a list can be chosen by how states vote."""
    inside = pl.col("year").is_between(*question.years) & pl.col("tier_core")
    own = question.tiers(ally_tier).filter(inside).select("ccode", "year")
    tiers = ally_tier.filter(pl.col("ccode_hegemon") == question.leader)
    core = tiers.filter(inside).select("ccode", "year")
    both = own.join(core, on=["ccode", "year"], how="semi").height
    return (
        f"The list has {own.height} state-years in the window, the core tier of the build"
        f" {core.height}; {both} are in both. A list that is chosen by how states vote proves"
        " nothing: say by what it was made."
    )
