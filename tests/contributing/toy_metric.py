"""A toy metric, by the checklist: how many years a state has been in the state system."""

from tests.contributing.pieces import Lines, NewFile, Toy

MODULE = '''\
"""Years in the state system: `metrics.system_tenure`.

n_years_in_system = sum over periods of membership of (last year − first year + 1); range from 1.
Never NULL. Reference: Correlates of War Project 2025.
"""

import polars as pl

from transforms.step_result import StepResult

TABLE = "metrics.system_tenure"


def build_system_tenure(*, states: pl.DataFrame) -> StepResult:
    """Counts the years of every state.

    Args:
        states: `core.states` (ccode, valid_from, valid_to).

    Returns:
        One row per state. No row is lost.
    """
    years = pl.col("valid_to").dt.year() - pl.col("valid_from").dt.year() + 1
    counted = states.group_by("ccode").agg(years.sum().alias("n_years_in_system"))
    return StepResult({TABLE: counted.sort("ccode")})
'''
FIELDS = """\
n_years_in_system: {type: int32, description: "Years in the state system.", unit: years, min: 1}
"""
CONTRACT = """\
table: metrics.system_tenure
title: Years in the state system
grain: one row per state
key: [ccode]
sources: [cow_states]
description: How long each state has been a member of the state system.
columns: [ccode, n_years_in_system]
"""
SUITE = '''\
"""What must hold of the years in the state system."""

from expectations.suite import SqlRule, Suite, rows_satisfy

TABLE = "metrics.system_tenure"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            rows_satisfy("no_state_is_too_old", "n_years_in_system < 300", "COW begins in 1816"),
        ),
        rules=(
            SqlRule(
                "every_state_has_a_row",
                f"SELECT ccode FROM core.states EXCEPT SELECT ccode FROM {TABLE}",
                "a state without a row is dropped in silence",
                (TABLE, "core.states"),
            ),
        ),
    ),
)
'''
STEP = """\
    metric_step(
        "system_tenure",
        "count the years in the state system",
        "duration.system_tenure:build_system_tenure",
        STATES,
    ),
"""
PAGE = """
## Years in the state system: `metrics.system_tenure`

Last year of membership minus the first, plus one, summed over periods.
"""
TEST = """\
from datetime import date

import polars as pl

from transforms.metrics.duration.system_tenure import TABLE, build_system_tenure


def test_periods_are_added_up():
    days = {
        "ccode": [220, 220, 2],
        "valid_from": [date(1816, 1, 1), date(1944, 8, 26), date(1816, 1, 1)],
        "valid_to": [date(1942, 11, 11), date(2024, 12, 31), date(2024, 12, 31)],
    }
    found = build_system_tenure(states=pl.DataFrame(days)).tables[TABLE]
    assert found.rows() == [(2, 209), (220, 127 + 81)]
"""

TOY = Toy(
    kind="metric",
    names={"table": "system_tenure", "topic": "duration"},
    pieces={
        "transforms/metrics/<topic>/<table>.py": NewFile(MODULE),
        "warehouse/contracts/fields/<topic>.yml": NewFile(FIELDS),
        "warehouse/contracts/metrics/<table>.yml": NewFile(CONTRACT),
        "expectations/metrics/<table>.py": NewFile(SUITE),
        "flows/dag/metrics.py": Lines(r"^METRICS = \(\n", STEP),
        "docs/metrics.md": Lines(r"\Z", PAGE),
        "tests/transforms/metrics/<topic>/test_<table>.py": NewFile(TEST),
        "CHANGELOG.md": Lines(r"^## Unreleased\n", "\n* The metric `metrics.system_tenure`.\n"),
    },
)
