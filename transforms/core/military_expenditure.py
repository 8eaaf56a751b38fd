"""`core.military_expenditure`: SIPRI's military expenditure, one row per state and year.

A second measure of military spending, next to NMC's `milex`: consistent definition and a share
of GDP, but only from 1949 on and with many gaps before 1988.
"""

import polars as pl

from transforms.core.entity_kinds import split_by_kind
from transforms.core.state_years import split_by_membership
from transforms.identity import resolve
from transforms.step_result import StepResult, count_losses

TABLE = "core.military_expenditure"
FROM = "staging.stg_sipri_milex__state_years"

KEY = ["sipri_name", "year"]


def build_military_expenditure(
    *, state_years: pl.DataFrame, states: pl.DataFrame, sipri_names: pl.DataFrame
) -> StepResult:
    """Joins the three sheets and assigns COW codes to SIPRI's names.

    SIPRI keeps rows for states that ended (USSR, Yugoslavia, …) and for their successors, and
    both may have figures for one year; the dated list of names decides, with a year
    meaning its last day. `Germany` is 260 to 1989 and 255 from 1990, the year from which
    SIPRI marks the German Democratic Republic as not existing.

    A dollar value of 0 is kept only where the local-currency value is 0 too; otherwise the
    publisher had no exchange rate, and the value is NULL (`not_converted`).

    Args:
        state_years: `staging.stg_sipri_milex__state_years`.
        states: `core.states`.
        sipri_names: Reference `sipri_names`, in the layout of `state_aliases` (scheme
            `sipri`) with a column `kind` (state, aggregate).

    Returns:
        One row per state and year. `milex_usd` in current US dollars; `milex_usd_status`
        says where it comes from or why it is NULL. Losses are counted in names and years:
        `aggregate_not_state`, `unknown_code`, `code_not_valid_then`, `not_in_system`.
    """
    state_rows, not_states = split_by_kind(
        _sheets_as_columns(state_years),
        sipri_names.filter(pl.col("kind") == "aggregate"),
        code="sipri_name",
        reasons={"aggregate": "aggregate_not_state"},
    )
    resolved = resolve(
        state_rows,
        code="sipri_name",
        scheme="sipri",
        on="year",
        aliases=sipri_names.filter(pl.col("kind") == "state"),
    )
    members = split_by_membership(resolved.rows, states=states)
    lost = [not_states.select(*KEY, "reason"), resolved.unmatched.select(*KEY, "reason")]
    losses = [
        count_losses(pl.concat(lost), from_table=FROM, to_table=TABLE, key=KEY),
        count_losses(members.outside, from_table=FROM, to_table=TABLE, key=KEY),
    ]
    return StepResult({TABLE: _judge_zeros(members.rows)}, pl.concat(losses))


def _sheets_as_columns(state_years: pl.DataFrame) -> pl.DataFrame:
    """One row per name and year, with the three sheets as columns."""

    def sheet(key: str, *columns: pl.Expr | str) -> pl.DataFrame:
        return state_years.filter(pl.col("sheet") == key).select(*KEY, *columns)

    value = pl.col("value")
    dollars = sheet("current_usd", value.alias("usd"), "value_status", "footnotes")
    share = sheet("share_of_gdp", value.alias("milex_gdp_share"))
    local = sheet("local_currency", value.alias("local"))
    return dollars.join(share, on=KEY, how="left", validate="1:1").join(
        local, on=KEY, how="left", validate="1:1"
    )


def _judge_zeros(rows: pl.DataFrame) -> pl.DataFrame:
    zero = pl.col("usd") == 0
    status = (
        pl.when(zero & (pl.col("local") == 0))
        .then(pl.lit("published_zero"))
        .when(zero)
        .then(pl.lit("not_converted"))
        .when(pl.col("usd").is_not_null())
        .then(pl.lit("published"))
        .otherwise(pl.col("value_status"))
    )
    return (
        rows.with_columns(status.alias("milex_usd_status"))
        .select(
            "ccode",
            "year",
            pl.when(pl.col("milex_usd_status") != "not_converted")
            .then(pl.col("usd"))
            .alias("milex_usd"),
            "milex_usd_status",
            "milex_gdp_share",
            "sipri_name",
            "footnotes",
            "is_membership_carried_forward",
        )
        .sort("ccode", "year")
    )
