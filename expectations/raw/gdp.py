"""Raw gate of gross domestic product: columns, codes, years and values of the file."""

from expectations.raw_cells import YEAR_SINCE_1900, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = ("Country Name", "Country Code", "Year", "Value")
_CODE_WHY = "the World Bank's code of a state or an aggregate"
_POSITIVE_NUMBER = r"^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$"

ENTITY_YEARS = raw_suite(
    "raw.gdp__entity_years",
    ("Country Code", "Year"),
    columns_exactly(COLUMNS, "the file's columns"),
    row_count_between(100, 200_000, "every entity and year since 1960 that has a value"),
    *not_empty(*COLUMNS),
    cells_match("Country Code", r"^[A-Z][A-Z0-9]{2}$", _CODE_WHY),
    cells_match("Year", YEAR_SINCE_1900, "a year"),
    cells_match("Value", _POSITIVE_NUMBER, "a positive number of US dollars"),
)

SUITES = (ENTITY_YEARS,)
