"""Raw gate of US military construction: columns, codes, years and amounts."""

from expectations.raw_cells import YEAR_SINCE_1900, cells_match, number_or_mark
from expectations.suite import Suite, columns_exactly, not_empty, row_count_between

COLUMNS = (
    *("countryname", "ccode", "iso3c", "year", "location", "lat", "lon"),
    "spend_construction",
)

PROJECTS = Suite(
    "raw.us_construction__projects",
    ("countryname", "year", "location", "spend_construction"),
    (
        # no key: two projects of one place, year and amount are two
        columns_exactly(COLUMNS, "the file's columns"),
        row_count_between(20, 100_000, "every project; fewer in a simulated world"),
        *not_empty("countryname", "year", "location", "spend_construction"),
        cells_match(
            "ccode", number_or_mark("us_construction", r"\d{1,3}"), "a COW code, or a mark"
        ),
        cells_match("year", YEAR_SINCE_1900, "a year"),
        cells_match("spend_construction", r"^-?\d+(?:\.\d+)?$", "thousands of dollars"),
    ),
)

SUITES = (PROJECTS,)
