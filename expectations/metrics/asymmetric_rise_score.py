"""Suite of `metrics.asymmetric_rise_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("leader", "design", "variable", "q", "period")

SUITES = (suite_of_scores("metrics.asymmetric_rise", CELL),)
