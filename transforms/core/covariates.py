"""`core.covariates`: covariates of states, of a user file and of the sources, by state and year.

| covariate | from the sources |
|---|---|
| polyarchy | `core.regimes` (V-Dem) |
| distance_km | great circle from the capital to Washington (`core.capitals`), on 31 December |
| trade_total_usd | imports and exports together (`core.trade`) |
| aid_usd, trade_usd, trade_share, colonial_tie, region_eu | in no source: NULL without a file |

A user file takes precedence by column: one in which it has any value is the file's alone, since two
measures of one thing are not to be mixed.
"""

from collections.abc import Sequence

import polars as pl

from transforms.core.capitals import capital_distances
from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.covariates"
FROM = "user file covariates"
KEY = ("ccode", "year")

UNITED_STATES = 2
FIRST_YEAR = 1816
DOLLARS_PER_MILLION = 1e6


def build_covariates(
    *,
    covariates: pl.DataFrame,
    states: pl.DataFrame,
    regimes: pl.DataFrame,
    capitals: pl.DataFrame,
    trade: pl.DataFrame,
) -> StepResult:
    """Joins what the sources have to the columns that a user file does not fill.

    Args:
        covariates: The user file, typed as `core.covariates`; without rows where there is none.
        states: `core.states`.
        regimes: `core.regimes`.
        capitals: `core.capitals`.
        trade: `core.trade`.

    Returns:
        The rows with at least one value, of members of the system. Lost rows of the user file:
        `not_in_system`, `unknown_code` (no state ever had it) and `no_value`.
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
    found = members.rows.select(covariates.columns)
    for frame in _of_sources(states, regimes, capitals, trade):
        (name,) = (column for column in frame.columns if column not in KEY)
        if with_values[name].null_count() == with_values.height:
            found = _joined(found.drop(name), frame)
    rows = found.select(covariates.columns).sort(KEY)
    return StepResult({TABLE: rows}, losses)


def _of_sources(
    states: pl.DataFrame, regimes: pl.DataFrame, capitals: pl.DataFrame, trade: pl.DataFrame
) -> Sequence[pl.DataFrame]:
    """One frame per covariate that the sources have: ccode, year and its value."""
    both = pl.col("imports_million_usd") + pl.col("exports_million_usd")
    totals = trade.select(*KEY, (both * DOLLARS_PER_MILLION).alias("trade_total_usd"))
    ends = [frame["year"].max() for frame in (regimes, trade)]
    ends.append(capitals.select(pl.col("valid_to").dt.year().max()).item())
    last = max((end for end in ends if isinstance(end, int)), default=FIRST_YEAR)
    distances = capital_distances(capitals, ccode_to=UNITED_STATES, years=(FIRST_YEAR, last))
    return (
        regimes.select(*KEY, "polyarchy"),
        split_by_membership(distances, states=states).rows.select(*KEY, "distance_km"),
        totals.drop_nulls(),
    )


def _joined(found: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    return found.join(frame, on=KEY, how="full", coalesce=True)
