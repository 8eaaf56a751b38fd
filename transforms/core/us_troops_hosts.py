"""Hosts of US troops: from the codes of a series to states, one row per state and date."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from transforms.core.entity_kinds import split_by_kind
from transforms.core.state_years import split_by_membership
from transforms.identity import resolve

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
_SCHEME = "us_troops"


@dataclass(frozen=True)
class Placed:
    """Rows of a series by what became of them.

    Attributes:
        states: One row per host state and year: ccode_to, year, the counts, host_name, flag.
        lost: Rows that are no state's, and those whose persons were added to another row; each
            part with `reason`.
    """

    states: pl.DataFrame
    lost: tuple[pl.DataFrame, ...]


def place_hosts(
    rows: pl.DataFrame, *, hosts: pl.DataFrame, states: pl.DataFrame, key: Sequence[str]
) -> Placed:
    """Finds the state of each host, and adds up the rows of one state and year.

    Args:
        rows: host_code, host_name, year and the counts.
        hosts: Hand-coded: the codes that are not the COW code of their host, each with its kind
            and, for states, the code and days.
        states: `core.states`.
        key: Columns that name a row.

    Returns:
        `Placed`. A count is NULL where no row of the state has one.
    """
    coded = rows.with_columns(pl.col("host_code").cast(pl.String).alias("code"))
    kinds = hosts.filter(pl.col("kind") != "state")
    state_rows, not_states = split_by_kind(coded, kinds, code="code", reasons=REASONS)
    resolved = resolve(
        state_rows, code="code", scheme=_SCHEME, on="year", aliases=_aliases(hosts, states)
    )
    members = split_by_membership(resolved.rows, states=states)
    placed, added = _add_up(members.rows)
    unplaced = pl.concat(
        [not_states.select(*key, "reason"), resolved.unmatched.select(*key, "reason")]
    )
    return Placed(placed, (unplaced, members.outside, added))


def _aliases(hosts: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """The listed codes, and every other COW code as itself."""
    special = hosts.filter(pl.col("kind") == "state").select(
        "ccode", pl.lit(_SCHEME).alias("scheme"), "code", "valid_from", "valid_to"
    )
    plain = (
        states.select(pl.col("ccode").cast(pl.String))
        .unique()
        .filter(~pl.col("ccode").is_in(hosts["code"].implode()))
        .select(
            "ccode",
            pl.lit(_SCHEME).alias("scheme"),
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
    placed = (
        ordered.rename({"ccode": "ccode_to"})
        .group_by("ccode_to", "year", maintain_order=True)
        .agg(
            *total,
            pl.col("host_name").unique(maintain_order=True).str.join("; "),
            pl.col(FLAG).first(),
        )
    )
    added = ordered.filter(pl.int_range(pl.len()).over("ccode", "year") > 0).with_columns(
        pl.lit("added_to_same_state").alias("reason")
    )
    return placed, added
