"""Raw gate of militarised disputes: columns, codes, years, levels and flags."""

from expectations.raw_cells import COW_CODE, YEAR, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = (
    *("dispnum", "ccode1", "ccode2", "year", "gmlmidongoing", "gmlmidonset"),
    *("sidea1", "sidea2", "fatality1", "fatality2", "fatalpre1", "fatalpre2"),
    *("hiact1", "hiact2", "hostlev1", "hostlev2", "orig1", "orig2"),
    *("fatality", "hostlev", "recip", "mindur", "maxdur", "stmon"),
)
_FLAGS = ("gmlmidongoing", "gmlmidonset", "sidea1", "sidea2", "orig1", "orig2", "recip")

DIRECTED_DYAD_YEARS = raw_suite(
    "raw.disputes__directed_dyad_years",
    ("ccode1", "ccode2", "year"),
    columns_exactly(COLUMNS, "the columns of the file"),
    row_count_between(10, 100_000, "each pair of opponents and year in both directions"),
    *not_empty(*COLUMNS),
    *(cells_match(c, COW_CODE, "a COW code") for c in ("ccode1", "ccode2")),
    cells_match("year", YEAR, "a year"),
    *(cells_match(c, r"^[01]$", "1 or 0") for c in _FLAGS),
    *(
        cells_match(c, r"^(?:-9|[0-6])$", "a level, or -9 for not known")
        for c in ("fatality1", "fatality2", "fatality", "hostlev1", "hostlev2", "hostlev")
    ),
    *(cells_match(c, r"^\d{1,5}$", "a number of days") for c in ("mindur", "maxdur")),
    cells_match("stmon", r"^(?:[1-9]|1[0-3])$", "a month, or 13 for none"),
)

SUITES = (DIRECTED_DYAD_YEARS,)
