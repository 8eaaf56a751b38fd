-- One row per session of the General Assembly that either source of votes has: how many of the
-- UN Library's resolutions are in the vote file, and how many of their votes are equal in both.
WITH library AS (
  SELECT
    session,
    count(*) AS n_library,
    count_if(is_matched) AS n_matched,
    count_if(match_rule <> 'only_candidate') AS n_matched_by_votes,
    count_if(extends_un_votes) AS n_extending,
    count_if(NOT is_matched AND NOT extends_un_votes) AS n_unmatched,
    sum(n_votes_compared)::INTEGER AS n_votes_compared,
    sum(n_votes_equal)::INTEGER AS n_votes_equal
  FROM core.vote_source_matches
  GROUP BY session
),
vote_file AS (
  SELECT session, count(*) AS n_un_votes
  FROM core.roll_calls
  WHERE source = 'un_votes' AND NOT (coalesce(is_paragraph, FALSE) OR coalesce(is_amendment, FALSE))
  GROUP BY session
)
SELECT
  session,
  coalesce(n_library, 0) AS n_library,
  coalesce(n_matched, 0) AS n_matched,
  coalesce(n_matched_by_votes, 0) AS n_matched_by_votes,
  coalesce(n_extending, 0) AS n_extending,
  coalesce(n_unmatched, 0) AS n_unmatched,
  coalesce(n_un_votes, 0) AS n_un_votes,
  coalesce(n_votes_compared, 0) AS n_votes_compared,
  coalesce(n_votes_equal, 0) AS n_votes_equal,
  n_votes_equal / nullif(n_votes_compared, 0) AS agreement_share,
  CASE WHEN coalesce(n_votes_compared, 0) = 0 THEN 'unit_not_in_source' END AS null_reason
FROM vote_file
FULL JOIN library USING (session)
