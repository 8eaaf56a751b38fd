-- One row per leader and claim of the newest edition: a verdict, or why nothing can be said.
CREATE VIEW claims_by_leader AS
WITH latest AS (
    SELECT ccode, max_by(state_name, valid_from) AS state_name FROM core.states GROUP BY ccode
)
SELECT leader, latest.state_name AS leader_name, claim, origin, statement, verdict, one_line, estimate, ci_low, ci_high, p_joint,
       n_grid, n_grid_as_expected, n_grid_contradicting, rule, edition
FROM metrics.claim_verdict
LEFT JOIN latest ON latest.ccode = leader
WHERE edition = (SELECT max(edition) FROM metrics.claim_verdict);

COMMENT ON VIEW claims_by_leader IS
    'The verdict on each claim for each leader, or why it cannot be said (one_line): newest edition. Leaders but the United States are replications, not adjusted by Holm.';
