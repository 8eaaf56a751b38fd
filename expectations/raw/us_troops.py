"""What the series of US troops abroad must look like before it is parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    row_count_between,
)

COLUMNS = (
    *("countryname", "ccode", "iso3c", "year", "troops"),
    *("army", "navy", "air_force", "marine_corps", "region", "space_force", "coast_guard"),
)

HOST_YEARS = Suite(
    table="raw.us_troops__host_years",
    key=("ccode", "year"),
    expectations=(
        columns_exactly(COLUMNS, "the file's columns"),
        row_count_between(50, 200_000, "every host and year since 1950"),
        *not_empty("countryname", "ccode", "year", "troops"),
        expect("ColumnValuesToMatchRegex", "a host code", column="ccode", regex=r"^\d{1,4}$"),
        expect("ColumnValuesToMatchRegex", "a year", column="year", regex=r"^(?:19|20)\d\d$"),
        *(
            expect(
                "ColumnValuesToMatchRegex",
                "a count of persons, or NA",
                column=column,
                regex=r"^(?:NA|\d+)$",
            )
            for column in (
                *("troops", "army", "navy", "air_force", "marine_corps"),
                *("space_force", "coast_guard"),
            )
        ),
        key_is_unique(("ccode", "year")),
    ),
)

SUITES = (HOST_YEARS,)
