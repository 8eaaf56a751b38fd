"""Suite of `metrics.burden_elasticity_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("leader", "design", "q", "period")

SUITES = (suite_of_scores("metrics.burden_elasticity", CELL),)
