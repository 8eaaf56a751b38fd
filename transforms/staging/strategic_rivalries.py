"""`staging.stg_strategic_rivalries__rivalries`: strategic rivalries of Thompson and Dreyer.

Pairs of states that see each other as rivals, from their first to their last year, with up to three
types. Rivalries that were going on when the handbook was written end in 2010.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.strategic_rivalries__rivalries"
STAGED = "staging.stg_strategic_rivalries__rivalries"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "rivalryno": "rivalry_no",
    "rivalryname": "rivalry_name",
    "ccode1": "ccode1",
    "ccode2": "ccode2",
    "styear": "year_from",
    "endyear": "year_to",
    "region": "rivalry_region",
    "type1": "rivalry_type1",
    "type2": "rivalry_type2",
    "type3": "rivalry_type3",
}


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="strategic_rivalries", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    whole = ("rivalryno", "ccode1", "ccode2", "styear", "endyear")
    types = dict.fromkeys(whole, pl.Int16)
    return stage_r_table(raw, types, columns=COLUMNS, staged=STAGED, missing=MISSING)
