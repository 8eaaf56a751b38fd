"""Suite of `metrics.portfolio_similarity`: identities, counts and null reasons."""

from expectations.suite import SqlRule, Suite, lower_code_comes_first, rows_satisfy

# Over all states of the two portfolios; 3 ranks are the most that valued ties can be apart.
_RANKS_APART = "((1 - s_abs) / 2 * n_states * CASE ranks WHEN 'binary' THEN 1 ELSE 3 END)"

SUITES = (
    Suite(
        table="metrics.portfolio_similarity",
        expectations=(
            lower_code_comes_first(),
            rows_satisfy(
                "weighted_states_are_states",
                "n_states >= 2 AND n_states_cinc <= n_states",
                "a part of the whole",
            ),
            rows_satisfy(
                "binary_ranks_have_one_distance",
                "ranks <> 'binary' OR (s_abs = s_sq AND tie_rank <= 1)",
                "with two ranks squared and absolute distances are the same",
            ),
            rows_satisfy(
                "unweighted_s_is_a_whole_number_of_ranks",
                f"abs({_RANKS_APART} - round({_RANKS_APART}, 0)) <= 1e-6",
                "unweighted S is a whole number of ranks apart",
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(null_reason IS NOT NULL) = (s_abs_cinc IS NULL OR pi_sq IS NULL"
                " OR kappa_sq IS NULL OR tau_b IS NULL)",
                "readers need to know why a measure is missing",
            ),
            rows_satisfy(
                "the_reason_fits_the_measures",
                "(pi_sq IS NULL) = (kappa_sq IS NULL) AND (pi_sq IS NOT NULL OR tau_b IS NULL)"
                " AND (coalesce(null_reason, '') <> 'capability_missing' OR"
                " (s_abs_cinc IS NULL AND tau_b IS NOT NULL))",
                "where no chance-corrected measure is defined, no rank correlation is",
            ),
        ),
        rules=(
            SqlRule(
                "every_pair_of_members_has_a_row",
                "WITH counted AS (SELECT year, ranks, count(*) AS n_rows,"
                " max(n_states)::BIGINT AS n_states, min(n_states) AS least"
                " FROM metrics.portfolio_similarity WHERE scope = 'global' GROUP BY year, ranks)"
                " SELECT * FROM counted"
                " WHERE n_rows <> n_states * (n_states - 1) // 2 OR least <> n_states",
                "a missing pair would bias every mean over dyads",
                ("metrics.portfolio_similarity",),
            ),
            SqlRule(
                "ties_equal_a_recount_of_the_promises",
                "WITH owed AS (UNPIVOT (SELECT ccode_from, ccode_to, year, not_owed, defense,"
                " offense, neutral, consul, nonagg FROM core.obligations WHERE is_cow_dyad)"
                " ON defense, offense, neutral, consul, nonagg INTO NAME item VALUE has_it),"
                " promised AS (SELECT least(ccode_from, ccode_to) AS ccode1,"
                " greatest(ccode_from, ccode_to) AS ccode2, year,"
                " max(CASE WHEN has_it <> 1 OR (' ' || not_owed || ' ') LIKE ('% ' || item || ' %')"
                " THEN 0 WHEN item IN ('defense', 'offense') THEN 3"
                " WHEN item IN ('neutral', 'consul') THEN 2 ELSE 1 END) AS best"
                " FROM owed WHERE true"
                " AND year BETWEEN (SELECT min(year(valid_from)) FROM core.states)"
                " AND (SELECT max(year_to) FROM core.alliances)"
                " GROUP BY ALL)"
                " SELECT ccode1, ccode2, year, m.tie_rank, p.best"
                " FROM (SELECT * FROM metrics.portfolio_similarity"
                " WHERE ranks = 'valued' AND scope = 'global') m"
                " FULL JOIN promised p USING (ccode1, ccode2, year)"
                " WHERE m.tie_rank IS DISTINCT FROM coalesce(p.best, 0)",
                "two independent counts of the same promises",
                (
                    *("metrics.portfolio_similarity", "core.obligations"),
                    *("core.states", "core.alliances"),
                ),
            ),
        ),
    ),
)
