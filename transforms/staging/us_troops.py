"""`staging.stg_us_troops__host_years`: US military personnel abroad, by host and year.

The series of Kane and of Allen, Flynn and Machain: yearly totals from 1950. Hosts have COW codes
where the authors found one (a few are Gleditsch-Ward codes), and codes from 1001 for territories
and residual groups. Branches of service are published from 2006 on; `NA` means missing, 0 is a
count.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.us_troops__host_years"
STAGED = "staging.stg_us_troops__host_years"

COLUMNS = {
    "countryname": "host_name",
    "ccode": "host_code",
    "iso3c": "host_iso3",
    "year": "year",
    "troops": "troops_persons",
    "army": "army_persons",
    "navy": "navy_persons",
    "air_force": "air_force_persons",
    "marine_corps": "marine_corps_persons",
    "space_force": "space_force_persons",
    "coast_guard": "coast_guard_persons",
    "region": "host_region",
}
MISSING = R_EXPORT
"""Marks of a missing value."""
COUNTS = ("troops", "army", "navy", "air_force", "marine_corps", "space_force", "coast_guard")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV (`transforms.parsing.cells.read_one_table`)."""
    return read_one_table(files, source="us_troops", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, turns `NA` into NULL.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; all counts in persons.

    Raises:
        ValueError: A code, a year or a count is no number.
    """
    types: dict[str, type[pl.DataType]] = {"ccode": pl.Int32, "year": pl.Int16}
    types |= dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys(("iso3c", "region"), pl.String)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING)
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
