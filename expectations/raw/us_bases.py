"""Raw gate of US bases: columns, codes, coordinates and flags."""

from expectations.raw_cells import cells_match, number_or_mark
from expectations.suite import Suite, columns_exactly, key_is_unique, not_empty, row_count_between

COLUMNS = (
    *("countryname", "ccode", "iso3c", "basename", "lat", "lon"),
    *("base", "lilypad", "fundedsite"),
)
_KEY = ("countryname", "basename", "lat", "lon")
_DEGREES = number_or_mark("us_bases", r"-?\d{1,3}(?:\.\d+)?")

SITES = Suite(
    "raw.us_bases__sites",
    _KEY,
    (
        columns_exactly(COLUMNS, "the file's columns"),
        row_count_between(20, 5_000, "some 400 sites; fewer in a simulated world"),
        *not_empty("countryname", "ccode", "basename"),
        cells_match("ccode", r"^\d{1,3}$", "a COW code"),
        *(cells_match(column, _DEGREES, "degrees, or a mark") for column in ("lat", "lon")),
        *(
            cells_match(column, r"^[01]$", "yes or no")
            for column in ("base", "lilypad", "fundedsite")
        ),
        # known: one base of Italy stands in the file twice
        key_is_unique(_KEY, severity="info"),
    ),
)

SUITES = (SITES,)
