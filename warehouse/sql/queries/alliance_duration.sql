-- Question: Do asymmetric alliances last longer than symmetric ones?
-- Gives: Log hazard ratios of ending, asymmetric against symmetric, by estimator and sample; below
--   0 the asymmetric last longer.
-- Caveat: `cox_time_fixed_from_start` has immortal time and stands there to compare. Hazards are
--   not proportional over all terminations, so a ratio is a mean over time.
-- Tables: metrics.alliance_duration
SELECT sample, estimator, round(estimate, 3) AS log_hazard_ratio, round(ci_low, 3) AS ci_low,
       round(ci_high, 3) AS ci_high, n, n_events
FROM metrics.alliance_duration
WHERE term = 'asymmetric' AND estimator LIKE 'cox%' AND estimate IS NOT NULL
ORDER BY sample, estimator
