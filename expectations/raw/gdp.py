"""What the GDP file must look like before it is parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    row_count_between,
)

COLUMNS = ("Country Name", "Country Code", "Year", "Value")

ENTITY_YEARS = Suite(
    table="raw.gdp__entity_years",
    key=("Country Code", "Year"),
    expectations=(
        columns_exactly(COLUMNS, "the file's columns"),
        row_count_between(100, 200_000, "every entity and year since 1960 that has a value"),
        *not_empty(*COLUMNS),
        expect(
            "ColumnValuesToMatchRegex",
            "the World Bank's code of a state or an aggregate",
            column="Country Code",
            regex=r"^[A-Z][A-Z0-9]{2}$",
        ),
        expect("ColumnValuesToMatchRegex", "a year", column="Year", regex=r"^(?:19|20)\d\d$"),
        expect(
            "ColumnValuesToMatchRegex",
            "a positive number of US dollars",
            column="Value",
            regex=r"^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$",
        ),
        key_is_unique(("Country Code", "Year")),
    ),
)

SUITES = (ENTITY_YEARS,)
