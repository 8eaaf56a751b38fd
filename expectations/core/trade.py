"""Suite of `core.trade`: imports and exports of states."""

from expectations.cross_checks import ratio_of_state_between
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.trade",
        expectations=(
            row_count_between(100, 100_000, "every state and year with a figure"),
            rows_satisfy(
                "a_row_has_a_value",
                "coalesce(imports_million_usd, exports_million_usd) IS NOT NULL",
                "a row without any value is left out",
            ),
        ),
        rules=(
            SqlRule(
                "the_world_imports_what_it_exports",
                "WITH years AS (SELECT year, sum(imports_million_usd) AS imports,"
                " sum(exports_million_usd) AS exports FROM core.trade"
                " WHERE imports_million_usd IS NOT NULL AND exports_million_usd IS NOT NULL"
                " AND year >= 1950 GROUP BY year), counted AS (SELECT count(*) AS n_years,"
                " count(*) FILTER (imports < exports) AS n_less FROM years)"
                " SELECT n_less, n_years FROM counted WHERE n_less > 0.8 * n_years",
                "imports are counted with freight and exceed exports in every year since 1950: the"
                " two columns are exchanged",
                ("core.trade",),
            ),
            ratio_of_state_between(
                "trade_is_in_proportion_to_gdp",
                ("core.trade", "core.gdp"),
                "(a.imports_million_usd + a.exports_million_usd) * 1e6 / nullif(b.gdp_usd, 0)",
                (0.005, 100),
                "between .12 in India and 15 in Luxembourg",
            ),
            in_the_system_in_the_year("core.trade", "trade belongs to states while they exist"),
        ),
    ),
)
