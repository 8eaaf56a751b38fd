-- One row per claim of the newest edition, for the United States: the paper's own case.
CREATE VIEW claims AS
SELECT claim, origin, statement, verdict, one_line, primary_specification, estimate, ci_low, ci_high,
       ci_low_holm, ci_high_holm, p_holm, p_joint, n_grid, n_grid_as_expected, n_grid_contradicting,
       falsifiers_fired, falsifiers_weakening, strongest_counter_specification, rule, edition
FROM metrics.claim_verdict
WHERE edition = (SELECT max(edition) FROM metrics.claim_verdict) AND leader = 2;

COMMENT ON VIEW claims IS
    'The verdict on each claim of the paper: newest edition, United States. Every test of it: metrics.claim_test.';
