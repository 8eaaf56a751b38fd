"""Raw gate of strategic rivalries: columns, codes, years and types."""

from expectations.raw_cells import COW_CODE, cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, one_of, row_count_between

TYPES = ("spatial", "positional", "ideological", "interventionary")
COLUMNS = (
    *("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear"),
    *("region", "type1", "type2", "type3"),
)

RIVALRIES = raw_suite(
    "raw.strategic_rivalries__rivalries",
    ("rivalryno",),
    columns_exactly(COLUMNS, "the columns of the file"),
    row_count_between(5, 2_000, "some 200 rivalries since 1494"),
    *not_empty("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear", "type1"),
    *(cells_match(c, COW_CODE, "a COW code") for c in ("ccode1", "ccode2")),
    *(cells_match(c, r"^(?:1[4-9]|20)\d\d$", "a year") for c in ("styear", "endyear")),
    *(one_of(c, TYPES, "a type of the handbook") for c in ("type1", "type2", "type3")),
)

SUITES = (RIVALRIES,)
