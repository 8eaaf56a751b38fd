"""Suite of `metrics.system_concentration`: concentration of the state system."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

SUITES = (
    Suite(
        table="metrics.system_concentration",
        expectations=(
            every_null_has_a_reason("concentration", "leader_share"),
            rows_satisfy(
                "no_share_exceeds_the_leader_s",
                "usa_share <= leader_share + 1e-9",
                "the leader is the state with the largest share",
            ),
            rows_satisfy(
                "the_leader_has_at_least_an_equal_share",
                "leader_share * (n_states - n_missing) >= 1 - 1e-9",
                "the largest of n shares is at least 1/n",
            ),
            rows_satisfy(
                "common_states_are_in_the_set",
                "n_common_1 <= n_states AND n_common_5 <= n_states AND n_common_10 <= n_states",
                "a part of the whole",
            ),
        ),
        rules=(
            SqlRule(
                "both_sets_in_every_year_of_the_capabilities",
                "SELECT y.year, count(c.state_set) AS n_sets"
                " FROM (SELECT DISTINCT year FROM core.capabilities) y"
                " LEFT JOIN metrics.system_concentration c USING (year)"
                " GROUP BY y.year HAVING count(c.state_set) <> 2",
                "a year without a row is dropped in silence",
                ("metrics.system_concentration", "core.capabilities"),
            ),
            SqlRule(
                "states_of_the_system_are_all_counted",
                "SELECT c.year, c.n_states, count(DISTINCT s.ccode) AS n_in_system"
                " FROM metrics.system_concentration c JOIN core.states s"
                " ON c.year BETWEEN year(s.valid_from) AND year(s.counts_to)"
                " WHERE c.state_set = 'all' GROUP BY c.year, c.n_states"
                " HAVING count(DISTINCT s.ccode) <> c.n_states",
                "a state without capabilities would make the others' shares too large",
                ("metrics.system_concentration", "core.states"),
                severity="warning",
            ),
        ),
    ),
)
