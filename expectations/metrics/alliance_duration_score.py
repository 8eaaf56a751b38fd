"""Suite of `metrics.alliance_duration_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("sample", "estimator", "term")

SUITES = (suite_of_scores("metrics.alliance_duration", CELL),)
