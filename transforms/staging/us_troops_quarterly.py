"""`staging.stg_us_troops_quarterly__host_quarters`: US military personnel abroad, by quarter.

The rebuilt series of Flynn from the reports of the Defense Manpower Data Center: one report a year
(June, from 1957 September) to 2013, then one a quarter. Hosts have codes of Gleditsch and Ward, and
codes from 1001 for territories. The file has a row for every host and quarter, and fills in 0 where
no report has the host: `source` is empty there, and the count is missing, not nought.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.us_troops_quarterly__host_quarters"
STAGED = "staging.stg_us_troops_quarterly__host_quarters"

COLUMNS = {
    "ccode": "host_code",
    "countryname": "host_name",
    "iso3c": "host_iso3",
    "year": "year",
    "quarter": "quarter",
    "source": "report",
    "count_status": "count_status",
    "troops_ad": "troops_persons",
    "army_ad": "army_persons",
    "navy_ad": "navy_persons",
    "air_force_ad": "air_force_persons",
    "marine_corps_ad": "marine_corps_persons",
    "space_force_ad": "space_force_persons",
    "coast_guard_ad": "coast_guard_persons",
    "total_selected_reserve": "reserve_persons",
    "total_civilian": "civilian_persons",
    "region": "host_region",
}
MISSING = R_EXPORT
"""Marks of a missing value."""
COUNTS = tuple(column for column, name in COLUMNS.items() if name.endswith("_persons"))
_IMPUTED = "Stepwise Imputation"
_COMPILED = "Kane 2006"


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV (`transforms.parsing.cells.read_one_table`)."""
    published = [name for name in COLUMNS if name != "count_status"]
    return read_one_table(files, source="us_troops_quarterly", table=RAW, columns=published)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, turns `NA` and the zeros of no report into NULL.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; all counts in persons. `count_status` says where the count is from;
        where it is `not_in_report`, all counts are NULL.

    Raises:
        ValueError: A code, a year or a count is no number.
    """
    types: dict[str, type[pl.DataType]] = {"ccode": pl.Int32, "year": pl.Int16, "quarter": pl.Int16}
    types |= dict.fromkeys(COUNTS, pl.Int64)
    types |= dict.fromkeys(("iso3c", "region", "source"), pl.String)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING)
    report, troops = pl.col("source"), pl.col("troops_ad")
    status = (
        pl.when(report == _IMPUTED)
        .then(pl.lit("imputed"))
        .when(report == _COMPILED)
        .then(pl.lit("compiled"))
        .when(report.is_not_null())
        .then(pl.lit("reported"))
        .when(troops > 0)
        .then(pl.lit("estimated"))
        .otherwise(pl.lit("not_in_report"))
    )
    known = pl.col("count_status") != "not_in_report"
    judged = cells.with_columns(status.alias("count_status")).with_columns(
        pl.when(known).then(pl.col(count)).alias(count) for count in COUNTS
    )
    return StepResult({STAGED: rename_columns(judged, COLUMNS)})
