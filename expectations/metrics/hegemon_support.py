"""Suite of `metrics.hegemon_support`: counts behind the mean agreement."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.hegemon_support",
        expectations=(
            rows_satisfy(
                "no_hegemon_supports_itself",
                "ccode <> ccode_hegemon",
                "a hegemon's own votes are no support",
            ),
            rows_satisfy(
                "counts_are_of_the_votes",
                "n_with_hegemon + n_abstained <= n_votes_of_class",
                "the agreement would exceed 1",
            ),
            rows_satisfy(
                "ten_votes_make_a_mean",
                "(mean_agreement IS NOT NULL) = (n_votes_of_class >= 10)"
                " AND (mean_agreement IS NULL) = (null_reason IS NOT NULL)",
                "readers need to know why a mean is missing",
            ),
            rows_satisfy(
                "the_mean_follows_from_the_counts",
                "mean_agreement IS NULL OR abs(mean_agreement * n_votes_of_class"
                " - n_with_hegemon - n_abstained / 2.0) < 1e-9",
                "sums over sessions are made of the counts",
            ),
        ),
    ),
)
