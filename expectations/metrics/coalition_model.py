"""Suite of `metrics.coalition_model`: counts, intervals and null reasons."""

from expectations.suite import (
    SqlRule,
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

TABLE = "metrics.coalition_model"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "estimate", why="readers need to know why an estimate is missing"
            ),
            interval_contains_the_estimate(),
            rows_satisfy(
                "the_counts_are_the_sample",
                "n_ally_support + n_ally_none + n_other_support + n_other_none = n",
                "every state of the sample is counted once",
            ),
            rows_satisfy(
                "aspirants_are_among_the_others",
                "n_aspirant_support <= n_other_support AND n_aspirant_none <= n_other_none",
                "an aspirant is no ally",
            ),
            rows_satisfy(
                "fisher_is_the_cross_ratio",
                "specification <> 'fisher' OR estimate IS NULL OR abs(odds_ratio * n_ally_none"
                " * n_other_support / (n_ally_support * n_other_none) - 1) < 1e-9",
                "the odds ratio is that of the counts beside it",
            ),
            rows_satisfy(
                "firth_of_two_groups_is_half_a_unit_more",
                "specification <> 'firth_bivariate' OR estimate IS NULL OR abs(odds_ratio"
                " * (n_ally_none + 0.5) * (n_other_support + 0.5)"
                " / ((n_ally_support + 0.5) * (n_other_none + 0.5)) - 1) < 1e-9",
                "Firth's logit of two groups adds half a unit to each cell",
            ),
            rows_satisfy(
                "a_term_is_significant_when_its_interval_leaves_zero_out",
                "specification NOT LIKE 'firth%' OR estimate IS NULL"
                " OR abs(p_value - 0.05) < 1e-6"
                " OR (p_value < 0.05) = (ci_low > 0 OR ci_high < 0)",
                "test and interval come from one profile",
            ),
        ),
        rules=(
            SqlRule(
                "every_list_has_a_row",
                "SELECT DISTINCT s.coalition, s.as_of FROM core.coalition_support s"
                f" ANTI JOIN {TABLE} m USING (coalition, as_of)",
                "a list without a row is dropped in silence",
                (TABLE, "core.coalition_support"),
            ),
            SqlRule(
                "support_is_on_the_list",
                f"SELECT m.coalition, m.as_of, m.tier FROM {TABLE} m JOIN (SELECT coalition,"
                " as_of, count(*) AS listed FROM core.coalition_support WHERE is_listed"
                " AND ccode NOT IN (2, 645, 652) GROUP BY ALL) s USING (coalition, as_of)"
                " WHERE m.specification = 'fisher' AND m.list_version = 'as_published'"
                " AND m.n_ally_support + m.n_other_support <> s.listed",
                "supporters are the names on the list but the leader and the states fought over",
                (TABLE, "core.coalition_support"),
            ),
        ),
    ),
)
