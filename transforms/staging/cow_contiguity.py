"""`staging.stg_cow_contiguity__directed_spells`: direct contiguity by directed dyad.

Land borders and distances by water of 12, 24, 150 and 400 miles, known to the month: a day is the
first of it. Type 0 (more than 400 miles) stands between the other types of a pair. Each pair is
there in both directions.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_contiguity__directed_spells"
STAGED = "staging.stg_cow_contiguity__directed_spells"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "ccode1": "ccode_one",
    "ccode2": "ccode_other",
    "conttype": "contiguity_type",
    "stdate": "valid_from",
    "enddate": "valid_to",
}
DAYS = ("stdate", "enddate")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="cow_contiguity", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    types = dict.fromkeys(("ccode1", "ccode2", "conttype"), pl.Int16)
    return stage_r_table(raw, types, days=DAYS, columns=COLUMNS, staged=STAGED, missing=MISSING)
