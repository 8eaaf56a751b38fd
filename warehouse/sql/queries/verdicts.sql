-- Question: What became of each claim of the paper?
-- Gives: The verdict, the primary estimate with its interval, and how many of the variants agree
--   and how many contradict.
-- Caveat: A verdict is of a rule that is written down, no more. The rules of this edition were
--   written when the figures of the first were known; `claims_edition_1` has that one's.
-- Tables: claims
SELECT claim, verdict, round(estimate, 3) AS estimate, round(ci_low, 3) AS ci_low,
       round(ci_high, 3) AS ci_high, n_grid, n_grid_as_expected, n_grid_contradicting, statement
FROM claims
ORDER BY CAST(regexp_extract(claim, '\d+') AS INTEGER), claim
