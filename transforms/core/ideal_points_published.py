"""`core.ideal_points_published`: ideal points as their authors publish them."""

import polars as pl

from transforms.core.state_years import is_member_in_year
from transforms.outcome import Outcome

TABLE = "core.ideal_points_published"

ESTIMATES = (
    "ideal_point_published",
    "ideal_point_published_q05",
    "ideal_point_published_q10",
    "ideal_point_published_q50",
    "ideal_point_published_q90",
    "ideal_point_published_q95",
)


def build_ideal_points_published(*, state_years: pl.DataFrame, states: pl.DataFrame) -> Outcome:
    """Adds the release and marks states that were not sovereign.

    Nothing is lost: Ukraine and Byelorussia voted before they were members of the COW
    system, and their rows stay with `is_sovereign` = false.

    Args:
        state_years: `staging.stg_un_ideal_points__state_years`.
        states: `core.states`.

    Returns:
        One row per state and year. `ideal_point_published` is a posterior mean on a scale
        with mean about 0 and standard deviation about 1, higher towards the United States;
        `published_release` names the years that the release covers.
    """
    first, last = state_years.select(f=pl.col("year").min(), l=pl.col("year").max()).row(0)
    points = state_years.select(
        "ccode",
        "year",
        *ESTIMATES,
        "n_votes_published",
        pl.lit(f"{first}-{last}, final passage").alias("published_release"),
    ).with_columns(is_member_in_year(state_years, states=states).alias("is_sovereign"))
    return Outcome({TABLE: points.sort("ccode", "year")})
