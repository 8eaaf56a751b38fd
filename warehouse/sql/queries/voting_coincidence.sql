-- Question: What does the State Department's measure say, and how far does it turn on which votes
--   are counted?
-- Gives: The mean voting coincidence of all states with the United States by session, of all
--   recorded votes and of final ones alone.
-- Caveat: The yes-and-no formula drops abstentions, which flatters whoever abstains. Where the vote
--   file lacks votes on parts, the first figure is NULL and the second is another measure.
-- Tables: metrics.voting_coincidence
SELECT session, session + 1945 AS year, count(*) AS n_states,
       round(avg(coincidence_share), 3) AS coincidence_share,
       round(avg(coincidence_share_final_only), 3) AS coincidence_share_final_only
FROM metrics.voting_coincidence
WHERE formula = 'yes_no_only' AND vote_class = 'all' AND consensus = 'without' AND is_sovereign
GROUP BY session
ORDER BY session
