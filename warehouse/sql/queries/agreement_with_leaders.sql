-- Question: How often did Poland vote with the United States and with Russia, decade by decade?
-- Gives: The share of agreement on final votes (1 = always; an abstention beside a yes or a no is
--   half), weighted by the votes that both cast, and how many those were.
-- Caveat: Agreement follows the agenda: where the Assembly votes more on what divides, it falls for
--   everyone. Compare the two columns within a decade before you compare decades.
-- Tables: voting_partners
SELECT year // 10 * 10 AS decade,
       round(sum(agreement * n_joint) FILTER (partner_ccode = 2)
             / sum(n_joint) FILTER (partner_ccode = 2), 3) AS with_united_states,
       round(sum(agreement * n_joint) FILTER (partner_ccode = 365)
             / sum(n_joint) FILTER (partner_ccode = 365), 3) AS with_russia,
       sum(n_joint) FILTER (partner_ccode = 2)::INTEGER AS n_joint_united_states,
       sum(n_joint) FILTER (partner_ccode = 365)::INTEGER AS n_joint_russia
FROM voting_partners
WHERE state_name = 'Poland' AND partner_ccode IN (2, 365) AND agreement IS NOT NULL
GROUP BY decade
ORDER BY decade
