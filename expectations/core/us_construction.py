"""Suite of `core.us_construction`: US military construction in other states."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, one_of, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.us_construction",
        expectations=(
            row_count_between(10, 10_000, "some 150 states and years; fewer in a simulated world"),
            one_of("ccode_from", (2,), "what the United States build"),
            rows_satisfy("it_is_abroad", "ccode_to <> 2", "what is built at home is no host's"),
            rows_satisfy(
                "a_year_with_projects_has_a_location",
                "n_locations BETWEEN 1 AND n_projects",
                "a sum of nothing is no figure",
            ),
        ),
        rules=(
            in_the_system_in_the_year(
                "core.us_construction", "territories have no place here", ccode="ccode_to"
            ),
        ),
    ),
)
