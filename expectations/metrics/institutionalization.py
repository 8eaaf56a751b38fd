"""Suite of `metrics.institutionalization`: identities between the codes."""

from expectations.suite import SqlRule, Suite, rows_satisfy

TABLE = "metrics.institutionalization"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            rows_satisfy(
                "milinst_follows",
                "hinst IS NULL OR minst IS NULL OR milinst ="
                " (CASE WHEN hinst = 1 THEN 2 WHEN minst = 1 THEN 1 ELSE 0 END)",
                "2 if high, else 1 if moderate, else 0",
            ),
            rows_satisfy(
                "formal_is_a_sum",
                "formal = coalesce(pubtreat + formorg, 0)"
                " AND (formal IS NULL) = (pubtreat IS NULL AND formorg IS NULL)",
                "formality adds two codes up, and is 0 where one of them is missing",
            ),
            rows_satisfy(
                "the_basis_of_formal_is_told",
                "(coalesce(formal_basis, '') = 'both_codes') = (pubtreat + formorg IS NOT NULL)"
                " AND (formal_basis IS NULL) = (formal IS NULL)",
                "a 0 for want of a text is no 0 of a text",
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(hinst IS NULL OR minst IS NULL OR milinst IS NULL OR pubtreat IS NULL"
                " OR formorg IS NULL OR formal IS NULL) = (null_reason IS NOT NULL)",
                "readers need to know why a code is missing",
            ),
            rows_satisfy(
                "nothing_is_missing_where_all_is_known",
                "n_variables_known < 12 OR null_reason IS NULL",
                "twelve known variables make six codes",
            ),
        ),
        rules=(
            SqlRule(
                "every_phase_has_a_row",
                "SELECT atopid, phase FROM core.alliances ANTI JOIN metrics.institutionalization"
                " USING (atopid, phase)",
                "a phase without a row is dropped in silence",
                (TABLE, "core.alliances"),
            ),
        ),
    ),
)
