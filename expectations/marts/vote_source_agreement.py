"""Suite of `marts.vote_source_agreement`: agreement of the two vote sources."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="marts.vote_source_agreement",
        expectations=(
            rows_satisfy(
                "every_resolution_is_classified_once",
                "n_library = n_matched + n_extending + n_unmatched"
                " AND n_matched_by_votes <= n_matched AND n_votes_equal <= n_votes_compared",
                "a resolution is matched, newer, or left out with a reason",
            ),
            rows_satisfy(
                "agreement_is_null_with_a_reason",
                "(agreement_share IS NULL) = (null_reason IS NOT NULL)",
                "sessions that one source does not have cannot agree",
            ),
            rows_satisfy(
                "the_sources_mostly_agree",
                "agreement_share >= 0.98",
                "both publish the same roll calls; less means wrong matches or a faulty source",
                severity="warning",
            ),
        ),
        rules=(
            SqlRule(
                "all_resolutions_are_counted",
                "SELECT m.n AS n_here, c.n AS n_in_core"
                " FROM (SELECT sum(n_library) AS n FROM marts.vote_source_agreement) m,"
                " (SELECT count(*) AS n FROM core.vote_source_matches WHERE session IS NOT NULL) c"
                " WHERE m.n <> c.n",
                "the sum over sessions is the number of resolutions",
                ("marts.vote_source_agreement", "core.vote_source_matches"),
                severity="warning",
            ),
        ),
    ),
)
