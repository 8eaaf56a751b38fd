"""Suites of `staging.stg_undl_votes__*`: the UN Library's votes and resolutions."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

VOTES = Suite(
    table="staging.stg_undl_votes__votes",
    expectations=(
        row_count_between(100, 10_000_000, "no row of the file is lost or added in staging"),
    ),
    rules=(
        SqlRule(
            "a_member_has_one_code",
            "SELECT member_name, count(DISTINCT member_code) AS n_codes"
            " FROM staging.stg_undl_votes__votes GROUP BY member_name"
            " HAVING count(DISTINCT member_code) > 1",
            "votes of one member stand under the code of another",
            ("staging.stg_undl_votes__votes",),
        ),
        SqlRule(
            "every_vote_has_its_resolution",
            "SELECT DISTINCT v.undl_id FROM staging.stg_undl_votes__votes v"
            " ANTI JOIN staging.stg_undl_votes__resolutions r USING (undl_id)",
            "a vote without its resolution has no date",
            ("staging.stg_undl_votes__votes", "staging.stg_undl_votes__resolutions"),
        ),
        SqlRule(
            "counted_votes_equal_the_totals",
            "SELECT v.undl_id, count(*) FILTER (vote_letter = 'Y') AS n_yes,"
            " any_value(r.n_yes_published) AS n_yes_published,"
            " count(*) FILTER (vote_letter = 'N') AS n_no,"
            " any_value(r.n_no_published) AS n_no_published,"
            " count(*) FILTER (vote_letter = 'A') AS n_abstain,"
            " any_value(r.n_abstain_published) AS n_abstain_published"
            " FROM staging.stg_undl_votes__votes v"
            " JOIN staging.stg_undl_votes__resolutions r USING (undl_id) GROUP BY v.undl_id"
            " HAVING n_yes <> n_yes_published OR n_no <> n_no_published"
            " OR n_abstain <> n_abstain_published",
            "resolutions are matched to roll calls by their counted totals",
            ("staging.stg_undl_votes__votes", "staging.stg_undl_votes__resolutions"),
            severity="warning",
        ),
    ),
)

RESOLUTIONS = Suite(
    table="staging.stg_undl_votes__resolutions",
    expectations=(
        row_count_between(1, 100_000, "at least one recorded vote"),
        rows_satisfy(
            "date_lies_in_its_session",
            "session IS NULL OR extract(year FROM vote_date) BETWEEN session + 1945"
            " AND session + 1947",
            "a session runs from September of session + 1945 into the next year",
            severity="warning",
        ),
        rows_satisfy(
            "days_are_near_their_session",
            "session IS NULL OR abs(extract(year FROM vote_date) - session - 1945) <= 3",
            "a wrong date moves votes to another state of the system, or into the future",
        ),
        rows_satisfy(
            "totals_add_up_to_the_members",
            "n_yes_published + n_no_published + n_abstain_published + n_non_voting_published"
            " = n_members_published",
            "every member votes, abstains or does not vote",
            severity="warning",
        ),
    ),
)

SUITES = (VOTES, RESOLUTIONS)
