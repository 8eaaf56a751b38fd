"""The bounds on releases, tried on the real tables: what must be told, and what must stop.

Each case takes what is published for the old release, and a change of it for the new one.
"""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from expectations.releases.bounds import release_bounds
from expectations.releases.compare import compare_table
from expectations.releases.findings import Finding
from flows.engine.release_check import counts_of, layout_of_contract
from warehouse.contracts.read import contracts

Change = Callable[[pl.DataFrame], pl.DataFrame]

GDP = "staging.stg_gdp__entity_years"
VOTES = "staging.stg_un_votes__votes"
ROLL_CALLS = "staging.stg_un_votes__roll_calls"
NMC = "staging.stg_cow_capabilities__state_years"
SIPRI = "staging.stg_sipri_milex__state_years"
POINTS = "staging.stg_un_ideal_points__state_years"
LIBRARY = "staging.stg_undl_votes__votes"


def findings(before: pl.DataFrame, table: str, change: Change) -> list[Finding]:
    contract = contracts()[table]
    bounds = release_bounds(table.removeprefix("staging.stg_").partition("__")[0])
    layout = layout_of_contract(contract, bounds)
    after = contract.conform(change(before))
    found = compare_table(before, after, layout, bounds.tolerances, counts_of(contract))
    return list(bounds.judge(found))


def without_2000_to_2023_of_20_states(frame: pl.DataFrame) -> pl.DataFrame:
    codes = frame["entity_code"].unique().sort().gather_every(13).head(20).to_list()
    gone = pl.col("entity_code").is_in(codes) & pl.col("year").is_between(2000, 2023)
    return frame.filter(~gone)


def swapped(column: str, one: Any, other: Any) -> Change:
    exchange = pl.col(column).replace({one: other, other: one})
    return lambda frame: frame.with_columns(exchange)


def negative_from_1990(frame: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("ideal_point_published")
    turned = pl.when(pl.col("year") >= 1990).then(-value).otherwise(value)
    return frame.with_columns(turned.alias("ideal_point_published"))


def in_thousands(code: str | None) -> Change:
    value = pl.col("gdp_usd")
    rows = pl.lit(value=True) if code is None else pl.col("entity_code") == code
    small = pl.when(rows).then(value / 1000).otherwise(value)
    return lambda frame: frame.with_columns(small.alias("gdp_usd"))


def spending_and_personnel_exchanged(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col("milper_thousand").alias("milex_thousand"),
        pl.col("milex_thousand").alias("milper_thousand"),
    )


CASES: dict[str, tuple[str, Change, str, str]] = {
    "20 states lose 2000 to 2023": (GDP, without_2000_to_2023_of_20_states, "keys_lost", "warning"),
    "one state in thousands": (GDP, in_thousands("FRA"), "units_shifted", "warning"),
    "all in thousands": (GDP, in_thousands(None), "units_shifted", "critical"),
    "the last year is gone": (
        GDP,
        lambda f: f.filter(pl.col("year") < pl.col("year").max()),
        "series_shortened",
        "critical",
    ),
    "a state is renamed": (
        GDP,
        lambda f: f.with_columns(pl.col("entity_code").replace({"FRA": "FRX"})),
        "series_lost",
        "warning",
    ),
    "USA and Cuba exchanged": (VOTES, swapped("ccode_source", 2, 40), "values_revised", "critical"),
    "the last session is gone": (
        VOTES,
        lambda f: f.filter(pl.col("session") < 75),
        "periods_lost",
        "warning",
    ),
    "the last session is gone, by states": (
        VOTES,
        lambda f: f.filter(pl.col("session") < 75),
        "series_shortened",
        "critical",
    ),
    "half of a session is gone": (
        VOTES,
        lambda f: f.filter((pl.col("session") != 60) | (pl.col("rcid") % 2 == 0)),
        "keys_lost",
        "warning",
    ),
    "all votes are important": (
        ROLL_CALLS,
        lambda f: f.with_columns(is_important_published=pl.lit(value=True)),
        "values_revised",
        "critical",
    ),
    "spending and personnel exchanged": (
        NMC,
        spending_and_personnel_exchanged,
        "units_shifted",
        "critical",
    ),
    "shifted by a year": (
        SIPRI,
        lambda f: f.with_columns(pl.col("year") + 1),
        "series_shortened",
        "critical",
    ),
    "a state's name is another": (
        SIPRI,
        lambda f: f.with_columns(pl.col("sipri_name").replace({"France": "France (new)"})),
        "series_lost",
        "warning",
    ),
    "signs turned round from 1990": (POINTS, negative_from_1990, "signs_flipped", "critical"),
    "a state's votes are gone": (
        LIBRARY,
        lambda f: f.filter(pl.col("member_code") != "FRA"),
        "series_lost",
        "warning",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_shapes_do_not_show_is_found(mirror_home: Any, name: str) -> None:
    table, change, kind, severity = CASES[name]
    found = findings(mirror_home.table(table), table, change)
    judged = {finding.kind: finding for finding in found if finding.severity == severity}
    assert kind in judged, [f"{f.severity} {f.words()}" for f in found]
    if severity == "warning" and "by states" not in name and table != VOTES:
        assert not [f.words() for f in found if f.severity == "critical"]


def test_the_case_of_f7_is_told_with_its_keys(mirror_home: Any) -> None:
    found = findings(mirror_home.table(GDP), GDP, without_2000_to_2023_of_20_states)
    (lost,) = [finding for finding in found if finding.kind == "keys_lost"]
    assert lost.n_compared == 13_979
    assert lost.share == pytest.approx(0.03, abs=0.005)
    assert len(lost.examples) == 20
    assert sum(example["n"] for example in lost.examples) == lost.n_found
    assert all(2000 <= e["first"] <= e["last"] <= 2023 for e in lost.examples)
    assert {finding.severity for finding in found} == {"warning"}


@pytest.mark.parametrize("table", [t for t in contracts() if t.startswith("staging.")])
def test_the_same_release_once_more_loses_nothing(mirror_home: Any, table: str) -> None:
    assert findings(mirror_home.table(table), table, lambda frame: frame.reverse()) == []
