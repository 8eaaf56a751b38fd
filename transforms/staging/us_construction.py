"""`staging.stg_us_construction__projects`: US military construction by place and fiscal year.

Construction and housing from the yearly construction programmes of the Department of Defense, at
home and abroad, 2008–2019. Amounts are total obligational authority, published in thousands of
current US dollars. Several projects of one place and year are several rows; two may be equal.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns, sole_file
from transforms.parsing.encoding import as_utf8
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.us_construction__projects"
STAGED = "staging.stg_us_construction__projects"

COLUMNS = {
    "file_row": "file_row",
    "ccode": "place_code",
    "countryname": "place_name",
    "iso3c": "host_iso3",
    "year": "year",
    "location": "location_name",
    "lat": "latitude",
    "lon": "longitude",
    "spend_construction": "construction_usd",
}
MISSING = R_EXPORT
"""Marks of a missing value."""
THOUSAND = 1000


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV, in UTF-8 or Windows-1252; every cell a string."""
    member, content = sole_file(files, "us_construction")
    published = [name for name in COLUMNS if name != "file_row"]
    text = {member: as_utf8(content, member=member)}
    return read_one_table(text, source="us_construction", table=RAW, columns=published)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, numbers the rows, and gives amounts in dollars.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; `construction_usd` in current US dollars. A correction of an
        earlier year may be negative.

    Raises:
        ValueError: A code, a year, a coordinate or an amount is no number.
    """
    types: dict[str, type[pl.DataType]] = {"ccode": pl.Int32, "year": pl.Int16}
    types |= dict.fromkeys(("lat", "lon", "spend_construction"), pl.Float64)
    types |= dict.fromkeys(("iso3c", "location"), pl.String)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("file_row"),
        pl.col("spend_construction") * THOUSAND,
    )
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
