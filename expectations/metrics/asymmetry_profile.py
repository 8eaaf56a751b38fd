"""Suite of `metrics.asymmetry_profile`: components, and a scalar of complete ones."""

from expectations.suite import Suite, rows_satisfy

_ALL = (
    "capability IS NOT NULL AND exchange IS NOT NULL AND formality_security IS NOT NULL"
    " AND hierarchy IS NOT NULL"
)

SUITES = (
    Suite(
        table="metrics.asymmetry_profile",
        expectations=(
            rows_satisfy(
                "every_missing_component_has_a_reason",
                "(capability IS NULL) = (capability_null_reason IS NOT NULL)"
                " AND (exchange IS NULL) = (exchange_null_reason IS NOT NULL)"
                " AND (formality_security IS NULL) = (formality_null_reason IS NOT NULL)"
                " AND (hierarchy IS NULL) = (hierarchy_null_reason IS NOT NULL)",
                "readers need to know why a component is missing",
            ),
            rows_satisfy(
                "a_scalar_needs_all_four",
                f"(scalar IS NOT NULL) = ({_ALL}) AND (scalar IS NULL) = (null_reason IS NOT NULL)",
                "a mean of what happens to be there is no profile",
            ),
            rows_satisfy(
                "the_scalar_is_within_its_range",
                "scalar IS NULL OR (scalar_min <= scalar + 1e-12 AND scalar <= scalar_max + 1e-12)",
                "weights cannot leave the range of the components",
            ),
            rows_satisfy(
                "exchange_rests_on_three_partners",
                "exchange IS NULL OR n_partners_measured >= 3",
                "a share of one or two partners says nothing",
            ),
            rows_satisfy(
                "ranks_are_among_the_complete",
                "scalar IS NULL OR (rank_low <= rank_expected + 1e-9"
                " OR rank_low <= rank_high) AND rank_high <= n_complete",
                "an alliance is ranked among those of its year",
            ),
        ),
    ),
)
