"""Suite of `metrics.security_hierarchy`: parts of the index and null reasons."""

from expectations.suite import SqlRule, Suite, rows_satisfy

TABLE = "metrics.security_hierarchy"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            rows_satisfy(
                "every_null_has_a_reason",
                "(hierarchy_index IS NULL) = (null_reason IS NOT NULL)"
                " AND (troops_per_capita IS NULL) = (troops_null_reason IS NOT NULL)"
                " AND (independence_index IS NULL) = (independence_null_reason IS NOT NULL)",
                "readers need to know why a measure is missing",
            ),
            rows_satisfy(
                "no_state_leads_itself", "ccode_from <> ccode_to", "a dyad has two states"
            ),
            rows_satisfy(
                "only_partners_can_depend",
                "(independence_index > 0) = is_defense_partner"
                " AND independence_index <= independence_index_max1",
                "0 for who is no partner, more than 0 for who is",
            ),
            rows_satisfy(
                "independence_follows",
                "is_defense_partner IS NOT TRUE"
                " OR abs(independence_index * (1 + n_independent_alliances) - 1) <= 1e-9",
                "1 / (1 + n)",
            ),
            rows_satisfy(
                "without_the_european_union_there_are_no_more_partners",
                "n_independent_alliances_without_eu <= n_independent_alliances"
                " AND independence_index_without_eu >= independence_index"
                " AND (independence_index_without_eu IS NULL) = (independence_index IS NULL)",
                "leaving a treaty out adds no partner",
            ),
            rows_satisfy(
                "troops_per_capita_follows",
                "abs(troops_per_capita * population_persons - troops_persons)"
                " <= 1e-6 * (1 + troops_persons)",
                "troops by inhabitants",
            ),
        ),
        rules=(
            SqlRule(
                "the_united_states_face_every_member_of_the_system",
                "SELECT t.ccode_to, t.year FROM core.us_troops t WHERE t.year >= 1946 AND NOT"
                f" EXISTS (SELECT 1 FROM {TABLE} h WHERE h.ccode_from = 2"
                " AND h.ccode_to = t.ccode_to AND h.year = t.year)",
                "troops without a row are dropped in silence",
                (TABLE, "core.us_troops"),
            ),
        ),
    ),
)
