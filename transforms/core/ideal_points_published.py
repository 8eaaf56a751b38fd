"""`core.ideal_points_published`: ideal points as published by Bailey, Strezhnev and Voeten."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import is_member_in_year, is_membership_carried_forward
from transforms.core.succession import read_rules
from transforms.step_result import StepResult, count_losses

TABLE = "core.ideal_points_published"
FROM = "staging.stg_un_ideal_points__state_years"
SESSION_OFFSET = 1945
"""A session's main year is its number plus this."""

ESTIMATES = (
    "ideal_point_published",
    "ideal_point_published_q05",
    "ideal_point_published_q10",
    "ideal_point_published_q50",
    "ideal_point_published_q90",
    "ideal_point_published_q95",
)


def build_ideal_points_published(
    *, state_years: pl.DataFrame, states: pl.DataFrame, succession: pl.DataFrame
) -> StepResult:
    """Adds the release, applies the succession of seats, and marks who was not sovereign.

    A rule of succession that is stated in sessions moves the years that go with them, so that
    China's points of 1946-49 stand under the code that has its votes (710). Rules stated in
    months fall within a year and move nothing here.

    Ukraine and Byelorussia voted before they were members of the COW system: their rows stay with
    `is_sovereign` = false. A code that no state ever had is lost (`unknown_code`).

    Args:
        state_years: `staging.stg_un_ideal_points__state_years`.
        states: `core.states`.
        succession: Reference; its rules of succession for votes.

    Returns:
        One row per state and year. `ideal_point_published` is a posterior mean on a scale
        with mean about 0 and standard deviation about 1, higher towards the United States;
        `published_release` names the years that the release covers.
    """
    relabelled = _relabel(state_years, read_rules(succession))
    state_years, unknown = split_unknown_codes(relabelled, states)
    losses = count_losses(unknown, from_table=FROM, to_table=TABLE, key=["ccode", "year"])
    first, last = state_years.select(f=pl.col("year").min(), l=pl.col("year").max()).row(0)
    points = state_years.select(
        "ccode",
        "year",
        *ESTIMATES,
        "n_votes_published",
        pl.lit(f"{first}-{last}, final passage").alias("published_release"),
    ).with_columns(
        is_member_in_year(state_years, states=states).alias("is_sovereign"),
        is_membership_carried_forward(state_years, states=states).alias(
            "is_membership_carried_forward"
        ),
    )
    return StepResult({TABLE: points.sort("ccode", "year")}, losses)


def _relabel(state_years: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    moved = pl.col("ccode")
    by_session = rules.filter(
        (pl.col("action") == "relabel") & pl.col("session_from").is_not_null()
    )
    for rule in by_session.iter_rows(named=True):
        session = pl.col("year") - SESSION_OFFSET
        applies = (pl.col("ccode") == rule["ccode_source"]) & session.is_between(
            rule["session_from"], rule["session_to"]
        )
        moved = pl.when(applies).then(pl.lit(rule["ccode"], pl.Int16)).otherwise(moved)
    return state_years.with_columns(moved.alias("ccode"))
