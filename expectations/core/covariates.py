"""Suite of `core.covariates`: user covariates; the table may be empty."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="core.covariates",
        expectations=(
            rows_satisfy(
                "a_row_has_a_value",
                "coalesce(polyarchy, aid_usd, trade_usd, trade_share, distance_km,"
                " colonial_tie::DOUBLE, region_eu::DOUBLE) IS NOT NULL",
                "a row without any value is left out",
            ),
        ),
        rules=(
            SqlRule(
                "states_are_in_the_system_in_the_year",
                "SELECT c.ccode, c.year FROM core.covariates c WHERE NOT EXISTS ("
                " SELECT 1 FROM core.states s WHERE s.ccode = c.ccode"
                " AND c.year >= year(s.valid_from)"
                " AND (s.is_in_system_at_source_end OR c.year <= year(s.valid_to)))",
                "covariates of what is no state would match nobody",
                ("core.covariates", "core.states"),
            ),
        ),
    ),
)
