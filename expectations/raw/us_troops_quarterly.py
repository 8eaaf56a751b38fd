"""Raw gate of US troops by quarter: columns, codes, dates and counts."""

from expectations.raw_cells import (
    YEAR_SINCE_1900,
    cells_match,
    columns_include,
    number_or_mark,
    raw_suite,
)
from expectations.suite import not_empty, one_of, row_count_between

_BRANCHES = ("army_ad", "navy_ad", "air_force_ad", "marine_corps_ad", "coast_guard_ad")
_COUNTS = ("troops_ad", *_BRANCHES, "space_force_ad", "total_selected_reserve", "total_civilian")
COLUMNS = (
    *("ccode", "iso3c", "countryname", "year", "month", "quarter", "source"),
    *(*_COUNTS, "troops_all", "region"),
)

_COUNT_OR_MARK = number_or_mark("us_troops_quarterly", r"\d+")

HOST_QUARTERS = raw_suite(
    "raw.us_troops_quarterly__host_quarters",
    ("ccode", "year", "quarter"),
    columns_include(COLUMNS, "the columns that are read; later releases add some"),
    row_count_between(100, 500_000, "every host and report since 1950"),
    *not_empty("ccode", "countryname", "year", "quarter", "troops_ad"),
    cells_match("ccode", r"^\d{1,5}$", "a host code"),
    cells_match("year", YEAR_SINCE_1900, "a year"),
    cells_match("quarter", r"^[1-4]$", "a quarter"),
    one_of("month", ("March", "June", "September", "December"), "reports are quarterly"),
    cells_match(
        "source",
        r"^(?:NA|Kane 2006|Stepwise Imputation|(?:March|June|September|December) (?:19|20)\d\d)$",
        "whether a count is missing depends on it",
    ),
    *(cells_match(column, _COUNT_OR_MARK, "a count of persons, or a mark") for column in _COUNTS),
)

SUITES = (HOST_QUARTERS,)
