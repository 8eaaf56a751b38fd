-- One row per claim of the first edition, for the United States, as it has been judged from the start.
CREATE VIEW claims_edition_1 AS
SELECT claim, statement, verdict, one_line, primary_specification, estimate, ci_low, ci_high,
       ci_low_holm, ci_high_holm, p_holm, n_grid, n_grid_as_expected, falsifiers_fired,
       falsifiers_weakening, falsifiers_not_testable, strongest_counter_specification, rule
FROM metrics.claim_verdict
WHERE edition = 1 AND leader = 2;

COMMENT ON VIEW claims_edition_1 IS
    'The verdict on each claim by the first edition of the claims, which does not change: United States.';
