-- Question: How much more do core allies agree with the United States than other states do, on
--   unpopular votes and on popular ones?
-- Gives: The difference of mean agreement by session (LP0), with intervals over states.
-- Caveat: Descriptive. Allies are near the United States in what they want, too, so the difference
--   is no price of the alliance. That it is positive on popular votes as well shows as much.
-- Tables: legitimation_premium_by_session
SELECT year, vote_class, round(estimate, 3) AS premium, round(ci_low, 3) AS ci_low,
       round(ci_high, 3) AS ci_high, n_allies, n_others, n_roll_calls
FROM legitimation_premium_by_session
WHERE tier = 'core' AND vote_class IN ('unpopular', 'popular') AND estimate IS NOT NULL
ORDER BY year, vote_class DESC
