-- Question: Which core allies of the United States side with it least on its unpopular votes?
-- Gives: The mean agreement of each core ally over all its sessions as one, and in how many of
--   them it was above one half.
-- Caveat: Allies of 1949 have other sessions, and so other agendas, than allies of 2004: compare
--   those who joined together. Sessions with under ten unpopular votes are left out.
-- Tables: hegemon_supporters
SELECT max_by(state_name, session) AS state_name, min(year) AS first_year, max(year) AS last_year,
       count(*) AS n_sessions, count(*) FILTER (sides_with_hegemon) AS n_sessions_on_its_side,
       round(avg(mean_agreement), 3) AS mean_agreement
FROM hegemon_supporters
WHERE ccode_hegemon = 2 AND vote_class = 'unpopular' AND tier_core
  AND sides_with_hegemon IS NOT NULL
GROUP BY ccode
HAVING count(*) >= 5
ORDER BY mean_agreement, state_name
