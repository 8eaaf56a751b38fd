"""Suite of `metrics.written_balance_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("leader", "sample", "statistic", "item", "q", "formed")

SUITES = (suite_of_scores("metrics.written_balance", CELL),)
