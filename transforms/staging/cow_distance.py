"""`staging.stg_cow_distance__dyad_years`: minimum distance between states, by dyad and year.

Kilometres between the nearest points of two states on 1 January (CShapes); 0 for neighbours. A pair
of which one state was born within the year has no row for it.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_distance__dyad_years"
STAGED = "staging.stg_cow_distance__dyad_years"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "ccode1": "ccode1",
    "ccode2": "ccode2",
    "year": "year",
    "mindist": "distance_km_min",
}


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="cow_distance", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    types: dict[str, type[pl.DataType]] = dict.fromkeys(("ccode1", "ccode2", "year"), pl.Int16)
    types |= {"mindist": pl.Float64}
    return stage_r_table(raw, types, columns=COLUMNS, staged=STAGED, missing=MISSING)
