"""Raw gate of direct contiguity: columns, codes, types and months."""

from expectations.raw_cells import COW_CODE, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between

COLUMNS = ("ccode1", "ccode2", "conttype", "stdate", "enddate")

DIRECTED_SPELLS = raw_suite(
    "raw.cow_contiguity__directed_spells",
    ("ccode1", "ccode2", "stdate", "conttype"),
    columns_exactly(COLUMNS, "the columns of the file"),
    row_count_between(10, 20_000, "each pair of neighbours in both directions"),
    *not_empty(*COLUMNS),
    *(cells_match(c, COW_CODE, "a COW code") for c in ("ccode1", "ccode2")),
    cells_match("conttype", r"^[0-5]$", "a type of contiguity"),
    *(
        cells_match(c, r"^(?:18|19|20)\d\d-\d\d-01$", "a month, as its first day")
        for c in ("stdate", "enddate")
    ),
)

SUITES = (DIRECTED_SPELLS,)
