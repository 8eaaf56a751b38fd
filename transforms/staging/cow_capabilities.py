"""`staging.stg_cow_capabilities__state_years`: National Material Capabilities (COW).

Units as published: expenditure in thousands of current British pounds to 1913 and of
current US dollars from 1914, personnel and populations in thousands, iron and steel in
thousands of tons, energy in thousands of coal-ton equivalents. -9 (and -8 in older
releases) means missing.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.parsing.missing import STATA_EXPORT
from transforms.step_result import StepResult

RAW = "raw.cow_capabilities__state_years"
STAGED = "staging.stg_cow_capabilities__state_years"

COLUMNS = {
    "stateabb": "state_abb",
    "ccode": "ccode",
    "year": "year",
    "milex": "milex_thousand",
    "milper": "milper_thousand",
    "irst": "irst",
    "pec": "pec",
    "tpop": "tpop_thousand",
    "upop": "upop_thousand",
    "cinc": "cinc",
    "version": "nmc_version",
}
MEASURES = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
MISSING = STATA_EXPORT
"""Marks of a missing value, beside the numbers that mean it."""
MISSING_NUMBERS = (-9.0, -8.0)


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the abridged table (`transforms.parsing.cells.read_one_table`)."""
    return read_one_table(files, source="cow_capabilities", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names the columns, casts them, turns -9 and -8 into NULL.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row.

    Raises:
        ValueError: A cell is no number.
    """
    types: dict[str, type[pl.DataType]] = {"ccode": pl.Int16, "year": pl.Int16}
    types |= dict.fromkeys(MEASURES, pl.Float64)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING).with_columns(
        pl.when(~pl.col(m).is_in(MISSING_NUMBERS)).then(pl.col(m)).alias(m) for m in MEASURES
    )
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
