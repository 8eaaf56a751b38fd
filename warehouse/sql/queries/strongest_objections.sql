-- Question: Which variants of a claim's tests speak against it?
-- Gives: Every distinct variant whose interval lies wholly on the side that the claim denies, the
--   United States, newest edition.
-- Caveat: Intervals are not adjusted for the number of variants, which rest on the same states and
--   votes: count them with care. Placebos and falsifiers have roles of their own.
-- Tables: metrics.claim_test
SELECT claim, role, estimator, specification, round(estimate, 3) AS estimate,
       round(ci_low, 3) AS ci_low, round(ci_high, 3) AS ci_high, n
FROM metrics.claim_test
WHERE edition = (SELECT max(edition) FROM metrics.claim_test) AND leader = 2 AND is_distinct
  AND excludes_zero AND NOT sign_as_expected
ORDER BY claim, role, estimator, specification
