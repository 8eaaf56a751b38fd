"""Raw gate of V-Dem's indices: columns, codes, years and the range of the index."""

from expectations.raw_cells import cells_match, columns_include, raw_suite
from expectations.suite import not_empty, row_count_between

_INDEX = (
    *("v2x_polyarchy", "v2x_polyarchy_codelow", "v2x_polyarchy_codehigh"),
    "v2x_polyarchy_sd",
)
COLUMNS = (
    *("vdem_country_name", "country_text_id", "country_id", "year", "vdem_cowcode", "cown"),
    *_INDEX,
)

COUNTRY_YEARS = raw_suite(
    "raw.vdem__country_years",
    ("country_id", "year"),
    columns_include(COLUMNS, "the columns that are staged; indices come and go between releases"),
    row_count_between(100, 100_000, "every country and year since 1789"),
    *not_empty("country_id", "country_text_id", "vdem_country_name", "year"),
    cells_match("year", r"^(?:17|18|19|20)\d\d$", "a year"),
    *(cells_match(c, r"^\d{1,3}$", "a COW code") for c in ("vdem_cowcode", "cown")),
    *(cells_match(c, r"^(?:0|1|0\.\d+)$", "an index between 0 and 1") for c in _INDEX),
)

SUITES = (COUNTRY_YEARS,)
