"""`staging.stg_cow_trade__state_years`: imports and exports of states, by year.

Totals of a state with all others, in millions of current US dollars.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_trade__state_years"
STAGED = "staging.stg_cow_trade__state_years"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "ccode": "ccode",
    "year": "year",
    "imports": "imports_million_usd",
    "exports": "exports_million_usd",
}


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="cow_trade", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    types: dict[str, type[pl.DataType]] = dict.fromkeys(("ccode", "year"), pl.Int16)
    types |= dict.fromkeys(("imports", "exports"), pl.Float64)
    return stage_r_table(raw, types, columns=COLUMNS, staged=STAGED, missing=MISSING)
