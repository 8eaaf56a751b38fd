"""Suite of `marts.state_year`: states by year."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="marts.state_year",
        expectations=(
            rows_satisfy(
                "a_missing_figure_has_a_reason",
                "(gdp_usd IS NULL) = (gdp_null_reason IS NOT NULL)"
                " AND (us_troops_persons IS NULL) = (us_troops_null_reason IS NOT NULL)"
                " AND (ideal_point_published IS NULL) = (ideal_point_null_reason IS NOT NULL)"
                " AND (n_alliances IS NULL) = (alliances_null_reason IS NOT NULL)"
                " AND (milex_currency IS NULL) = (capabilities_null_reason IS NOT NULL)"
                " AND (milex_usd_status IS NULL) = (milex_usd_null_reason IS NOT NULL)",
                "a gap is not a zero, and readers need to know why it is there",
            ),
            rows_satisfy(
                "currency_changes_in_1914",
                "(milex_currency = 'GBP') = (year <= 1913)",
                "pounds and dollars must never be compared",
            ),
        ),
        rules=(
            SqlRule(
                "nothing_of_core_is_lost",
                "SELECT 'core.capabilities' AS table_name, ccode, year FROM core.capabilities"
                " ANTI JOIN marts.state_year USING (ccode, year)"
                " UNION ALL SELECT 'core.gdp', ccode, year FROM core.gdp"
                " ANTI JOIN marts.state_year USING (ccode, year)"
                " UNION ALL SELECT 'core.military_expenditure', ccode, year"
                " FROM core.military_expenditure ANTI JOIN marts.state_year USING (ccode, year)"
                " UNION ALL SELECT 'core.us_troops', t.ccode_to, t.year FROM core.us_troops t"
                " WHERE NOT EXISTS (SELECT 1 FROM marts.state_year y WHERE y.ccode = t.ccode_to"
                " AND y.year = t.year)"
                " UNION ALL SELECT 'core.ideal_points_published', ccode, year"
                " FROM (FROM core.ideal_points_published WHERE is_sovereign)"
                " ANTI JOIN marts.state_year USING (ccode, year)",
                "every state and year of the system has a row, so every figure has a place",
                (
                    *("marts.state_year", "core.capabilities", "core.gdp"),
                    *("core.military_expenditure", "core.us_troops"),
                    "core.ideal_points_published",
                ),
            ),
        ),
    ),
)
