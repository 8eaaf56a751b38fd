"""Raw gate of imports and exports: columns, codes, years and amounts."""

from expectations.raw_cells import COW_CODE, NUMBER, YEAR, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = ("ccode", "year", "imports", "exports")

STATE_YEARS = raw_suite(
    "raw.cow_trade__state_years",
    ("ccode", "year"),
    columns_exactly(COLUMNS, "the columns of the file"),
    row_count_between(100, 100_000, "every state and year since 1870"),
    *not_empty("ccode", "year"),
    cells_match("ccode", COW_CODE, "a COW code"),
    cells_match("year", YEAR, "a year"),
    *(
        cells_match(c, rf"^{NUMBER}$", "millions of dollars, not below 0")
        for c in ("imports", "exports")
    ),
)

SUITES = (STATE_YEARS,)
