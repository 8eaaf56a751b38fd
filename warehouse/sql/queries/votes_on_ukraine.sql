-- Question: How did the world vote on the resolutions that tested sides with Russia?
-- Gives: Per resolution, how many states voted with Russia, against it, abstained or cast no vote.
-- Caveat: Resolutions that the vote file lacks have a row with `in_sources` FALSE and no counts:
--   the file ends with session 75 and has few votes of emergency sessions. That is a gap of the
--   source, not a lack of votes.
-- Tables: test_votes
SELECT resolution, title, vote_date, count(ccode) > 0 AS in_sources,
       CASE WHEN count(ccode) > 0 THEN count(*) FILTER (agreement = 1) END AS n_with_russia,
       CASE WHEN count(ccode) > 0 THEN count(*) FILTER (agreement = 0) END AS n_against_russia,
       CASE WHEN count(ccode) > 0 THEN count(*) FILTER (choice = 'abstain') END AS n_abstained,
       CASE WHEN count(ccode) > 0 THEN count(*) FILTER (null_reason = 'no_vote') END AS n_no_vote
FROM test_votes
WHERE ccode_hegemon = 365
GROUP BY resolution, title, vote_date
ORDER BY vote_date NULLS LAST, resolution, title
