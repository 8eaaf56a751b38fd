"""Suites of `staging.stg_sipri_milex__*`: SIPRI's three sheets as one table."""

from expectations.suite import Suite, expect, row_count_between, rows_satisfy

STATE_YEARS = Suite(
    table="staging.stg_sipri_milex__state_years",
    expectations=(
        row_count_between(100, 500_000, "three sheets of states by years"),
        rows_satisfy(
            "a_cell_has_a_value_or_a_reason",
            "(value IS NULL) = (value_status IS NOT NULL)",
            "a missing figure is not zero, and readers need to know why it is missing",
        ),
        rows_satisfy(
            "no_cell_is_blank",
            "value_status IS DISTINCT FROM 'blank'",
            "the source marks what is missing; a blank is a cell that was lost, or an error of"
            " Excel",
            severity="warning",
        ),
        rows_satisfy(
            "dollars_are_whole_dollars",
            "sheet <> 'current_usd' OR value < 1e13",
            "the sheet is published in millions; a change of unit moves it out of this range",
        ),
        rows_satisfy(
            "shares_are_fractions",
            "sheet <> 'share_of_gdp' OR value < 2",
            "the sheet is published as a fraction; per cents would be a hundred times too large"
            " (the highest known is Kuwait 1991, 1.17)",
        ),
        expect(
            "ColumnDistinctValuesToEqualSet",
            "currency tells real zeros in dollars from missing exchange rates",
            column="sheet",
            value_set=["current_usd", "share_of_gdp", "local_currency"],
        ),
    ),
)

SUITES = (STATE_YEARS,)
