"""Suite of `metrics.network_null`: identities, bounds and p-values."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.network_null",
        expectations=(
            rows_satisfy(
                "the_interval_lies_within_the_range_and_in_order",
                "null_low <= null_high + 1e-12 AND null_mean BETWEEN 0 AND 1",
                "percentiles of one distribution",
            ),
            rows_satisfy(
                "the_two_tails_overlap_at_the_observed_value",
                "observed IS NULL OR (p_value > 0 AND p_value <= 1 AND p_value_opposite > 0"
                " AND (p_value + p_value_opposite) * (n_draws + 1) >= n_draws + 2 - 1e-6)",
                "every draw is in at least one tail, and the observed network in both",
            ),
            rows_satisfy(
                "z_score_is_the_distance_in_standard_deviations",
                "z_score IS NULL OR abs(z_score * null_sd - (observed - null_mean)) <= 1e-9",
                "the columns say the same",
            ),
            rows_satisfy(
                "without_variation_the_null_is_one_value",
                "coalesce(null_reason, '') <> 'no_variation' OR (null_sd = 0"
                " AND null_low = null_high AND abs(null_mean - null_low) <= 1e-12)",
                "readers need to know why there is no z_score",
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(z_score IS NULL) = (null_reason IS NOT NULL)"
                " AND (observed IS NULL) = coalesce(null_reason IN ('not_member', 'n_below_min'),"
                " false) AND (observed IS NULL) = (p_value IS NULL)"
                " AND (observed IS NULL) = (seed IS NULL)"
                " AND (observed IS NULL) = (n_draws = 0)"
                " AND (degree_hub IS NULL) = coalesce(null_reason = 'not_member', false)",
                "readers need to know why a measure is missing",
            ),
            rows_satisfy(
                "direction_goes_with_the_statistic",
                "(alternative = 'greater') = (statistic IN ('hubness', 'lone_spoke_share'))",
                "a p-value is read in the direction of hub and spokes",
            ),
        ),
        rules=(
            SqlRule(
                "observed_equals_the_alliance_network",
                "SELECT n.year, n.graph, n.ccode_hub, n.observed, a.spoke_density, a.degree_hub"
                " FROM metrics.network_null n FULL JOIN metrics.alliance_network a"
                " USING (year, graph, ccode_hub) WHERE n.statistic = 'spoke_density'"
                " AND (n.degree_hub IS DISTINCT FROM a.degree_hub"
                " OR (n.observed IS NULL) <> (a.spoke_density IS NULL)"
                " OR abs(n.observed - a.spoke_density) > 1e-9)",
                "two tables on one network",
                ("metrics.network_null", "metrics.alliance_network"),
            ),
            SqlRule(
                "hubness_mirrors_spoke_density",
                "SELECT s.year, s.graph, s.ccode_hub, s.p_value, h.p_value AS p_hubness"
                " FROM metrics.network_null s JOIN metrics.network_null h"
                " USING (year, graph, ccode_hub)"
                " WHERE s.statistic = 'spoke_density' AND h.statistic = 'hubness'"
                " AND (s.p_value IS DISTINCT FROM h.p_value"
                " OR abs(s.null_mean + h.null_mean - 1) > 1e-9)",
                "one measure, read from both ends",
                ("metrics.network_null",),
            ),
            SqlRule(
                "every_graph_and_hub_has_all_statistics",
                "SELECT year, graph, ccode_hub, count(*) AS n_rows FROM metrics.network_null"
                " GROUP BY ALL HAVING count(*) <> 4",
                "a series with holes reads as a change",
                ("metrics.network_null",),
            ),
        ),
    ),
)
