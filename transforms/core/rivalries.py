"""`core.rivalries`: strategic rivalries, one row each."""

from collections.abc import Mapping

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.coverage import Coverage, end_of_year
from transforms.step_result import StepResult, count_losses

TABLE = "core.rivalries"
FROM = "staging.stg_strategic_rivalries__rivalries"

FIRST_YEAR_OF_THE_SYSTEM = 1816


def build_rivalries(
    *, rivalries: pl.DataFrame, states: pl.DataFrame, coverage: Mapping[str, Coverage]
) -> StepResult:
    """Tells which rivalries were going on when the source ended.

    Args:
        rivalries: `staging.stg_strategic_rivalries__rivalries`.
        states: `core.states`.
        coverage: Of `strategic_rivalries`: a rivalry in its last year has no known end.

    Returns:
        One row per rivalry. Lost rows: `before_the_state_system` (ended before 1816),
        `unknown_code`.
    """
    latest = rivalries["year_to"].max()
    end = coverage["strategic_rivalries"].end(
        end_of_year(latest if isinstance(latest, int) else None)
    )
    is_early = pl.col("year_to") < FIRST_YEAR_OF_THE_SYSTEM
    early = rivalries.filter(is_early).with_columns(
        pl.lit("before_the_state_system").alias("reason")
    )
    known, unknown = split_unknown_codes(
        rivalries.filter(~is_early), states, ccodes=("ccode1", "ccode2")
    )
    rows = known.with_columns(
        (pl.col("year_to") >= end.year).alias("is_ongoing_at_source_end")
    ).sort("rivalry_no")
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=("rivalry_no",))
        for part in (early, unknown)
    ]
    return StepResult({TABLE: rows}, pl.concat(losses))
