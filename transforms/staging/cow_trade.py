"""`staging.stg_cow_trade__state_years`: imports and exports of states, by year.

Totals of a state with all others, in millions of current US dollars.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns
from transforms.parsing.r_data import read_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_trade__state_years"
STAGED = "staging.stg_cow_trade__state_years"

MISSING: tuple[str, ...] = ()
"""R's NA is no text: the reader gives NULL."""

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
    """Names and casts the columns; NULL where R has NA.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row.

    Raises:
        ValueError: A cell is no value of its column's type.
    """
    types: dict[str, type[pl.DataType]] = dict.fromkeys(("ccode", "year"), pl.Int16)
    types |= dict.fromkeys(("imports", "exports"), pl.Float64)
    return StepResult(
        {STAGED: rename_columns(cast_cells(raw[RAW], types, table=RAW, missing=MISSING), COLUMNS)}
    )
