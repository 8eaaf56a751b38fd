"""`staging.stg_strategic_rivalries__rivalries`: strategic rivalries of Thompson and Dreyer.

Pairs of states that see each other as rivals, from their first to their last year, with up to three
types. Rivalries that were going on when the handbook was written end in 2010.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns
from transforms.parsing.r_data import read_r_table
from transforms.step_result import StepResult

RAW = "raw.strategic_rivalries__rivalries"
STAGED = "staging.stg_strategic_rivalries__rivalries"

MISSING: tuple[str, ...] = ()
"""R's NA is no text: the reader gives NULL."""

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
    """Names and casts the columns.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row.

    Raises:
        ValueError: A cell is no value of its column's type.
    """
    whole = ("rivalryno", "ccode1", "ccode2", "styear", "endyear")
    cells = cast_cells(raw[RAW], dict.fromkeys(whole, pl.Int16), table=RAW, missing=MISSING)
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
