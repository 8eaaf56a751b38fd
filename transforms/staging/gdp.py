"""`staging.stg_gdp__entity_years`: gross domestic product in current US dollars (World Bank).

Entities are states, territories and aggregates (World, OECD members, …); `core.gdp` keeps the
states.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.step_result import StepResult

RAW = "raw.gdp__entity_years"
STAGED = "staging.stg_gdp__entity_years"

COLUMNS = {
    "Country Name": "entity_name",
    "Country Code": "entity_code",
    "Year": "year",
    "Value": "gdp_usd",
}

MISSING: tuple[str, ...] = ()
"""No mark: the file leaves out years without a value, and the raw gate refuses any."""


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV (`transforms.parsing.cells.read_one_table`)."""
    return read_one_table(files, source="gdp", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; `gdp_usd` in current US dollars.

    Raises:
        ValueError: A year or a value is no number.
    """
    types = {"Year": pl.Int16, "Value": pl.Float64}
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING)
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
