"""Suite of `metrics.capability_asymmetry`: identities, ranges and null reasons."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

SUITES = (
    Suite(
        table="metrics.capability_asymmetry",
        expectations=(
            rows_satisfy(
                "observed_members_are_members", "n_observed <= n_members", "a part of the whole"
            ),
            every_null_has_a_reason(
                "leader_share", "concentration", "gini", "theil", "leader_ccode"
            ),
            rows_satisfy(
                "a_ratio_is_null_where_the_second_is_zero",
                "leader_share IS NULL OR (ratio_first_second IS NULL) = second_zero",
                "a lead over nothing has no bound as a ratio",
            ),
            rows_satisfy(
                "a_leader_has_at_least_an_equal_share",
                "leader_share * n_observed >= 1 - 1e-9 AND hhi * n_observed >= 1 - 1e-9",
                "the largest of n shares is at least 1/n",
            ),
            rows_satisfy(
                "majority_margin_follows_from_the_share",
                "abs(majority_margin - (2 * leader_share - 1)) <= 1e-9",
                "the leader's share less all others'",
            ),
            rows_satisfy(
                "concentration_is_the_root_of_hhi_normalized",
                "abs(concentration * concentration - hhi_normalized) <= 1e-9"
                " AND abs(hhi_normalized * (n_observed - 1) + 1 - hhi * n_observed) <= 1e-7",
                "Ray and Singer's concentration is a function of the Herfindahl index",
            ),
            rows_satisfy(
                "two_members_have_one_asymmetry",
                "n_observed <> 2 OR leader_share IS NULL OR"
                " (abs(concentration - dominance) <= 1e-9"
                " AND abs(concentration - majority_margin) <= 1e-9"
                " AND abs(concentration - gini_normalized) <= 1e-9)",
                "with two members concentration, dominance, margin and Gini are one number",
            ),
            rows_satisfy(
                "classes_follow_from_the_ratio",
                "is_asymmetric = (ratio_first_second >= 3)"
                " AND is_overwhelming = (ratio_first_second >= 10)",
                "three and ten times the second (Bremer 1992)",
            ),
            rows_satisfy(
                "a_single_member_has_no_asymmetry",
                "n_members > 1 OR coalesce(null_reason = 'single_member', FALSE)",
                "one member alone cannot be unequal",
            ),
        ),
        rules=(
            SqlRule(
                "leaders_are_members",
                "SELECT c.atopid, c.year, c.variable, c.leader_ccode"
                " FROM metrics.capability_asymmetry c WHERE c.leader_ccode IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM core.alliance_members m"
                " WHERE m.atopid = c.atopid AND m.ccode = c.leader_ccode"
                " AND c.year BETWEEN m.year_from AND m.year_to)",
                "the leader is one of the alliance's members in the year",
                ("metrics.capability_asymmetry", "core.alliance_members"),
            ),
            SqlRule(
                "one_row_per_alliance_year_and_variable",
                "SELECT y.atopid, y.year, count(c.variable) AS n_variables"
                " FROM marts.alliance_year y"
                " LEFT JOIN metrics.capability_asymmetry c USING (atopid, year)"
                " GROUP BY y.atopid, y.year HAVING count(c.variable) <> 4",
                "every alliance-year has its four variables, with a reason where they are NULL",
                ("metrics.capability_asymmetry", "marts.alliance_year"),
            ),
        ),
    ),
)
