"""`core.alliances`: ATOP's alliance-phases, and what the treaty of each says as a whole."""

from collections.abc import Mapping

import polars as pl

from transforms.core.alliance_members import end_of_members, first_day, last_day
from transforms.coverage import Coverage
from transforms.step_result import StepResult

# Columns that all members of a phase share, without its dates: the treaty as an institution.
_PHASE_ITEMS = (
    "defense", "offense", "neutral", "nonagg", "consul", "conditio", "asymm",
    "wartime", "estmode", "pubsecr", "length", "term_code", "specthrt", "conwtin", "milcon",
    "milaid", "intcom", "subord", "organ1", "orgpurp1", "organ2", "orgpurp2", "base", "contrib",
    "compag", "ecaid", "interv",
)  # fmt: skip

# Strongest first, by what the promise requires of a member in war.
_CLASSES = (
    ("defense", "defense"),
    ("offense", "offense"),
    ("neutral", "neutrality"),
    ("consul", "consultation"),
    ("nonagg", "nonaggression"),
)


def build_alliances(
    *,
    atop_phases: pl.DataFrame,
    atop_members: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Builds `core.alliances`: one row per alliance-phase.

    Args:
        atop_phases: `staging.stg_atop__phases`.
        atop_members: `staging.stg_atop__members`; gives the number of members, which counts
            codes outside the COW system too, so that it is ATOP's number.
        coverage: Of `atop`.

    Returns:
        `core.alliances`; `year_to` of a phase still in force is the last year covered.

    Raises:
        ValueError: A phase has no member row, or a member row no phase.
    """
    end = end_of_members(atop_members, coverage["atop"])
    counts = atop_members.group_by("atopid", "phase").agg(
        pl.col("member").n_unique().cast(pl.Int16).alias("n_members")
    )
    joined = atop_phases.join(counts, on=("atopid", "phase"), how="left", validate="1:1")
    memberless = joined.filter(pl.col("n_members").is_null())["atopid"]
    phaseless = counts.join(atop_phases, on=("atopid", "phase"), how="anti")["atopid"].sort()
    for table, lacking, what in (
        ("staging.stg_atop__phases", memberless, "member rows"),
        ("staging.stg_atop__members", phaseless, "phase"),
    ):
        if not lacking.is_empty():
            raise ValueError(
                f"{table}: no {what} for atopid {lacking.to_list()[:3]};"
                " the phase and the member file are not of the same version"
            )
    alliances = joined.select(
        "atopid",
        "phase",
        "atopidphase",
        "cow4id",
        first_day("begin").alias("began_on"),
        last_day("end").alias("ended_on"),
        pl.col("begin_year").alias("year_from"),
        pl.col("end_year").fill_null(end.year).alias("year_to"),
        pl.col("end_year").is_null().alias("in_force_at_source_end"),
        (pl.col("bilat") == 1).alias("is_bilateral"),
        "n_members",
        atop_class().alias("atop_class"),
        *_PHASE_ITEMS,
    ).sort("atopid", "phase")
    return StepResult({"core.alliances": alliances})


def atop_class() -> pl.Expr:
    """The strongest of the five promises: defense, offense, neutrality, …, none."""
    chosen: pl.Expr = pl.lit("none")
    for column, name in reversed(_CLASSES):
        chosen = pl.when(pl.col(column) == 1).then(pl.lit(name)).otherwise(chosen)
    return chosen
