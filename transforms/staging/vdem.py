"""`staging.stg_vdem__country_years`: V-Dem's index of electoral democracy, by country and year.

Of the indices in the file the one of electoral democracy (`v2x_polyarchy`) is staged, with the
interval that holds 68 % of its posterior and its standard deviation. V-Dem's countries have years
before their independence. Two columns have COW codes: V-Dem's own, and one that the package adds.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.missing import R_DATA
from transforms.parsing.r_data import read_r_table, stage_r_table
from transforms.step_result import StepResult

RAW = "raw.vdem__country_years"
STAGED = "staging.stg_vdem__country_years"

MISSING = R_DATA
"""Marks of a missing value."""

COLUMNS = {
    "country_id": "vdem_country_id",
    "country_text_id": "vdem_country_code",
    "vdem_country_name": "vdem_country_name",
    "year": "year",
    "vdem_cowcode": "cow_code_vdem",
    "cown": "cow_code_package",
    "v2x_polyarchy": "polyarchy",
    "v2x_polyarchy_codelow": "polyarchy_low",
    "v2x_polyarchy_codehigh": "polyarchy_high",
    "v2x_polyarchy_sd": "polyarchy_sd",
}
WHOLE = ("country_id", "year", "vdem_cowcode", "cown")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the R data (`transforms.parsing.r_data.read_r_table`)."""
    return read_r_table(files, source="vdem", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns, as `stage_r_table` does; one row per raw row."""
    types: dict[str, type[pl.DataType]] = dict.fromkeys(WHOLE, pl.Int16)
    types |= {name: pl.Float64 for name in COLUMNS if name.startswith("v2x_")}
    return stage_r_table(raw, types, columns=COLUMNS, staged=STAGED, missing=MISSING)
