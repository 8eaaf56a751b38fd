"""Suite of `metrics.burden_sharing`: bounds, sums and null reasons."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

TABLE = "metrics.burden_sharing"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason("spearman_rho", "p_value", "leader_gap"),
            rows_satisfy(
                "observed_members_are_members", "n_observed <= n_members", "a part of the whole"
            ),
            rows_satisfy(
                "five_are_needed", "spearman_rho IS NULL OR n_observed >= 5", "fewer say nothing"
            ),
            rows_satisfy(
                "a_p_value_is_never_zero", "p_value > 0", "the found order is one of the orders"
            ),
            rows_satisfy(
                "the_gap_follows",
                "abs(leader_gap - (leader_burden - partner_mean_burden)) <= 1e-12"
                " AND abs(leader_excess_burden * n_observed - leader_gap * (n_observed - 1))"
                " <= 1e-9",
                "the leader's lead over the others, and over the mean, are one thing",
            ),
            rows_satisfy(
                "the_leader_s_excess_is_part_of_the_sum",
                "leader_excess_burden <= excess_burden + 1e-12",
                "the excess is a sum over all who exceed",
            ),
        ),
        rules=(
            SqlRule(
                "every_alliance_year_has_a_row",
                f"SELECT y.atopid, y.year FROM marts.alliance_year y ANTI JOIN {TABLE} b"
                " USING (atopid, year)",
                "an alliance-year without a row is dropped in silence",
                (TABLE, "marts.alliance_year"),
            ),
            SqlRule(
                "leaders_are_members",
                f"SELECT b.atopid, b.year, b.leader_ccode FROM {TABLE} b"
                " WHERE b.leader_ccode IS NOT NULL AND NOT EXISTS"
                " (SELECT 1 FROM core.alliance_members m WHERE m.atopid = b.atopid"
                " AND m.ccode = b.leader_ccode AND b.year BETWEEN m.year_from AND m.year_to)",
                "the leader is one of the alliance's members in the year",
                (TABLE, "core.alliance_members"),
            ),
        ),
    ),
)
