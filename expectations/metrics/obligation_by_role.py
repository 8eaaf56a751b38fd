"""Suite of `metrics.obligation_by_role`: counts of promises by role."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

TABLE = "metrics.obligation_by_role"
CELL = "b.item = a.item AND b.formed = a.formed AND b.scope = a.scope"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            row_count_between(180, 180, "15 items × 2 times × 2 scopes × 3 roles"),
            rows_satisfy(
                "every_null_has_a_reason",
                "(promised_share IS NULL) = (null_reason IS NOT NULL)"
                " AND (promised_share IS NULL) = (n_phases = 0)",
                "readers need to know why a share is missing",
            ),
            rows_satisfy("a_part_of_the_whole", "n_promised <= n_phases", "a part of the whole"),
        ),
        rules=(
            SqlRule(
                "every_partner_is_rarer_than_any",
                f"SELECT a.item, a.formed, a.scope FROM {TABLE} a JOIN {TABLE} b ON {CELL}"
                " AND b.role = 'any_partner' WHERE a.role = 'every_partner'"
                " AND a.n_promised > b.n_promised",
                "what every partner promises, at least one does",
                (TABLE,),
            ),
        ),
    ),
)
