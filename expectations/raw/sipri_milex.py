"""Raw gate of SIPRI's military expenditure: the three sheets of its workbook.

Every release adds a year column, so some columns are required and the others are not listed.
"""

from expectations.raw_cells import NUMBER, cells_match, columns_include, number_or_mark, raw_suite
from expectations.suite import Suite, row_count_between

_NUMBER_OR_MARK = number_or_mark("sipri_milex", rf"-?{NUMBER}")
_NUMBER_OR_MARK_WHY = "a number, or the mark for not available (...) or not existing (xxx)"
_SAMPLED_YEARS = ("1950", "1990", "2020")


def _sheet(name: str, *further_columns: str) -> Suite:
    wanted = ["Country", "Notes", *further_columns, *_SAMPLED_YEARS]
    return raw_suite(
        f"raw.sipri_milex__{name}",
        ("Country",),
        columns_include(wanted, "the sheet's headings; years follow"),
        row_count_between(10, 1_000, "one row per state, between headings of regions"),
        *(cells_match(year, _NUMBER_OR_MARK, _NUMBER_OR_MARK_WHY) for year in _SAMPLED_YEARS),
    )


SUITES = (
    _sheet("current_usd"),
    _sheet("share_of_gdp"),
    _sheet("local_currency", "Currency"),
)
