"""Suite of `metrics.spoke_contrast_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("leader", "design", "region", "region_other", "weighting", "period")

SUITES = (suite_of_scores("metrics.spoke_contrast", CELL),)
