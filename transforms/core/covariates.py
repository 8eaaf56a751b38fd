"""`core.covariates`: covariates of a user file, one row per state and year."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.covariates"
FROM = "user file covariates"
KEY = ("ccode", "year")


def build_covariates(*, covariates: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Keeps the rows of states that were members of the system in the year.

    Args:
        covariates: The user file, typed as `core.covariates`; without rows where there is none.
        states: `core.states`.

    Returns:
        The rows with at least one value. Lost rows: `not_in_system`, `unknown_code` (no state
        ever had it) and `no_value`.
    """
    values = [name for name in covariates.columns if name not in KEY]
    with_values = covariates.filter(pl.any_horizontal(pl.col(values).is_not_null()))
    known, unknown = split_unknown_codes(with_values, states)
    members = split_by_membership(known, states=states)
    empty = covariates.filter(~pl.any_horizontal(pl.col(values).is_not_null()))
    lost = pl.concat(
        [unknown, members.outside, empty.with_columns(pl.lit("no_value").alias("reason"))]
    )
    losses = count_losses(lost, from_table=FROM, to_table=TABLE, key=KEY)
    return StepResult({TABLE: members.rows.select(covariates.columns).sort(KEY)}, losses)
