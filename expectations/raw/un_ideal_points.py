"""Raw gate of the published ideal points: columns, codes, years and estimates."""

from expectations.raw_cells import (
    COW_CODE,
    NUMBER,
    YEAR_SINCE_1900,
    cells_match,
    number_or_mark,
    raw_suite,
)
from expectations.suite import columns_exactly, not_empty, row_count_between, rows_satisfy

ESTIMATES = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")
COLUMNS = ("ccode", "iso3c", "Countryname", "year", "NVotesFP", *ESTIMATES)
_NUMBER_OR_MARK = number_or_mark("un_ideal_points", rf"-?{NUMBER}")

STATE_YEARS = raw_suite(
    "raw.un_ideal_points__state_years",
    ("ccode", "iso3c", "year"),
    columns_exactly(COLUMNS, "the series of final-passage votes; what a release lacks is empty"),
    row_count_between(50, 100_000, "every state and year with votes"),
    *not_empty("year", "IdealPointFP"),
    rows_satisfy(
        "a_state_has_a_code", "ccode <> '' OR iso3c <> ''", "without one nobody knows whose it is"
    ),
    cells_match("ccode", COW_CODE, "a state code"),
    cells_match("year", YEAR_SINCE_1900, "a year"),
    *(cells_match(column, _NUMBER_OR_MARK, "a number, or a mark") for column in ESTIMATES),
)

SUITES = (STATE_YEARS,)
