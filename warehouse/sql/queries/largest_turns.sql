-- Question: Which states turned most towards or away from the United States between two sessions?
-- Gives: The twenty largest changes of agreement from one session to the next.
-- Caveat: A change is also one of the agenda: `change_of_all` is what the mean state changed in
--   the same session, and `beyond_all` what is left. Few joint votes make large changes by chance.
-- Tables: voting_partners
WITH measured AS (
    SELECT ccode, state_name, session, year, n_joint, agreement,
           lag(agreement) OVER run AS agreement_before, lag(n_joint) OVER run AS n_joint_before,
           lag(session) OVER run AS session_before
    FROM voting_partners
    WHERE partner_ccode = 2 AND n_joint >= 20
    WINDOW run AS (PARTITION BY ccode ORDER BY session)
),
changed AS (
    SELECT *, agreement - agreement_before AS change,
           avg(agreement - agreement_before) OVER (PARTITION BY session) AS change_of_all
    FROM measured
    WHERE session = session_before + 1
)
SELECT year, state_name, n_joint_before, n_joint, round(agreement_before, 3) AS agreement_before,
       round(agreement, 3) AS agreement, round(change_of_all, 3) AS change_of_all,
       round(change - change_of_all, 3) AS beyond_all
FROM changed
ORDER BY abs(beyond_all) DESC, year, state_name
LIMIT 20
