-- One row per claim of the newest edition, one column per leader: the verdict, or why it cannot be said.
CREATE VIEW claims_matrix AS
WITH said AS (
    SELECT claim, leader, origin, statement,
           CASE WHEN verdict = 'not_testable' THEN one_line ELSE CAST(verdict AS VARCHAR) END AS cell
    FROM metrics.claim_verdict
    WHERE edition = (SELECT max(edition) FROM metrics.claim_verdict)
)
SELECT claim,
       max(origin) AS origin,
       max(statement) FILTER (WHERE leader = 2) AS statement,
       max(cell) FILTER (WHERE leader = 2) AS united_states,
       max(cell) FILTER (WHERE leader = 365) AS russia,
       max(cell) FILTER (WHERE leader = 710) AS china,
       max(cell) FILTER (WHERE leader = 220) AS france,
       max(cell) FILTER (WHERE leader = 200) AS united_kingdom
FROM said
GROUP BY claim;

COMMENT ON VIEW claims_matrix IS
    'The verdict on each claim for each leader, or "Cannot say, because ...": newest edition, one column a leader. Leaders but the United States are replications, not adjusted by Holm; figures are in claims_by_leader.';
