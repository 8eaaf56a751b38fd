-- Question: Where is a state's similarity with the United States not measured, and why?
-- Gives: By reason, how many states and sessions (n_rows) lack one of the measures, and when.
-- Caveat: A NULL is no 0: to be absent and to be no member are different things. Where a side did
--   not vary (`no_variation`) only kappa is NULL, and agreement is there.
--   `asymmetry tables metrics.vote_similarity` explains the reasons.
-- Tables: voting_partners
SELECT coalesce(null_reason, 'measured') AS null_reason, count(*) AS n_rows,
       count(DISTINCT ccode) AS n_states, min(session) AS first_session,
       max(session) AS last_session, sum(n_joint)::INTEGER AS n_joint
FROM voting_partners
WHERE partner_ccode = 2
GROUP BY ALL
ORDER BY n_rows DESC, null_reason
