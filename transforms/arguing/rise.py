"""C1a with other definitions: the rise of asymmetric alliances, from the build's units anew."""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.errors import ArgumentError
from transforms.arguing.question import Question
from transforms.metrics.asymmetry.asymmetric_rise import (
    DRAWN,
    ORIGIN,
    TREND,
    measured_units,
    rise,
    rise_drawn,
    trend,
)
from transforms.metrics.asymmetry.units_by_leader import units_of
from transforms.metrics.claims.asymmetry_trend import AT_LEAST, BEFORE, PERIODS

TABLES = (
    "metrics.capability_asymmetry",
    "core.alliance_members",
    "core.obligations",
    "core.capabilities",
    "core.gdp",
)
LEADERS, ALLIANCES = "leader", "alliance"
WHOLE_PERIOD = "from 1946"
BY_ALLIANCE = ("alliance_year", "formation_cohort", TREND, DRAWN)
"""Designs whose units are alliances, so that these can be the clusters."""


def rise_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.

    Raises:
        ArgumentError: Choices contradict each other.
    """
    words = question.words
    design, ratio = words["design"], question.ratio
    if words["clusters"] == ALLIANCES and design not in BY_ALLIANCE:
        raise ArgumentError(
            f"clusters={ALLIANCES} with design={design}: its units are no alliances. Known for"
            f" clusters: {LEADERS}."
        )
    if design == TREND and words["period"] != WHOLE_PERIOD:
        raise ArgumentError(
            f"period={words['period']} with design={design}: a trend is over all years, and has no"
            " later period. Set years instead."
        )
    rows = _rows(question, tables)
    first, last = PERIODS[words["period"]]
    if design != TREND:
        inside = pl.col("year").is_between(*BEFORE) | pl.col("year").is_between(first, last)
        rows = rows.filter(inside)
    if rows.select((pl.col("ratio") >= ratio * AT_LEAST).n_unique()).item() == 1:
        # ½ added to empty counts would make a rise of how many units there are
        return answer_as_published({"null_reason": "no_variation"}, _counts(rows))
    if design == TREND:
        found, _ = trend(units_of(rows, ORIGIN + 1), ratio)
        return answer_as_published(found, _counts(rows), is_rounded=True)
    part = units_of(rows, first)
    found = rise_drawn(part, ratio) if design == DRAWN else rise(part, ratio)[0]
    return answer_as_published(found, _counts(rows), is_rounded=True)


def _rows(question: Question, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    words = question.words
    unit = "alliance_year" if words["design"] in (DRAWN, TREND) else words["design"]
    led = measured_units(
        **{name.rpartition(".")[2]: table for name, table in tables.items() if name in TABLES}
    )
    rows = led.filter(
        pl.col("unit") == unit,
        pl.col("variable") == words["variable"],
        pl.col("year").is_between(*question.window),
        ~pl.col("leader").is_in(list(question.without)),
    )
    if words["clusters"] == ALLIANCES:
        return rows.with_columns(pl.col("key1").cast(pl.Int64).alias("leader"))
    return rows


def _counts(rows: pl.DataFrame) -> Counts:
    years = rows["year"].unique().sort().to_list()
    return Counts(
        rows=rows.height,
        clusters=rows["leader"].n_unique(),
        years=(years[0], years[-1]) if years else None,
    )
