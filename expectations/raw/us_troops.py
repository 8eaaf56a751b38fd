"""Raw gate of US troops abroad: columns, codes, years and counts."""

from expectations.raw_cells import YEAR_SINCE_1900, cells_match, number_or_mark, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

_BRANCHES = ("army", "navy", "air_force", "marine_corps")
_LATER_BRANCHES = ("space_force", "coast_guard")
COLUMNS = (
    *("countryname", "ccode", "iso3c", "year", "troops"),
    *(*_BRANCHES, "region", *_LATER_BRANCHES),
)
_COUNT_OR_MARK = number_or_mark("us_troops", r"\d+")

HOST_YEARS = raw_suite(
    "raw.us_troops__host_years",
    ("ccode", "year"),
    columns_exactly(COLUMNS, "the file's columns"),
    row_count_between(50, 200_000, "every host and year since 1950"),
    *not_empty("countryname", "ccode", "year", "troops"),
    cells_match("ccode", r"^\d{1,4}$", "a host code"),
    cells_match("year", YEAR_SINCE_1900, "a year"),
    *(
        cells_match(column, _COUNT_OR_MARK, "a count of persons, or a mark")
        for column in ("troops", *_BRANCHES, *_LATER_BRANCHES)
    ),
)

SUITES = (HOST_YEARS,)
