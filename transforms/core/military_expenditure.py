"""`core.military_expenditure`: SIPRI's military expenditure, one row per state and year.

A second measure of military spending, next to NMC's `milex`: consistent definition and a share
of GDP, but only from 1949 on and with many gaps before 1988.
"""

from functools import partial

import polars as pl

from transforms.core.entity_kinds import split_by_kind
from transforms.core.state_years import split_by_membership
from transforms.identity import resolve
from transforms.step_result import StepResult, count_losses, count_lost_values

TABLE = "core.military_expenditure"
FROM = "staging.stg_sipri_milex__state_years"

KEY = ["sipri_name", "year"]
FIGURES = ("usd", "milex_gdp_share")
"""Figures of a name and year that have a column of their own; local currency judges zeros only."""
PUBLISHED, NOT_IN_SHEET = "published", "not_in_sheet"
_COLUMNS = (
    "ccode",
    "year",
    "milex_usd",
    "milex_usd_status",
    "milex_gdp_share",
    "milex_gdp_share_status",
    "sipri_name",
    "footnotes",
    "is_membership_carried_forward",
)


def build_military_expenditure(
    *, state_years: pl.DataFrame, states: pl.DataFrame, sipri_names: pl.DataFrame
) -> StepResult:
    """Joins the three sheets and assigns COW codes to SIPRI's names.

    SIPRI keeps rows for states that ended (USSR, Yugoslavia, …) and for their successors, and
    both may have figures for one year; the dated list of names decides, with a year
    meaning its last day. `Germany` is 260 to 1989 and 255 from 1990, the year from which
    SIPRI marks the German Democratic Republic as not existing.

    The sheets are joined by state and year, after the names have found their states: a state that
    one sheet names otherwise keeps its figures where the list knows both names, and where it does
    not the name is counted as lost. No sheet leads: a state and year that only one has are there.

    A dollar value of 0 is kept only where the local-currency value is 0 too. Where there is one in
    local currency the publisher had no exchange rate, and the value is NULL (`not_converted`);
    where the sheet in local currency has no figure, nothing tells which of the two it is, and the
    value is NULL, too (`zero_unconfirmed`).

    Args:
        state_years: `staging.stg_sipri_milex__state_years`.
        states: `core.states`.
        sipri_names: Reference `sipri_names`, in the layout of `state_aliases` (scheme
            `sipri`) with a column `kind` (state, aggregate).

    Returns:
        One row per state and year. `milex_usd` in current US dollars; `milex_usd_status`
        and `milex_gdp_share_status` say where a figure comes from or why it is NULL. Losses are
        counted in names and years, with the figures that they have (`n_values`):
        `aggregate_not_state`, `unknown_code`, `code_not_valid_then`, `not_in_system`,
        `joined_to_same_state` (a further name of the same state and year; its figures are kept).
        Zeros in dollars that become NULL are counted as lost values.

    Raises:
        ValueError: Two names of one state have a figure on the same sheet for the same year.
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
    rows, joined = _one_row_per_state(members.rows)
    lost = [f.select(*KEY, *FIGURES, "reason") for f in (not_states, resolved.unmatched)]
    judged = _judge_zeros(rows)
    not_passed = judged.filter(pl.col("milex_usd").is_null() & pl.col("usd").is_not_null())
    count = partial(count_losses, from_table=FROM, to_table=TABLE, key=KEY)
    losses = [
        count(pl.concat(lost), code="sipri_name", values=FIGURES),
        count(members.outside, values=FIGURES),
        count(joined),
        count_lost_values(
            not_passed.with_columns(pl.col("milex_usd_status").alias("reason")),
            column="milex_usd",
            from_table=FROM,
            to_table=TABLE,
            key=KEY,
        ),
    ]
    return StepResult({TABLE: judged.select(_COLUMNS).sort("ccode", "year")}, pl.concat(losses))


def _sheets_as_columns(state_years: pl.DataFrame) -> pl.DataFrame:
    """One row per name and year that any of the three sheets has."""

    def sheet(key: str, *columns: pl.Expr) -> pl.DataFrame:
        return state_years.filter(pl.col("sheet") == key).select(*KEY, *columns)

    value, status = pl.col("value"), pl.col("value_status")
    dollars = sheet(
        "current_usd",
        value.alias("usd"),
        pl.coalesce(status, pl.lit(PUBLISHED)).alias("usd_status"),
        pl.col("footnotes"),
    )
    share = sheet(
        "share_of_gdp",
        value.alias("milex_gdp_share"),
        pl.coalesce(status, pl.lit(PUBLISHED)).alias("share_status"),
    )
    local = sheet("local_currency", value.alias("local"))
    on = {"on": KEY, "how": "full", "coalesce": True, "validate": "1:1"}
    return dollars.join(share, **on).join(local, **on).sort(KEY)  # type: ignore[arg-type]


def _one_row_per_state(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Joins the rows of several names of one state and year; the names that were joined."""
    key = ["ccode", "year"]
    columns = [c for c in rows.columns if c not in (*key, "sipri_name")]
    sheets = ("usd_status", "share_status", "local")
    twice = rows.group_by(key).agg(pl.col(sheets).count(), pl.col("sipri_name"))
    twice = twice.filter(pl.any_horizontal(pl.col(c) > 1 for c in sheets)).sort(key)
    if not twice.is_empty():
        row = twice.row(0, named=True)
        raise ValueError(
            f"{FROM}: {' and '.join(row['sipri_name'])} are the same state ({row['ccode']}) and"
            f" have a row each for {row['year']} on one sheet; date the names in sipri_names.csv"
        )
    ordered = rows.sort(*key, "sipri_name")
    one = ordered.group_by(key, maintain_order=True).agg(
        pl.col("sipri_name").str.join("; "), pl.col(columns).drop_nulls().first()
    )
    is_first = pl.int_range(pl.len()).over(key) == 0
    joined = ordered.filter(~is_first).with_columns(pl.lit("joined_to_same_state").alias("reason"))
    return one, joined


def _judge_zeros(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the figure in dollars and what is known of it and of the share."""
    zero, local = pl.col("usd") == 0, pl.col("local")
    status = (
        pl.when(zero & (local == 0))
        .then(pl.lit("published_zero"))
        .when(zero & local.is_null())
        .then(pl.lit("zero_unconfirmed"))
        .when(zero)
        .then(pl.lit("not_converted"))
        .otherwise(pl.coalesce("usd_status", pl.lit(NOT_IN_SHEET)))
    )
    return rows.with_columns(
        status.alias("milex_usd_status"),
        pl.coalesce("share_status", pl.lit(NOT_IN_SHEET)).alias("milex_gdp_share_status"),
    ).with_columns(
        pl.when(~pl.col("milex_usd_status").is_in(["not_converted", "zero_unconfirmed"]))
        .then(pl.col("usd"))
        .alias("milex_usd")
    )
