-- Question: Do the larger members of NATO spend a larger share of their product on arms?
-- Gives: By year, the rank correlation of GDP and military burden, its one-sided p-value, the
--   leader's burden and the mean of its partners.
-- Caveat: The years of one alliance are not independent, and the p-values are not corrected for
--   their number. GDP is at market exchange rates; Germany before 1991 is linked backwards.
-- Tables: metrics.burden_sharing
SELECT year, n_observed, n_members, round(spearman_rho, 3) AS spearman_rho,
       round(p_value, 3) AS p_value, round(leader_burden, 4) AS leader_burden,
       round(partner_mean_burden, 4) AS partner_mean_burden
FROM metrics.burden_sharing
WHERE atopid = 3180 AND spearman_rho IS NOT NULL
ORDER BY year
