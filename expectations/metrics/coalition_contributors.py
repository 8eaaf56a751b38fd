"""Suite of `metrics.coalition_contributors`: shares and counts of contributors in Iraq."""

from expectations.suite import (
    SqlRule,
    Suite,
    every_null_has_a_reason,
    row_count_between,
    rows_satisfy,
)

TABLE = "metrics.coalition_contributors"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            row_count_between(56, 56, "seven years, four tiers, two rules"),
            every_null_has_a_reason("estimate", why="readers need to know why shares are missing"),
            rows_satisfy(
                "shares_are_of_the_counts",
                "abs(ally_contributor_share * n_allies - n_ally_contributors) < 1e-9"
                " AND abs(other_contributor_share * n_others - n_other_contributors) < 1e-9"
                " AND abs(estimate - ally_contributor_share + other_contributor_share) < 1e-12",
                "a share is a count over its group",
            ),
            rows_satisfy(
                "aspirants_are_among_the_others",
                "n_aspirant_contributors <= n_other_contributors",
                "an aspirant is no ally",
            ),
        ),
        rules=(
            SqlRule(
                "contributors_are_the_same_for_every_tier",
                f"SELECT year FROM {TABLE}"
                " GROUP BY year"
                " HAVING count(DISTINCT n_ally_contributors + n_other_contributors) > 1",
                "contributors are the same states whatever the tier",
                (TABLE,),
            ),
        ),
    ),
)  # fmt: skip
