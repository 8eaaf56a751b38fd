"""What is said of a claim for a leader that is not the paper's case: a replication, or why not."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Claim
from transforms.metrics.claims.leaders import MIN_ALLIES, MIN_CLUSTERS, MIN_ROLL_CALLS

REASONS = {
    "few_allies": f"it has fewer than {MIN_ALLIES} allies in what could be compared",
    "few_clusters": f"its allies came in fewer than {MIN_CLUSTERS} waves",
    "few_roll_calls": f"there are fewer than {MIN_ROLL_CALLS} roll calls of the class",
    "unit_not_in_source": "no list dates its allies by treaty, or no source has what it takes",
    "no_variation": "nothing varies that could tell",
    "n_below_min": "too few cases are known",
    "one_treaty": "all that have the duty have it by one treaty",
    "out_of_coverage": "the years are outside the sources",
    "capability_missing": "no list dates its allies by treaty, or capabilities are missing",
    "not_computed": "a table is missing in this build",
}
NOTE = "a replication, not adjusted for the number of claims"


def said_of_replication(claim: Claim, rows: pl.DataFrame, verdict: Mapping[str, Any]) -> str:
    """The sentence of a verdict.

    Args:
        claim: The claim, as it is of the leader.
        rows: Its `metrics.claim_test`, of the leader.
        verdict: What the rule says.
    """
    if claim.judged_once:
        return f"Cannot say, because {claim.judged_once}."
    if verdict["rule"] == "primary_not_testable":
        primary = rows.filter((pl.col("claim") == claim.name) & pl.col("is_primary"))
        return f"Cannot say, because {REASONS[primary['null_reason'].item()]}."
    if verdict["rule"] == "cannot_say":
        return f"Cannot say, because {claim.cannot_say}."
    if verdict["rule"] == "cells_not_testable":
        n, of = verdict["n_grid"], verdict["n_grid_listed"]
        return f"Cannot say, because only {n} of {of} distinct variants could be computed."
    said = str(verdict["one_line"]).removesuffix(".").replace("at Holm's level ", "")
    return f"{said}; {NOTE}."
