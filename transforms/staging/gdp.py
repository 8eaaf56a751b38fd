"""Gross domestic product in current US dollars (World Bank), one row per entity and year.

Entities are states, territories and aggregates (World, OECD members, …) alike; which is
which is decided in core, not here.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_delimited, sole_file
from transforms.step_result import StepResult

RAW = "raw.gdp__entity_years"
STAGED = "staging.stg_gdp__entity_years"

COLUMNS = {
    "Country Name": "entity_name",
    "Country Code": "entity_code",
    "Year": "year",
    "Value": "gdp_usd",
}


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV; every cell a string.

    Args:
        files: The one file of the source.

    Returns:
        The raw table, as published.

    Raises:
        ValueError: The bytes are no CSV with these columns.
    """
    member, content = sole_file(files, "gdp")
    return {RAW: read_delimited(content, member=member, columns=COLUMNS)}


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
    staged = cast_cells(raw[RAW], types, table=RAW).select(
        pl.col(old).alias(new) for old, new in COLUMNS.items()
    )
    return StepResult({STAGED: staged})
