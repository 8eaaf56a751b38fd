"""Suite of `core.covariates`: covariates of states, of a user file and of the sources."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="core.covariates",
        expectations=(
            rows_satisfy(
                "a_row_has_a_value",
                "coalesce(polyarchy, aid_usd, trade_usd, trade_share, trade_total_usd,"
                " distance_km, colonial_tie::DOUBLE, region_eu::DOUBLE) IS NOT NULL",
                "a row without any value is left out",
            ),
        ),
        rules=(
            in_the_system_in_the_year(
                "core.covariates", "covariates of what is no state would match nobody"
            ),
        ),
    ),
)
