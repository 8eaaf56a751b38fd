"""`core.covariates`: covariates that a person handed over, one row per state and year."""

import polars as pl

from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.covariates"
FROM = "covariates handed over"
KEY = ("ccode", "year")


def build_covariates(*, covariates: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Keeps the rows of states that were members of the system in the year.

    Args:
        covariates: The file, typed as `core.covariates`; no row where none was handed over.
        states: `core.states`.

    Returns:
        The rows that say anything. Lost rows: `not_in_system`.
    """
    values = [name for name in covariates.columns if name not in KEY]
    telling = covariates.filter(pl.any_horizontal(pl.col(values).is_not_null()))
    members = split_by_membership(telling, states=states)
    lost = count_losses(members.outside, from_table=FROM, to_table=TABLE, key=KEY)
    return StepResult({TABLE: members.rows.sort(KEY)}, lost)
