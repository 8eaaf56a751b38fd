"""Suite of `metrics.coalition_model_score`: scores belong to estimates."""

from expectations.claim_estimates import suite_of_scores

CELL = ("coalition", "as_of", "tier", "tie_rule", "list_version", "specification", "term")

SUITES = (suite_of_scores("metrics.coalition_model", CELL),)
