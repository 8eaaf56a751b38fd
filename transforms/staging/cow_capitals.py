"""`staging.stg_cow_capitals__capitals`: capitals of states, dated, with coordinates.

A capital holds from its first to its last day. The first days of states are rough (the first of
January of their first year), and so are their last; changes of a capital are dated to the day.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_capitals__capitals"
STAGED = "staging.stg_cow_capitals__capitals"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "ccode": "ccode",
    "statenme": "state_name",
    "capital": "capital_name",
    "stdate": "valid_from",
    "enddate": "valid_to",
    "lat": "latitude",
    "lng": "longitude",
}
DAYS = ("stdate", "enddate")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="cow_capitals", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    types = {"ccode": pl.Int16, "lat": pl.Float64, "lng": pl.Float64}
    return stage_r_table(raw, types, days=DAYS, columns=COLUMNS, staged=STAGED, missing=MISSING)
