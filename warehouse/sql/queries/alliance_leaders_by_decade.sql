-- Question: Who led the large defence alliances, and by how much, decade by decade?
-- Gives: Of each alliance with ten members or more and promises of defence or offence, in years
--   that end in 0 and in the last: its leader by CINC, share, and ratio to the second.
-- Caveat: `leader_share` falls as members are added, whoever leads: compare alliances by
--   `ratio_first_second`. ATOP counts a member from its signature.
-- Tables: alliance_leaders
SELECT year, atopid, leader, n_members, round(leader_share, 3) AS leader_share,
       round(ratio_first_second, 2) AS ratio_first_second, is_asymmetric
FROM alliance_leaders
WHERE has_defense_or_offense AND n_members >= 10 AND leader IS NOT NULL
  AND (year % 10 = 0 OR year = (SELECT max(year) FROM alliance_leaders))
ORDER BY year, ratio_first_second DESC, atopid
