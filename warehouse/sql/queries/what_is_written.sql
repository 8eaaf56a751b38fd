-- Question: What do alliance treaties make the leader promise, and what its partners?
-- Gives: By kind of promise and time of formation, in what share of phases the leader promises it,
--   every partner does, and any partner does.
-- Caveat: Of phases in which somebody promises defence or offence: what a text says, not what is
--   done. `any_partner` grows with the number of partners; a phase that follows another counts.
-- Tables: metrics.obligation_by_role
SELECT item, formed, max(n_phases) AS n_phases,
       round(max(promised_share) FILTER (role = 'leader'), 3) AS leader_share,
       round(max(promised_share) FILTER (role = 'every_partner'), 3) AS every_partner_share,
       round(max(promised_share) FILTER (role = 'any_partner'), 3) AS any_partner_share
FROM metrics.obligation_by_role
WHERE scope = 'defense_or_offense' AND promised_share IS NOT NULL
GROUP BY item, formed
ORDER BY item, formed
