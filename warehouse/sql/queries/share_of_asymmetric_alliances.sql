-- Question: Did asymmetric alliances become more frequent after 1945?
-- Gives: The share of defence alliances whose first member has three times the CINC of the second,
--   by period, counted in each of five units.
-- Caveat: The answer turns on the unit: years of alliances weigh those that last, cohorts of
--   formation count each once. Variants on variable and threshold are in the same table.
-- Tables: metrics.asymmetry_grid
SELECT unit, period, n, round(n_asymmetric, 1) AS n_asymmetric, round(share, 3) AS share
FROM metrics.asymmetry_grid
WHERE variable = 'cinc' AND q = 3 AND leader_share_rule = 'none' AND share IS NOT NULL
ORDER BY unit, period
