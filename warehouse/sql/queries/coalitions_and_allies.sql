-- Question: Did allies join the coalitions of the United States more often than other states did?
-- Gives: By coalition, core allies and others with and without support, and the log odds ratio
--   (Firth's logit; aspirants to NATO are set apart).
-- Caveat: Support is what a list says, and the lists were made in different ways. Where nearly all
--   allies are listed, log odds ratios are large and uncertain. Afghanistan 2001 has no list.
-- Tables: metrics.coalition_effect
SELECT coalition, unpopularity_rank, n_ally_support, n_ally_none, n_other_support, n_other_none,
       round(estimate, 3) AS log_odds_ratio, round(ci_low, 3) AS ci_low,
       round(ci_high, 3) AS ci_high, null_reason
FROM metrics.coalition_effect
WHERE leader = 2 AND tier = 'core' AND specification = 'firth_aspirant'
ORDER BY coalition
