"""`core.us_construction`: US military construction in other states, one row per state and year."""

import polars as pl

from transforms.core.state_years import split_by_membership
from transforms.core.us_places import UNITED_STATES, place_rows
from transforms.step_result import StepResult, count_losses

TABLE = "core.us_construction"
FROM = "staging.stg_us_construction__projects"
FLAG = "is_membership_carried_forward"


def build_us_construction(
    *, projects: pl.DataFrame, states: pl.DataFrame, us_places: pl.DataFrame
) -> StepResult:
    """Assigns COW codes to the places, and adds up the projects of a state and year.

    Args:
        projects: `staging.stg_us_construction__projects`.
        states: `core.states`.
        us_places: Reference `us_places`.

    Returns:
        One row per host state and fiscal year with a disclosed project; no row where there is
        none, for what is not disclosed is not nought. Current US dollars. Lost rows:
        `home_country`, `not_in_system` (dependent territories, years outside membership),
        `unspecified_place`, `no_code`, `unknown_code`, and `added_to_same_state` (their dollars
        are kept).
    """
    key = ["file_row", "place_name", "year"]
    placed, lost = place_rows(projects, us_places=us_places, states=states)
    members = split_by_membership(placed, states=states)
    ordered = members.rows.sort("ccode", "year", "file_row")
    added = ordered.filter(pl.int_range(pl.len()).over("ccode", "year") > 0).with_columns(
        pl.lit("added_to_same_state").alias("reason")
    )
    construction = (
        ordered.group_by("ccode", "year", maintain_order=True)
        .agg(
            pl.col("construction_usd").sum(),
            pl.len().cast(pl.Int32).alias("n_projects"),
            pl.col("location_name").n_unique().cast(pl.Int32).alias("n_locations"),
            pl.col(FLAG).first(),
        )
        .select(
            pl.lit(UNITED_STATES, dtype=pl.Int16).alias("ccode_from"),
            pl.col("ccode").alias("ccode_to"),
            "year",
            "construction_usd",
            "n_projects",
            "n_locations",
            FLAG,
        )
    )
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=key, code="place_name")
        for part in (*lost, members.outside, added)
    ]
    return StepResult({TABLE: construction}, pl.concat(losses))
