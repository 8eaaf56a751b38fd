"""`staging.stg_gdp__entity_years`: gross domestic product in current US dollars (World Bank).

Entities are states, territories and aggregates (World, OECD members, …); `core.gdp` keeps the
states. Two layouts: the package `datasets/gdp` has a row per entity and year with a value; the
World Bank's own table has a row per entity and a column per year, below lines on its origin.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns, sole_file
from transforms.parsing.layouts import Layout, read_by_layout
from transforms.step_result import StepResult

RAW = "raw.gdp__entity_years"
STAGED = "staging.stg_gdp__entity_years"

COLUMNS = {
    "Country Name": "entity_name",
    "Country Code": "entity_code",
    "Year": "year",
    "Value": "gdp_usd",
}

PACKAGED = Layout("packaged", tuple(COLUMNS))
WORLD_BANK = Layout(
    "world_bank", ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
)
LAYOUTS = (PACKAGED, WORLD_BANK)
INDICATOR = "NY.GDP.MKTP.CD"

MISSING: tuple[str, ...] = ()
"""No mark: the file leaves out years without a value, and the raw gate refuses any."""


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads either layout into one row per entity and year with a value; every cell a string.

    Raises:
        ValueError: The file is of neither layout, or has another indicator.
    """
    member, content = sole_file(files, "gdp")
    reading = read_by_layout(content, member=member, layouts=LAYOUTS)
    if reading.layout is PACKAGED:
        return {RAW: reading.table}
    table = reading.table
    if others := set(table["Indicator Code"].drop_nulls()) - {INDICATOR}:
        raise ValueError(
            f"{member}: the table has {', '.join(sorted(others))}, not {INDICATOR};"
            " another indicator was downloaded"
        )
    years = [column for column in table.columns if column.isdigit()]
    long = table.unpivot(
        years,
        index=["Country Name", "Country Code"],
        variable_name="Year",
        value_name="Value",
    )
    # an empty cell is no row: the other layout leaves such years out
    with_values = long.filter(pl.col("Value").str.strip_chars() != "")
    return {
        RAW: with_values.sort("Country Code", "Year", maintain_order=True).select(list(COLUMNS))
    }


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
