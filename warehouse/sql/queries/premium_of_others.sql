-- Question: Is the premium a matter of the hegemon, or does any Western power have one?
-- Gives: The premium of the allies of the United States (tiers us_core, us_atop) towards the United
--   Kingdom and France as if these led them, and that of each great power from its own allies.
-- Caveat: Placebos: the United Kingdom and France protect nobody in the tier that is asked about. A
--   premium as large as that of the United States says that preferences alone can make one.
-- Tables: metrics.legitimation_premium, marts.state_year
SELECT names.state_name AS hegemon, measured.tier, measured.estimator,
       round(measured.estimate, 3) AS premium, round(measured.ci_low, 3) AS ci_low,
       round(measured.ci_high, 3) AS ci_high, measured.n_allies, measured.n_others
FROM metrics.legitimation_premium AS measured
JOIN (
    SELECT ccode, max_by(state_name, year) AS state_name FROM marts.state_year GROUP BY ccode
) AS names ON names.ccode = measured.ccode_hegemon
WHERE measured.vote_set = 'final_only' AND measured.vote_class = 'unpopular'
  AND measured.window_name = 'whole' AND measured.estimator IN ('LP0', 'LP3', 'LP4')
  AND measured.estimate IS NOT NULL
ORDER BY estimator, premium DESC, hegemon, tier
