"""`core.covariates`: covariates of a user file, one row per state and year."""

import polars as pl

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
        The rows with at least one value. Lost rows: `not_in_system`.
    """
    values = [name for name in covariates.columns if name not in KEY]
    with_values = covariates.filter(pl.any_horizontal(pl.col(values).is_not_null()))
    members = split_by_membership(with_values, states=states)
    lost = count_losses(members.outside, from_table=FROM, to_table=TABLE, key=KEY)
    rows = members.rows.select(covariates.columns).sort(KEY)
    return StepResult({TABLE: rows}, lost)
