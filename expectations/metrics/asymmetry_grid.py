"""Suite of `metrics.asymmetry_grid`: complete, and monotone in both thresholds."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

GRID = "metrics.asymmetry_grid"
CELL = "b.unit = a.unit AND b.variable = a.variable AND b.period = a.period"

SUITES = (
    Suite(
        table=GRID,
        expectations=(
            row_count_between(2100, 2100, "5 units × 4 variables × 5 ratios × 7 rules × 3 periods"),
            rows_satisfy(
                "every_null_has_a_reason",
                "(share IS NULL) = (null_reason IS NOT NULL) AND (share IS NULL) = (n = 0)",
                "readers need to know why a share is missing",
            ),
            rows_satisfy(
                "a_part_of_the_whole",
                "n_asymmetric <= n + 1e-6 AND n_second_zero <= n + 1e-6",
                "no more can be asymmetric than are measured",
            ),
            rows_satisfy(
                "the_share_follows",
                "abs(share * n - n_asymmetric) <= 1e-6 * n + 1e-6",
                "share = n_asymmetric / n",
            ),
            rows_satisfy(
                "without_a_threshold_every_unit_is_asymmetric",
                "q <> 1 OR leader_share_rule <> 'none' OR abs(n_asymmetric - n) <= 1e-6 * n + 1e-6",
                "the first has at least as much as the second",
            ),
        ),
        rules=(
            SqlRule(
                "tighter_rules_find_less",
                "SELECT a.unit, a.variable, a.period, a.q, a.leader_share_rule, a.n_asymmetric"
                f" FROM {GRID} a JOIN {GRID} b ON {CELL} AND b.q <= a.q"
                " AND coalesce(TRY_CAST(b.leader_share_rule AS DOUBLE), 0)"
                " <= coalesce(TRY_CAST(a.leader_share_rule AS DOUBLE), 0)"
                " WHERE a.n_asymmetric > b.n_asymmetric + 1e-6",
                "who meets the tighter rule meets the looser one",
                (GRID,),
            ),
        ),
    ),
)
