-- Question: Who sides with which great power on its unpopular votes in the latest session, and
--   since when?
-- Gives: Every state whose mean agreement is above one half, its rank, and the year in which the
--   unbroken run began.
-- Caveat: Unpopular votes are those on which fewer than half of the others sided with the great
--   power; under ten of them there is no ranking, and such a session ends no run (China: none from
--   1950 to 1970). To side with it is not to follow it: states with like preferences do both.
-- Tables: hegemon_supporters
SELECT hegemon_name, state_name, year, n_votes_of_class, round(mean_agreement, 3) AS mean_agreement,
       agreement_rank, sides_since_session + 1945 AS sides_since, tier_core
FROM hegemon_supporters
WHERE vote_class = 'unpopular' AND sides_with_hegemon
  AND session = (SELECT max(session) FROM hegemon_supporters WHERE sides_with_hegemon)
ORDER BY hegemon_name, agreement_rank, state_name
