-- Question: Which defence alliances are the most unequal, in the last year that ATOP covers?
-- Gives: The twenty largest ratios of the first to the second member by CINC, with the members.
-- Caveat: CINC weighs people, steel and energy like arms, so that it flatters large poor states;
--   `metrics.capability_asymmetry` has the same by spending, soldiers and GDP.
-- Tables: alliance_leaders
SELECT year, atopid, leader, n_members, round(ratio_first_second, 1) AS ratio_first_second,
       round(leader_share, 3) AS leader_share, member_names
FROM alliance_leaders
WHERE has_defense_or_offense AND ratio_first_second IS NOT NULL
  AND year = (SELECT max(year) FROM alliance_leaders WHERE ratio_first_second IS NOT NULL)
ORDER BY ratio_first_second DESC, atopid
LIMIT 20
