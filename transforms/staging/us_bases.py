"""`staging.stg_us_bases__sites`: US military bases abroad (Vine; Allen, Flynn and Machain).

A cross-section of bases, lily pads (fewer than 200 persons, or a site of another kind) and sites of
the host that the United States fund. No row has a date.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns, sole_file
from transforms.parsing.encoding import as_utf8
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.us_bases__sites"
STAGED = "staging.stg_us_bases__sites"

COLUMNS = {
    "file_row": "file_row",
    "ccode": "place_code",
    "countryname": "place_name",
    "iso3c": "host_iso3",
    "basename": "base_name",
    "lat": "latitude",
    "lon": "longitude",
    "base": "is_base",
    "lilypad": "is_lilypad",
    "fundedsite": "is_us_funded",
}
MISSING = R_EXPORT
"""Marks of a missing value."""
_FLAGS = ("base", "lilypad", "fundedsite")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV, in UTF-8 or Windows-1252; every cell a string."""
    member, content = sole_file(files, "us_bases")
    published = [name for name in COLUMNS if name != "file_row"]
    text = {member: as_utf8(content, member=member)}
    return read_one_table(text, source="us_bases", table=RAW, columns=published)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, and numbers the rows: no columns name a base.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; degrees north and east, negative for south and west.

    Raises:
        ValueError: A code, a coordinate or a flag is no number.
    """
    types: dict[str, type[pl.DataType]] = {"ccode": pl.Int32, "lat": pl.Float64, "lon": pl.Float64}
    types |= dict.fromkeys(_FLAGS, pl.Int8) | dict.fromkeys(("iso3c", "basename"), pl.String)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING).with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("file_row"),
        *(pl.col(flag).cast(pl.Boolean) for flag in _FLAGS),
    )
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
