"""C9 with other definitions: the ally effect with threat held constant, from the votes anew."""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_of
from transforms.arguing.asked_gaps import FULL_VOTES, asked_gaps
from transforms.arguing.question import Question, clustered
from transforms.metrics.exchange.allies import n_switchers
from transforms.metrics.exchange.before_treatment import with_covariates
from transforms.metrics.exchange.estimate_rows import figures
from transforms.metrics.exchange.exchange_under_threat import (
    NONE,
    Pair,
    effects_of_pair,
    rows_of_pair,
)
from transforms.metrics.legitimation.gap_subsets import SUBSETS

TABLES = (
    "core.votes",
    "core.roll_calls",
    "core.states",
    "core.regimes",
    "core.trade",
    "marts.ally_tier",
    "metrics.external_threat",
)


def threat_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.

    Raises:
        ArgumentError: The build lacks the tier, or choices contradict each other.
    """
    words = question.words
    tiers = question.tiers(tables["marts.ally_tier"])
    gaps = asked_gaps(question, tables, tiers).filter(
        pl.col("vote_subset") == FULL_VOTES,
        pl.col("null_reason").is_null(),
        pl.col("is_ally").is_not_null(),
    )
    panel = with_covariates(
        gaps, tables["core.regimes"], tables["core.trade"], tiers, leader=question.leader
    )
    regions = tables["core.states"].select("ccode", "region").unique("ccode")
    panel = panel.filter(question.kept()).join(regions, on="ccode", how="left", validate="m:1")
    threat = tables["metrics.external_threat"].filter(pl.col("ccode_hegemon") == question.leader)
    lag = 0 if words["threat"] == NONE else int(words["lag"])
    pair = Pair(words["threat"], lag, words["covariates"], words["controls"], words["design"])
    rows, _ = rows_of_pair(clustered(panel, words.get("clusters", "wave")), threat, pair)
    effect = effects_of_pair(rows, pair).get((words["scale"], words["quantity"]))
    least = question.least or SUBSETS[FULL_VOTES].least[0]
    return answer_of(
        figures(effect),
        _counts(rows),
        needs_switchers=True,
        classes=f"{least} unpopular and as many {words['controls']} votes and a known threat",
    )


def _counts(rows: pl.DataFrame) -> Counts:
    allies = rows.filter(pl.col("is_ally"))
    most = rows.group_by("session").agg(pl.col("n_unpopular").max())["n_unpopular"].sum()
    sessions = rows["session"].unique().sort().to_list()
    return Counts(
        rows=rows.height,
        states=rows["ccode"].n_unique(),
        allies=allies["ccode"].n_unique(),
        waves=allies["cluster"].n_unique(),
        switchers=n_switchers(rows),
        roll_calls=int(most or 0),
        sessions=(sessions[0], sessions[-1]) if sessions else None,
    )
