"""`core.us_troops`: US military personnel in other states, one row per host and year."""

import polars as pl

from transforms.core.entity_kinds import split_by_kind
from transforms.core.state_years import split_by_membership
from transforms.identity import resolve
from transforms.step_result import StepResult, count_losses

TABLE = "core.us_troops"
FROM = "staging.stg_us_troops__host_years"

UNITED_STATES = 2
FLAG = "is_membership_carried_forward"
COUNTS = (
    "troops_persons",
    "army_persons",
    "navy_persons",
    "air_force_persons",
    "marine_corps_persons",
    "space_force_persons",
    "coast_guard_persons",
)
REASONS = {
    "territory": "not_in_system",
    "several_states": "several_states",
    "afloat": "afloat",
    "unknown": "unknown_host",
    "home": "home_country",
}


def build_us_troops(
    *, host_years: pl.DataFrame, states: pl.DataFrame, us_troops_hosts: pl.DataFrame
) -> StepResult:
    """Assigns COW codes to the hosts and adds up the rows of one state.

    The counts are of the end of September, the end of the US fiscal year (of June in the
    earliest reports), so the figure of 1990 is West Germany's: a row coded 255 before 1991
    is read as 260. A host may have two rows for one year, under its own code and under a residual
    code above 1000; the two are added (one of them is 0).

    Args:
        host_years: `staging.stg_us_troops__host_years`.
        states: `core.states`.
        us_troops_hosts: Reference `us_troops_hosts`: the file's codes that are not the COW
            code of their host, each with its kind and, for states, the code and days.

    Returns:
        One row per host state and year, counts in persons. 0 is a count; branches of service
        are NULL where the file has none. Lost rows: `home_country`, `not_in_system`
        (territories, and years outside membership), `several_states`, `afloat`,
        `unknown_host`, `unknown_code`, `added_to_same_state` (their persons are kept).
    """
    coded = host_years.with_columns(pl.col("host_code").cast(pl.String).alias("code"))
    kinds = us_troops_hosts.filter(pl.col("kind") != "state")
    state_rows, not_states = split_by_kind(coded, kinds, code="code", reasons=REASONS)
    resolved = resolve(
        state_rows,
        code="code",
        scheme="us_troops",
        on="year",
        aliases=_aliases(us_troops_hosts, states),
    )
    members = split_by_membership(resolved.rows, states=states)
    troops, added = _add_up(members.rows)
    key = ["host_code", "host_name", "year"]
    unplaced = pl.concat(
        [not_states.select(*key, "reason"), resolved.unmatched.select(*key, "reason")]
    )
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=key, code="host_code")
        for part in (unplaced, members.outside, added)
    ]
    return StepResult({TABLE: troops}, pl.concat(losses))


def _aliases(us_troops_hosts: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """The listed codes, and every other COW code as itself."""
    special = us_troops_hosts.filter(pl.col("kind") == "state").select(
        "ccode", pl.lit("us_troops").alias("scheme"), "code", "valid_from", "valid_to"
    )
    plain = (
        states.select(pl.col("ccode").cast(pl.String))
        .unique()
        .filter(~pl.col("ccode").is_in(us_troops_hosts["code"].implode()))
        .select(
            "ccode",
            pl.lit("us_troops").alias("scheme"),
            pl.col("ccode").alias("code"),
            pl.lit(None, dtype=pl.String).alias("valid_from"),
            pl.lit(None, dtype=pl.String).alias("valid_to"),
        )
    )
    return pl.concat([special, plain])


def _add_up(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per state and year, and the rows whose persons went into another row."""
    ordered = rows.sort("ccode", "year", "host_code")
    total = [pl.when(pl.col(c).count() > 0).then(pl.col(c).sum()).alias(c) for c in COUNTS]
    troops = (
        ordered.rename({"ccode": "ccode_to"})
        .group_by("ccode_to", "year", maintain_order=True)
        .agg(
            *total,
            pl.col("host_name").unique(maintain_order=True).str.join("; "),
            pl.col(FLAG).first(),
        )
        .with_columns(pl.lit(UNITED_STATES, dtype=pl.Int16).alias("ccode_from"))
        .select("ccode_from", "ccode_to", "year", *COUNTS, "host_name", FLAG)
    )
    added = ordered.filter(pl.int_range(pl.len()).over("ccode", "year") > 0).with_columns(
        pl.lit("added_to_same_state").alias("reason")
    )
    return troops, added
