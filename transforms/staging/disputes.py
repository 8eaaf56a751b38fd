"""`staging.stg_disputes__directed_dyad_years`: militarised disputes by directed dyad and year.

Gibler, Miller and Little's correction of the Correlates of War data: per pair and year the gravest
dispute in which the two stood on different sides, once in each direction. -9 means not known; a
start month of 13 (ten rows) is no month.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns
from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table
from transforms.step_result import StepResult

RAW = "raw.disputes__directed_dyad_years"
STAGED = "staging.stg_disputes__directed_dyad_years"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "dispnum": "dispute_no",
    "ccode1": "ccode_one",
    "ccode2": "ccode_other",
    "year": "year",
    "gmlmidonset": "is_onset",
    "sidea1": "is_side_a_one",
    "sidea2": "is_side_a_other",
    "orig1": "is_originator_one",
    "orig2": "is_originator_other",
    "hostlev1": "hostility_level_one",
    "hostlev2": "hostility_level_other",
    "fatality1": "fatality_level_one",
    "fatality2": "fatality_level_other",
    "hostlev": "hostility_level",
    "fatality": "fatality_level",
    "recip": "is_reciprocated",
    "mindur": "duration_days_min",
    "maxdur": "duration_days_max",
    "stmon": "start_month",
}
FLAGS = ("gmlmidonset", "sidea1", "sidea2", "orig1", "orig2", "recip")
NOT_KNOWN = -9
LAST_MONTH = 12


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="disputes", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns; -9 and a thirteenth month are NULL.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; flags are TRUE for 1 and FALSE for 0.

    Raises:
        ValueError: A cell is no whole number.
    """
    cells = cast_cells(raw[RAW], dict.fromkeys(COLUMNS, pl.Int16), table=RAW, missing=MISSING)
    known = cells.with_columns(
        pl.when(pl.col(c) != NOT_KNOWN).then(pl.col(c)).alias(c) for c in COLUMNS
    )
    typed = known.with_columns(
        *(pl.col(c).cast(pl.Boolean) for c in FLAGS),
        pl.when(pl.col("stmon") <= LAST_MONTH).then(pl.col("stmon")).alias("stmon"),
    )
    return StepResult({STAGED: rename_columns(typed, COLUMNS)})
