"""Suite of `core.distances`: minimum distances of states."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, lower_code_comes_first, row_count_between

SUITES = (
    Suite(
        table="core.distances",
        expectations=(
            row_count_between(100, 5_000_000, "every pair of members and year"),
            lower_code_comes_first(),
        ),
        rules=tuple(
            in_the_system_in_the_year(
                "core.distances",
                "distances are between states while both exist",
                ccode=ccode,
                name=f"{ccode}_is_in_the_system_in_the_year",
            )
            for ccode in ("ccode1", "ccode2")
        ),
    ),
)
