"""`core.capabilities`: material capabilities of states, one row per state and year."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.capabilities"
FROM = "staging.stg_cow_capabilities__state_years"

LAST_YEAR_IN_POUNDS = 1913
MEASURES = ("milper_thousand", "irst", "pec", "tpop_thousand", "upop_thousand", "cinc")


def build_capabilities(*, state_years: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Names the currency of military expenditure and checks membership.

    Args:
        state_years: `staging.stg_cow_capabilities__state_years`.
        states: `core.states`.

    Returns:
        One row per state and year. `milex_thousand` is in thousands of current British
        pounds to 1913 and of current US dollars from 1914 (`milex_currency`); 0 is a value,
        NULL is missing in the source. Lost rows: `not_in_system`, and `unknown_code` (no state
        ever had it).
    """
    pounds = pl.col("year") <= LAST_YEAR_IN_POUNDS
    known, unknown = split_unknown_codes(state_years, states)
    members = split_by_membership(known, states=states)
    capabilities = members.rows.select(
        "ccode",
        "year",
        "milex_thousand",
        pl.when(pounds).then(pl.lit("GBP")).otherwise(pl.lit("USD")).alias("milex_currency"),
        *MEASURES,
        "is_membership_carried_forward",
    ).sort("ccode", "year")
    lost = pl.concat([unknown, members.outside])
    losses = count_losses(lost, from_table=FROM, to_table=TABLE, key=["ccode", "year"])
    return StepResult({TABLE: capabilities}, losses)
