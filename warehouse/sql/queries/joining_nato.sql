-- Question: Did states change how they vote when they joined NATO?
-- Gives: Agreement with the United States on unpopular votes, year by year from ten before to ten
--   after accession, relative to the year before it and to states not yet in.
-- Caveat: Four cohorts, which chose to join. Estimates before the accession that differ from 0 say
--   that the paths were not parallel, and then those after it are no effect.
-- Tables: metrics.legitimation_event_study
SELECT event_time AS years_since_accession, round(estimate, 3) AS change,
       round(ci_low, 3) AS ci_low, round(ci_high, 3) AS ci_high, n_states, n_others
FROM metrics.legitimation_event_study
WHERE ccode_hegemon = 2 AND vote_class = 'unpopular' AND estimator = 'callaway_santanna'
  AND cohort_year = 'all' AND event_time_to = event_time AND estimate IS NOT NULL
ORDER BY years_since_accession
