-- Question: Which states host most American troops for their size, and are they core allies?
-- Gives: The twenty hosts with the most troops per thousand inhabitants in the last year in which
--   populations are known.
-- Caveat: Counts of the end of September, without troops afloat and without those whose host the
--   Pentagon does not disclose. Hosts of wars are flagged (is_occupation_or_war).
-- Tables: metrics.security_hierarchy, marts.ally_tier, marts.state_year
WITH latest AS (
    SELECT max(year) AS year FROM metrics.security_hierarchy
    WHERE ccode_from = 2 AND troops_per_capita IS NOT NULL
)
SELECT hierarchy.year, names.state_name, hierarchy.troops_persons,
       round(1000 * hierarchy.troops_persons / hierarchy.population_persons, 3)
           AS troops_per_thousand,
       tiers.tier_core, hierarchy.is_occupation_or_war
FROM metrics.security_hierarchy AS hierarchy
JOIN latest USING (year)
JOIN marts.state_year AS names ON names.ccode = hierarchy.ccode_to AND names.year = hierarchy.year
LEFT JOIN marts.ally_tier AS tiers
    ON tiers.ccode_hegemon = 2 AND tiers.ccode = hierarchy.ccode_to AND tiers.year = hierarchy.year
WHERE hierarchy.ccode_from = 2 AND hierarchy.troops_persons > 0
ORDER BY troops_per_thousand DESC NULLS LAST, state_name
LIMIT 20
