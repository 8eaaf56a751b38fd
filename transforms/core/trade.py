"""`core.trade`: imports and exports of states, one row per state and year."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.trade"
FROM = "staging.stg_cow_trade__state_years"
KEY = ("ccode", "year")


def build_trade(*, state_years: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Keeps the members of the system, and the years with a figure.

    Args:
        state_years: `staging.stg_cow_trade__state_years`.
        states: `core.states`.

    Returns:
        One row per state and year with imports, exports or both, in millions of current US
        dollars. Lost rows: `no_value`, `unknown_code`, `not_in_system`.
    """
    has_value = pl.any_horizontal(
        pl.col("imports_million_usd", "exports_million_usd").is_not_null()
    )
    empty = state_years.filter(~has_value).with_columns(pl.lit("no_value").alias("reason"))
    known, unknown = split_unknown_codes(state_years.filter(has_value), states)
    members = split_by_membership(known, states=states)
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=KEY)
        for part in (empty, unknown, members.outside)
    ]
    return StepResult({TABLE: members.rows.sort(KEY)}, pl.concat(losses))
