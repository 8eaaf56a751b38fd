"""`core.us_troops`: US military personnel in other states, one row per host and year."""

import polars as pl

from transforms.core.us_troops_hosts import COUNTS, FLAG, place_hosts
from transforms.core.us_troops_quarters import (
    SEPTEMBER,
    counted_twice,
    drop_unread_branches,
    halve,
)
from transforms.step_result import StepResult, count_losses

TABLE = "core.us_troops"
FROM = "staging.stg_us_troops__host_years"
FROM_QUARTERS = "staging.stg_us_troops_quarterly__host_quarters"
UNITED_STATES = 2
_LEGACY, _REBUILT = "us_troops", "us_troops_quarterly"


def build_us_troops(
    *,
    host_years: pl.DataFrame,
    host_quarters: pl.DataFrame,
    states: pl.DataFrame,
    us_troops_hosts: pl.DataFrame,
    us_troops_quarterly_hosts: pl.DataFrame,
) -> StepResult:
    """Assigns COW codes to the hosts, adds up the rows of one state, and carries the series on.

    The counts are of the end of September, the end of the US fiscal year (of June in the
    earliest reports), so the figure of 1990 is West Germany's: a row coded 255 before 1991
    is read as 260. A host may have two rows for one year, under its own code and under a residual
    code above 1000; the two are added (one of them is 0). Years after the last of the legacy
    series are the September counts of the rebuilt one; no year is taken from both.

    Args:
        host_years: `staging.stg_us_troops__host_years`.
        host_quarters: `staging.stg_us_troops_quarterly__host_quarters`.
        states: `core.states`.
        us_troops_hosts: Reference `us_troops_hosts`: the file's codes that are not the COW
            code of their host, each with its kind and, for states, the code and days.
        us_troops_quarterly_hosts: The same for the rebuilt series.

    Returns:
        One row per host state and year, counts in persons, with the `source` of the row. 0 is a
        count; branches of service are NULL where the file has none. `is_count_halved` marks hosts
        that the rebuilt series counts twice. Lost rows: `home_country`, `not_in_system`
        (territories, and years outside membership), `several_states`, `afloat`,
        `unknown_host`, `unknown_code`, `added_to_same_state` (their persons are kept); of the
        rebuilt series also `other_quarter`, `not_in_report` and `in_legacy_series`.
    """
    key = ["host_code", "host_name", "year"]
    legacy = place_hosts(host_years, hosts=us_troops_hosts, states=states, key=key)
    losses = [
        count_losses(part, from_table=FROM, to_table=TABLE, key=key, code="host_code")
        for part in legacy.lost
    ]
    rebuilt, lost = _september_counts(host_quarters)
    names = [*key, "quarter"]
    placed = place_hosts(rebuilt, hosts=us_troops_quarterly_hosts, states=states, key=names)
    reports = drop_unread_branches(placed.states)
    ends = int(legacy.states["year"].max() or 0)  # type: ignore[arg-type]
    later = halve(reports, counted_twice(legacy.states, reports)).filter(pl.col("year") > ends)
    covered = reports.filter(pl.col("year") <= ends).select(
        "host_name", "year", ccode="ccode_to", reason=pl.lit("in_legacy_series")
    )
    losses += [
        count_losses(part, from_table=FROM_QUARTERS, to_table=TABLE, key=names, code="host_code")
        for part in (*lost, *placed.lost)
    ]
    losses.append(
        count_losses(covered, from_table=FROM_QUARTERS, to_table=TABLE, key=["host_name", "year"])
    )
    columns = ("ccode_from", "ccode_to", "year", *COUNTS, "host_name", FLAG)
    of_both = pl.concat(
        [
            legacy.states.with_columns(
                pl.lit(_LEGACY).alias("source"), pl.lit(False).alias("is_count_halved")
            ),
            later.with_columns(pl.lit(_REBUILT).alias("source")),
        ],
        how="diagonal",
    )
    troops = (
        of_both.with_columns(pl.lit(UNITED_STATES, dtype=pl.Int16).alias("ccode_from"))
        .sort("ccode_to", "year")
        .select(*columns, "source", "is_count_halved")
    )
    return StepResult({TABLE: troops}, pl.concat(losses))


def _september_counts(
    host_quarters: pl.DataFrame,
) -> tuple[pl.DataFrame, tuple[pl.DataFrame, ...]]:
    """The rows of September that are in a report, and the others with their reasons."""
    is_september = pl.col("quarter") == SEPTEMBER
    unknown = pl.col("troops_persons").is_null()
    others = host_quarters.filter(~is_september).with_columns(reason=pl.lit("other_quarter"))
    absent = host_quarters.filter(is_september & unknown).with_columns(
        reason=pl.lit("not_in_report")
    )
    return host_quarters.filter(is_september & ~unknown), (others, absent)
