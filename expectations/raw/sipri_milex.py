"""What SIPRI's workbook must look like before its sheets are made into one table.

Every release adds a year column, so columns are asked for, not listed in full.
"""

from expectations.suite import (
    Expectation,
    Suite,
    expect,
    key_is_unique,
    row_count_between,
)

_NUMBER_OR_MARK = r"^\s*(?:\.\.\.?|\. \.|xxx|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*$"
_SAMPLED_YEARS = ("1950", "1990", "2020")


def _sheet(name: str, *more: str) -> Suite:
    wanted = ["Country", "Notes", *more, *_SAMPLED_YEARS]
    cells: list[Expectation] = [
        expect(
            "ColumnValuesToMatchRegex",
            "a number, or the mark for not available (...) or not existing (xxx)",
            column=year,
            regex=_NUMBER_OR_MARK,
        )
        for year in _SAMPLED_YEARS
    ]
    return Suite(
        table=f"raw.sipri_milex__{name}",
        key=("Country",),
        expectations=(
            expect(
                "TableColumnsToMatchSet",
                "the sheet's headings; years follow",
                column_set=wanted,
                exact_match=False,
            ),
            row_count_between(10, 1_000, "one row per state, between headings of regions"),
            *cells,
            key_is_unique(("Country",)),
        ),
    )


SUITES = (
    _sheet("current_usd"),
    _sheet("share_of_gdp"),
    _sheet("local_currency", "Currency"),
)
