-- Question: With whom did Poland vote most alike in the latest session?
-- Gives: Its ten closest partners by agreement and by kappa, which takes out what chance alone
--   would give.
-- Caveat: Ranks within a session only. Small differences between neighbours in the list are of one
--   or two votes; under ten joint votes there is no ranking.
-- Tables: voting_partners
SELECT session, partner_name, n_joint, round(agreement, 3) AS agreement,
       round(kappa_sq, 3) AS kappa_sq
FROM voting_partners
WHERE state_name = 'Poland' AND n_joint >= 10
  AND session = (SELECT max(session) FROM voting_partners WHERE n_joint >= 10)
ORDER BY agreement DESC, n_joint DESC, partner_name
LIMIT 10
