-- One row per tier of allies, session and class of votes: premium of agreement with the hegemon (LP0).
CREATE VIEW legitimation_premium_by_session AS
SELECT tier, session_from AS session, session_from + 1945 AS year, vote_class, estimate, ci_low,
       ci_high, n_allies, n_others, n_roll_calls, null_reason
FROM metrics.legitimation_premium
WHERE leader = 2 AND edition = 1 AND estimator = 'LP0' AND vote_set = 'final_only'
  AND session_from = session_to;

COMMENT ON VIEW legitimation_premium_by_session IS
    'LP0 for the United States: mean agreement of allies minus that of others, by session. Descriptive only: it reflects shared preferences as well as any exchange.';
