-- Question: Where do Poland, the United States and Russia stand in the Assembly, over time?
-- Gives: Ideal points by session, with standard errors, one column a state.
-- Caveat: Each session has a scale of its own, which is linked by the votes alone: compare ranks
--   and distances within a session, not levels across them. Votes of final resolutions.
-- Tables: metrics.ideal_point
SELECT session, session + 1945 AS year,
       round(max(ideal_point) FILTER (ccode = 290), 3) AS poland,
       round(max(ideal_point_se) FILTER (ccode = 290), 3) AS poland_se,
       round(max(ideal_point) FILTER (ccode = 2), 3) AS united_states,
       round(max(ideal_point_se) FILTER (ccode = 2), 3) AS united_states_se,
       round(max(ideal_point) FILTER (ccode = 365), 3) AS russia,
       round(max(ideal_point_se) FILTER (ccode = 365), 3) AS russia_se
FROM metrics.ideal_point
WHERE vote_set = 'final_only' AND ccode IN (2, 290, 365) AND ideal_point IS NOT NULL
GROUP BY session
ORDER BY session
