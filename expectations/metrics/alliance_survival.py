"""Suite of `metrics.alliance_survival`: monotone curves that add up to 1."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SURVIVAL = "metrics.alliance_survival"

SUITES = (
    Suite(
        table=SURVIVAL,
        expectations=(
            rows_satisfy(
                "the_interval_contains_the_curve",
                "(ci_low IS NULL) = (ci_high IS NULL)"
                " AND (ci_low IS NULL OR (ci_low <= estimate AND estimate <= ci_high))",
                "an interval is around its curve",
            ),
        ),
        rules=(
            SqlRule(
                "curves_go_one_way",
                "SELECT curve, alliance_group, years_since_start FROM (SELECT *, lag(estimate)"
                " OVER (PARTITION BY curve, alliance_group ORDER BY years_since_start) AS before"
                f" FROM {SURVIVAL}) WHERE before IS NOT NULL AND CASE WHEN curve LIKE 'survival%'"
                " THEN estimate > before + 1e-12 ELSE estimate < before - 1e-12 END",
                "survival falls and incidence rises",
                (SURVIVAL,),
            ),
            SqlRule(
                "the_ends_and_the_survivors_are_all",
                "SELECT alliance_group, years_since_start FROM"
                f" {SURVIVAL} WHERE curve <> 'survival_until_violation'"
                " GROUP BY alliance_group, years_since_start"
                " HAVING count(*) = 4 AND abs(sum(estimate) - 1) > 1e-9",
                "an alliance is in force or has ended in one of three ways",
                (SURVIVAL,),
            ),
        ),
    ),
)  # fmt: skip
