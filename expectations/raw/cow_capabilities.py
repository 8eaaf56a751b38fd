"""What National Material Capabilities must look like before they are parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    row_count_between,
)

COLUMNS = (
    *("stateabb", "ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc"),
    "version",
)
_NUMBER = r"^(?:-9|-8|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?:\.0+)?$"

STATE_YEARS = Suite(
    table="raw.cow_capabilities__state_years",
    key=("ccode", "year"),
    expectations=(
        columns_exactly(COLUMNS, "the columns of the abridged file, as its codebook names them"),
        row_count_between(100, 100_000, "every state and year since 1816"),
        *not_empty("stateabb", "ccode", "year"),
        *(
            expect(
                "ColumnValuesToMatchRegex",
                "a number that is not negative, or -9 (-8 in older releases) for missing",
                column=column,
                regex=_NUMBER,
            )
            for column in ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
        ),
        expect(
            "ColumnValuesToMatchRegex",
            "a state code of the Correlates of War project",
            column="ccode",
            regex=r"^\d{1,3}$",
        ),
        expect("ColumnValuesToMatchRegex", "a year", column="year", regex=r"^(?:18|19|20)\d\d$"),
        key_is_unique(("ccode", "year")),
    ),
)

SUITES = (STATE_YEARS,)
