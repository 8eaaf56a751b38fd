"""Suite of `core.disputes`: militarised disputes."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, lower_code_comes_first, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.disputes",
        expectations=(
            row_count_between(10, 100_000, "each pair of opponents and year"),
            lower_code_comes_first(),
            rows_satisfy(
                "the_level_of_the_dispute_is_the_highest",
                "hostility_level >= greatest(hostility_level1, hostility_level2)",
                "it is that of all states in the dispute",
                severity="warning",
            ),
        ),
        rules=tuple(
            in_the_system_in_the_year(
                "core.disputes",
                "the data follow the list of states",
                ccode=ccode,
                name=f"{ccode}_is_in_the_system_in_the_year",
            )
            for ccode in ("ccode1", "ccode2")
        ),
    ),
)
