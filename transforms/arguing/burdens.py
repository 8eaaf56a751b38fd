"""C6 with other definitions: the elasticity of burdens, from the members' spending anew."""

from collections.abc import Mapping

import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.question import Question
from transforms.metrics.alliances.burden_elasticity import elasticity, members_with_burdens
from transforms.metrics.claims.asymmetry_trend import AT_LEAST

TABLES = (
    "metrics.burden_sharing",
    "metrics.capability_asymmetry",
    "core.alliance_members",
    "core.military_expenditure",
    "core.gdp",
)


def burdens_answer(question: Question, tables: Mapping[str, pl.DataFrame]) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.
    """
    members = members_with_burdens(*(tables[name] for name in TABLES))
    rows = members.filter(
        pl.col("ratio") >= question.ratio * AT_LEAST,
        pl.col("year").is_between(*question.window),
        ~pl.col("ccode").is_in(list(question.without)),
    )
    found, _ = elasticity(rows, question.words["design"])
    years = rows["year"].unique().sort().to_list()
    counts = Counts(
        rows=rows.height,
        states=rows["ccode"].n_unique(),
        alliances=rows["atopid"].n_unique(),
        years=(years[0], years[-1]) if years else None,
    )
    return answer_as_published(found, counts, is_rounded=True)
