"""Raw gate of National Material Capabilities: columns and cells of the abridged file."""

from expectations.raw_cells import COW_CODE, NUMBER, YEAR, cells_match, number_or_mark, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = (
    *("stateabb", "ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc"),
    "version",
)
_NUMBER = number_or_mark("cow_capabilities", rf"(?:-9|-8|{NUMBER})(?:\.0+)?")
_NUMBER_WHY = "a number that is not negative, or -9 (-8 in older releases) for missing"

STATE_YEARS = raw_suite(
    "raw.cow_capabilities__state_years",
    ("ccode", "year"),
    columns_exactly(COLUMNS, "the columns of the abridged file, as its codebook names them"),
    row_count_between(100, 100_000, "every state and year since 1816"),
    *not_empty("stateabb", "ccode", "year"),
    *(
        cells_match(column, _NUMBER, _NUMBER_WHY)
        for column in ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
    ),
    cells_match("ccode", COW_CODE, "a state code of the Correlates of War project"),
    cells_match("year", YEAR, "a year"),
)

SUITES = (STATE_YEARS,)
