-- Question: What is left of the premium when shared preferences are taken out, one way or another?
-- Gives: The premium of core allies of the United States on unpopular votes over the whole range,
--   by estimator: the plain difference (LP0), changes within states (LP4), matching (LP5), others.
-- Caveat: None takes out all of the preferences: LP3 reads them from other votes, which an alliance
--   may move too; LP4 rests on the few states that changed status; LP5 matches on what is known.
--   `LP1_logit` is on the scale of log odds; the others are shares.
-- Tables: metrics.legitimation_premium
SELECT estimator, round(estimate, 3) AS premium, round(ci_low, 3) AS ci_low,
       round(ci_high, 3) AS ci_high, round(p_value, 4) AS p_value, n_allies, n_others, n_roll_calls,
       null_reason
FROM metrics.legitimation_premium
WHERE ccode_hegemon = 2 AND tier = 'core' AND vote_set = 'final_only' AND vote_class = 'unpopular'
  AND window_name = 'whole'
ORDER BY estimator
