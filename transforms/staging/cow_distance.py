"""`staging.stg_cow_distance__dyad_years`: minimum distance between states, by dyad and year.

Kilometres between the nearest points of two states on 1 January (CShapes); 0 for neighbours. A pair
of which one state was born within the year has no row for it.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns
from transforms.parsing.r_data import read_r_table
from transforms.step_result import StepResult

RAW = "raw.cow_distance__dyad_years"
STAGED = "staging.stg_cow_distance__dyad_years"

MISSING: tuple[str, ...] = ()
"""R's NA is no text: the reader gives NULL."""

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
    """Names and casts the columns.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row.

    Raises:
        ValueError: A cell is no value of its column's type.
    """
    types: dict[str, type[pl.DataType]] = dict.fromkeys(("ccode1", "ccode2", "year"), pl.Int16)
    cells = cast_cells(raw[RAW], types | {"mindist": pl.Float64}, table=RAW, missing=MISSING)
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
