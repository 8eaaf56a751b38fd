"""What the published ideal points must look like before they are parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    row_count_between,
)

ESTIMATES = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")
COLUMNS = ("ccode", "iso3c", "Countryname", "year", "NVotesFP", *ESTIMATES)

STATE_YEARS = Suite(
    table="raw.un_ideal_points__state_years",
    key=("ccode", "year"),
    expectations=(
        columns_exactly(COLUMNS, "the series of final-passage votes; other releases differ"),
        row_count_between(50, 100_000, "every state and year with votes"),
        *not_empty("ccode", "year", "NVotesFP", "IdealPointFP"),
        expect("ColumnValuesToMatchRegex", "a state code", column="ccode", regex=r"^\d{1,3}$"),
        expect("ColumnValuesToMatchRegex", "a year", column="year", regex=r"^(?:19|20)\d\d$"),
        *(
            expect(
                "ColumnValuesToMatchRegex",
                "a number, or NA",
                column=column,
                regex=r"^(?:NA|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$",
            )
            for column in ESTIMATES
        ),
        key_is_unique(("ccode", "year")),
    ),
)

SUITES = (STATE_YEARS,)
