-- Question: Are the allies of the United States tied to each other, or to it alone, in each region?
-- Gives: By region and decade, its partners, the share of their pairs that have a defence tie
--   (spoke_density), and hubness, which is 1 for a pure star.
-- Caveat: Partners in Europe have one treaty among them, so one case stands behind all their pairs.
--   Regional graphs hold the hub wherever it lies. ATOP ends in 2018.
-- Tables: metrics.alliance_network
SELECT graph AS region, year, degree_hub AS n_partners, n_spoke_ties,
       round(spoke_density, 3) AS spoke_density, round(hubness, 3) AS hubness
FROM metrics.alliance_network
WHERE ccode_hub = 2 AND graph NOT IN ('all', 'bilateral') AND year >= 1950 AND degree_hub > 1
  AND (year % 10 = 0 OR year = (SELECT max(year) FROM metrics.alliance_network))
ORDER BY region, year
