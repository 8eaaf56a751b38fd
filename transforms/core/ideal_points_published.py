"""`core.ideal_points_published`: ideal points as published by Bailey, Strezhnev and Voeten."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import is_member_in_year, is_membership_carried_forward
from transforms.core.succession import read_rules
from transforms.identity import resolve
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
    *,
    state_years: pl.DataFrame,
    states: pl.DataFrame,
    succession: pl.DataFrame,
    state_aliases: pl.DataFrame,
    ideal_point_codes: pl.DataFrame,
) -> StepResult:
    """Adds the release, applies the succession of seats, and marks who was not sovereign.

    A rule of succession that is stated in sessions moves the years that go with them, so that
    China's points of 1946-49 stand under the code that has its votes (710). Rules stated in
    months fall within a year and move nothing here.

    Ukraine and Byelorussia voted before they were members of the COW system: their rows stay with
    `is_sovereign` = false. A code that no state ever had is lost (`unknown_code`). A release
    without COW codes is read by its alpha-3 codes, as they are on the last day of the year.

    Args:
        state_years: `staging.stg_un_ideal_points__state_years`.
        states: `core.states`.
        succession: Reference; its rules of succession for votes.
        state_aliases: Reference `state_aliases`, scheme `iso3`.
        ideal_point_codes: Reference: alpha-3 codes that the publisher uses otherwise.

    Returns:
        One row per state and year. `ideal_point_published` is a posterior mean on a scale
        with mean about 0 and standard deviation about 1, higher towards the United States;
        `published_release` names the years that the release covers.
    """
    coded, unmatched = _with_cow_codes(state_years, state_aliases, ideal_point_codes)
    relabelled = _relabel(coded, read_rules(succession))
    state_years, unknown = split_unknown_codes(relabelled, states)
    key = ["state_code", "year"]
    losses = pl.concat(
        [
            count_losses(part, from_table=FROM, to_table=TABLE, key=key, code="state_code")
            for part in (unknown, unmatched)
        ]
    )
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


def _with_cow_codes(
    state_years: pl.DataFrame, state_aliases: pl.DataFrame, ideal_point_codes: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with a COW code, published or found, and those whose code is no state's."""
    coded = state_years.filter(pl.col("ccode").is_not_null())
    by_iso = state_years.filter(pl.col("ccode").is_null()).drop("ccode")
    if by_iso.is_empty():
        return coded, by_iso.with_columns(pl.lit(None, pl.String).alias("reason"))
    of_file = pl.col("code").is_in(ideal_point_codes["code"].implode())
    of_iso = state_aliases.filter((pl.col("scheme") == "iso3") & ~of_file)
    no_limit = [pl.lit(None, pl.String).alias(day) for day in ("valid_from", "valid_to")]
    own = ideal_point_codes.select("ccode", pl.lit("iso3").alias("scheme"), "code", *no_limit)
    aliases = pl.concat([of_iso.select(own.columns), own])
    resolved = resolve(by_iso, code="state_code", scheme="iso3", on="year", aliases=aliases)
    found = resolved.rows.select(coded.columns)
    return pl.concat([coded, found]), resolved.unmatched


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
