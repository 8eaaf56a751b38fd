"""`core.disputes`: militarised disputes, one row per undirected dyad of opponents and year."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.step_result import StepResult, count_losses

TABLE = "core.disputes"
FROM = "staging.stg_disputes__directed_dyad_years"
KEY = ("ccode_one", "ccode_other", "year")

OF_THE_DISPUTE = (
    *("hostility_level", "fatality_level", "is_reciprocated"),
    *("duration_days_min", "duration_days_max", "start_month"),
)


def build_disputes(*, directed_dyad_years: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Keeps one direction of each pair.

    Args:
        directed_dyad_years: `staging.stg_disputes__directed_dyad_years`; the gate has seen that
            each pair is there in both directions.
        states: `core.states`.

    Returns:
        One row per dyad and year. Lost rows: `other_direction`, `unknown_code`.
    """
    is_other = pl.col("ccode_one") > pl.col("ccode_other")
    other = directed_dyad_years.filter(is_other).with_columns(
        pl.lit("other_direction").alias("reason")
    )
    known, unknown = split_unknown_codes(
        directed_dyad_years.filter(~is_other),
        states,
        ccodes=("ccode_one", "ccode_other"),
    )
    rows = known.select(
        pl.col("ccode_one").alias("ccode1"),
        pl.col("ccode_other").alias("ccode2"),
        "year",
        "dispute_no",
        "is_onset",
        pl.col("is_side_a_one").alias("is_side_a1"),
        pl.col("is_originator_one").alias("is_originator1"),
        pl.col("is_originator_other").alias("is_originator2"),
        pl.col("hostility_level_one").alias("hostility_level1"),
        pl.col("hostility_level_other").alias("hostility_level2"),
        *OF_THE_DISPUTE,
    ).sort("ccode1", "ccode2", "year")
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=KEY) for part in (other, unknown)
    ]
    return StepResult({TABLE: rows}, pl.concat(losses))
