-- Question: Over how many of its core allies is the United States ten times as strong?
-- Gives: By year, the core allies with a CINC, how many the United States exceeds tenfold, the
--   median ratio, and the ally with the smallest one.
-- Caveat: The ratio is of potentials, not of forces that can be brought to bear. CINC is a share of
--   the whole system, so the ratio of two states is free of that scale.
-- Tables: ally_capabilities
SELECT year, count(*) AS n_allies, count(*) FILTER (ratio >= 10) AS n_overwhelmed,
       round(count(*) FILTER (ratio >= 10) / count(*), 3) AS overwhelmed_share,
       round(median(ratio), 1) AS median_ratio, min_by(state_name, ratio) AS nearest_ally,
       round(min(ratio), 2) AS nearest_ratio
FROM ally_capabilities
WHERE ccode_hegemon = 2 AND tier_core AND ratio IS NOT NULL
GROUP BY year
ORDER BY year
