"""Raw gate of minimum distances: columns, codes, years and kilometres."""

from expectations.raw_cells import COW_CODE, NUMBER, YEAR, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = ("ccode1", "ccode2", "year", "mindist")

DYAD_YEARS = raw_suite(
    "raw.cow_distance__dyad_years",
    ("ccode1", "ccode2", "year"),
    columns_exactly(COLUMNS, "the columns of the file"),
    row_count_between(100, 5_000_000, "every pair of states and year since 1886"),
    *not_empty(*COLUMNS),
    *(cells_match(c, COW_CODE, "a COW code") for c in ("ccode1", "ccode2")),
    cells_match("year", YEAR, "a year"),
    cells_match("mindist", rf"^{NUMBER}$", "kilometres, not below 0"),
)

SUITES = (DYAD_YEARS,)
