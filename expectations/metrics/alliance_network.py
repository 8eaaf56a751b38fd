"""Suite of `metrics.alliance_network`: identities, bounds and counts of ties."""

from expectations.suite import SqlRule, Suite, rows_satisfy

_HUBS_AND_GRAPHS = 5 * 7

SUITES = (
    Suite(
        table="metrics.alliance_network",
        expectations=(
            rows_satisfy(
                "ties_fit_the_promises",
                "n_ties <= n_pledges AND n_pledges <= 2 * n_ties"
                " AND (one_way_share IS NULL OR"
                " abs(one_way_share * n_pledges - (2 * n_ties - n_pledges)) <= 1e-6)",
                "a tie is one promise, or two that answer each other",
            ),
            rows_satisfy(
                "states_with_ties_are_states",
                "n_states_noniso <= n_states AND n_states_noniso <= 2 * n_ties",
                "a part of the whole",
            ),
            rows_satisfy(
                "the_hub_is_one_of_the_vertices",
                "k_core_hub <= k_core_max AND k_core_hub <= degree_hub"
                " AND (degree_hub = 0 OR degree_hub < n_states_noniso)"
                " AND n_one_way_from_hub + n_one_way_to_hub <= degree_hub",
                "a hub has at most all others as partners, and a core no more than partners",
            ),
            rows_satisfy(
                "spoke_density_counts_ties_among_spokes",
                "spoke_density IS NULL OR"
                " abs(spoke_density * degree_hub * (degree_hub - 1) / 2 - n_spoke_ties) <= 1e-6",
                "density is ties over possible ties",
            ),
            rows_satisfy(
                "hubness_is_one_less_spoke_density",
                "abs(hubness + spoke_density - 1) <= 1e-9",
                "the two are one measure",
            ),
            rows_satisfy(
                "hub_pacts_are_pacts",
                "n_bilateral_pacts_hub <= n_bilateral_pacts AND (bilateral_hub_share IS NULL OR"
                " abs(bilateral_hub_share * n_bilateral_pacts - n_bilateral_pacts_hub) <= 1e-6)",
                "a part of the whole",
            ),
            rows_satisfy(
                "a_hub_outside_the_system_has_no_measures",
                "(degree_hub IS NULL) = (coalesce(null_reason, '') = 'not_member')"
                " AND (degree_hub IS NULL) = (k_core_hub IS NULL)"
                " AND (degree_hub IS NULL) = (n_spoke_ties IS NULL)",
                "readers need to know why a measure is missing",
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(null_reason IS NOT NULL) = (degree_hub IS NULL OR betweenness_hub IS NULL"
                " OR spoke_density IS NULL OR bilateral_hub_share IS NULL"
                " OR one_way_share IS NULL OR degree_centralization_noniso IS NULL)",
                "readers need to know why a measure is missing",
            ),
        ),
        rules=(
            SqlRule(
                "every_year_has_all_graphs_and_hubs",
                "SELECT year, count(*) AS n_rows FROM metrics.alliance_network GROUP BY year"
                f" HAVING count(*) <> {_HUBS_AND_GRAPHS}",
                "a series with holes reads as a change",
                ("metrics.alliance_network",),
            ),
            SqlRule(
                "ties_equal_a_recount_of_the_promises",
                "WITH tied AS (SELECT DISTINCT year, least(ccode_from, ccode_to) AS ccode1,"
                " greatest(ccode_from, ccode_to) AS ccode2 FROM core.obligations"
                " WHERE is_cow_dyad AND defense = 1 AND NOT"
                " list_contains(string_split(coalesce(not_owed, ''), ' '), 'defense'))"
                " SELECT n.year, n.ccode_hub, n.n_ties, n.degree_hub, count(t.year) AS n_counted"
                " FROM metrics.alliance_network n LEFT JOIN tied t ON t.year = n.year"
                " WHERE n.graph = 'all' GROUP BY ALL"
                " HAVING n.n_ties <> count(t.year) OR n.degree_hub <> count(t.year)"
                " FILTER (n.ccode_hub IN (t.ccode1, t.ccode2))",
                "two independent counts of the same promises",
                ("metrics.alliance_network", "core.obligations"),
            ),
        ),
    ),
)
