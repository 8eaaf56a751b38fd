"""`core.regimes`: electoral democracy of states, one row per state and year."""

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.core.state_years import split_by_membership
from transforms.step_result import StepResult, count_losses

TABLE = "core.regimes"
FROM = "staging.stg_vdem__country_years"

KEY = ("vdem_country_id", "year")
MEASURES = ("polyarchy", "polyarchy_low", "polyarchy_high", "polyarchy_sd")


def build_regimes(*, country_years: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Finds the state behind each country and year.

    The code is V-Dem's own, which knows of Austria-Hungary (300) and Czechoslovakia (315); where it
    has none, that of the package (Sardinia before Italy, the Papal States). Where two countries
    then share a state and year (Italy and Sardinia 1861), the one with V-Dem's code counts.

    Args:
        country_years: `staging.stg_vdem__country_years`.
        states: `core.states`.

    Returns:
        One row per state and year with an index. Lost rows: `no_value`, `no_state` (a code in
        neither column: Palestine, Baden), `unknown_code`, `not_in_system` (before independence),
        `second_country_of_state`.
    """
    coded = country_years.with_columns(
        pl.coalesce("cow_code_vdem", "cow_code_package").alias("ccode"),
        pl.when(pl.col("polyarchy").is_null())
        .then(pl.lit("no_value"))
        .when(pl.col("cow_code_vdem").is_null() & pl.col("cow_code_package").is_null())
        .then(pl.lit("no_state"))
        .alias("reason"),
    )
    unplaced = coded.filter(pl.col("reason").is_not_null())
    placed = coded.filter(pl.col("reason").is_null()).drop("reason")
    known, unknown = split_unknown_codes(placed, states)
    members = split_by_membership(known, states=states)
    ordered = members.rows.sort("ccode", "year", pl.col("cow_code_vdem").is_null(), KEY[0])
    is_first = pl.int_range(pl.len()).over("ccode", "year") == 0
    second = ordered.filter(~is_first).with_columns(
        pl.lit("second_country_of_state").alias("reason")
    )
    rows = ordered.filter(is_first).select(
        "ccode", "year", *MEASURES, "vdem_country_name", "is_membership_carried_forward"
    )
    lost = [unplaced, unknown, members.outside, second]
    losses = [count_losses(part, from_table=FROM, to_table=TABLE, key=KEY) for part in lost]
    return StepResult({TABLE: rows}, pl.concat(losses))
