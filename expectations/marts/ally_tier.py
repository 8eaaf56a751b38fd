"""Suite of `marts.ally_tier`: tiers of allies."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="marts.ally_tier",
        expectations=(
            row_count_between(100, 1_000_000, "hegemons by states by years"),
            rows_satisfy(
                "no_state_is_its_own_ally", "ccode_hegemon <> ccode", "an alliance has two sides"
            ),
            rows_satisfy(
                "each_tier_contains_the_one_before",
                "(NOT tier_core OR tier_treaty) AND (NOT tier_treaty OR tier_guarantee)",
                "core, treaty and guarantee are sets one in another",
            ),
            rows_satisfy(
                "31_december_is_the_stricter_rule",
                "(NOT tier_core_on_31_dec OR tier_core)"
                " AND (NOT tier_treaty_on_31_dec OR tier_treaty)"
                " AND (NOT tier_atop_on_31_dec OR tier_atop)"
                " AND (NOT tier_guarantee_on_31_dec OR tier_guarantee)",
                "what is in force on one day of the year includes the last",
            ),
            rows_satisfy(
                "atop_tier_is_null_out_of_coverage",
                "(tier_atop IS NULL) = (tier_atop_null_reason IS NOT NULL)",
                "ATOP has an end and is never carried forward",
            ),
            rows_satisfy(
                "dated_tiers_are_of_those_with_lists_of_treaties",
                "(tier_core IS NULL) = (tier_treaty_null_reason IS NOT NULL)"
                " AND (ccode_hegemon IN (2, 365, 710) OR tier_core IS NULL)"
                " AND (ccode_hegemon NOT IN (2, 365, 710)) = (coalesce(tier_treaty_null_reason, '')"
                " = 'unit_not_in_source')"
                " AND (tier_core IS NULL) = (tier_treaty IS NULL)"
                " AND (tier_core IS NULL) = (tier_guarantee IS NULL)",
                "France and the United Kingdom have only the atop tier",
            ),
            rows_satisfy(
                "a_tie_has_a_basis",
                "(in_force_basis IS NOT NULL) = (coalesce(tier_guarantee, FALSE)"
                " OR coalesce(tier_atop, FALSE))",
                "readers see where the dates come from",
            ),
        ),
        rules=(
            SqlRule(
                "atop_tier_ends_with_the_source",
                "SELECT ccode_hegemon, ccode, year FROM marts.ally_tier WHERE tier_atop IS NOT NULL"
                " AND year > (SELECT max(year_to) FROM core.alliances)",
                "what came after the source's end is not known from it",
                ("marts.ally_tier", "core.alliances"),
            ),
            SqlRule(
                "aspirants_to_nato_are_no_core_allies",
                "SELECT a.ccode, a.year FROM marts.ally_tier a"
                " WHERE a.ccode_hegemon = 2 AND a.tier_core AND NOT EXISTS ("
                " SELECT 1 FROM core.treaty_allies t WHERE t.ccode_hegemon = 2"
                " AND t.ccode = a.ccode AND t.tier = 'core' AND year(t.in_force_from) <= a.year"
                " AND (t.in_force_to IS NULL OR year(t.in_force_to) >= a.year))",
                "ATOP dates accession at signature: seven aspirants of 2003 would count as allies",
                ("marts.ally_tier", "core.treaty_allies"),
            ),
        ),
    ),
)
