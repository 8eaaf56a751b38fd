"""Raw gate of capitals: columns, codes, days and coordinates."""

from expectations.raw_cells import COW_CODE, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = ("ccode", "statenme", "capital", "stdate", "enddate", "lat", "lng")
_DAY = r"^(?:18|19|20)\d\d-\d\d-\d\d$"

CAPITALS = raw_suite(
    "raw.cow_capitals__capitals",
    ("ccode", "stdate"),
    columns_exactly(COLUMNS, "the columns of the list"),
    row_count_between(10, 2_000, "each capital of each state since 1816"),
    *not_empty(*COLUMNS),
    cells_match("ccode", COW_CODE, "a state code of the Correlates of War project"),
    *(cells_match(c, _DAY, "a day, as year-month-day") for c in ("stdate", "enddate")),
    cells_match("lat", r"^-?\d{1,2}(?:\.\d+)?$", "degrees of latitude"),
    cells_match("lng", r"^-?\d{1,3}(?:\.\d+)?$", "degrees of longitude"),
)

SUITES = (CAPITALS,)
