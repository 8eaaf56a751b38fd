"""Columns of `metrics.claim_test` and `metrics.claim_joint_test`."""

from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Listed
from transforms.metrics.claims.estimate import Finding, Tested

SCHEMA = {
    "claim": pl.String,
    "edition": pl.Int16,
    "leader": pl.Int16,
    "origin": pl.String,
    "estimator": pl.String,
    "specification": pl.String,
    "estimand": pl.String,
    "role": pl.String,
    "is_primary": pl.Boolean,
    "expected_sign": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "p_holm": pl.Float64,
    "ci_low_holm": pl.Float64,
    "ci_high_holm": pl.Float64,
    "equivalence_bound": pl.Float64,
    "n": pl.Int64,
    "window_from": pl.Int16,
    "window_to": pl.Int16,
    "seed": pl.Int64,
    "source_table": pl.String,
    "excludes_zero": pl.Boolean,
    "sign_as_expected": pl.Boolean,
    "is_as_expected": pl.Boolean,
    "is_distinct": pl.Boolean,
    "score_t": pl.Float64,
    "null_reason": pl.String,
}
JOINT_SCHEMA = {
    "claim": pl.String,
    "edition": pl.Int16,
    "leader": pl.Int16,
    "median_t": pl.Float64,
    "p_value": pl.Float64,
    "n_cells": pl.Int32,
    "n_clusters": pl.Int32,
    "n_without_scores": pl.Int32,
    "cells_without_scores": pl.String,
    "n_draws": pl.Int32,
    "seed": pl.Int64,
    "null_reason": pl.String,
}


def row_of(test: Listed, found: Finding, tested: Tested) -> dict[str, Any]:
    """What a test and its finding say by themselves, without what other tests decide.

    Args:
        test: The listed test.
        found: Its finding.
        tested: Both.
    """
    return {
        "claim": test.claim,
        "estimator": test.estimator,
        "specification": test.specification,
        "estimand": test.estimand,
        "role": test.role,
        "is_primary": test.role == "primary",
        "expected_sign": test.expected,
        "estimate": found.estimate,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "p_holm": None,
        "ci_low_holm": None,
        "ci_high_holm": None,
        "equivalence_bound": tested.bound,
        "n": found.n,
        "window_from": found.window_from,
        "window_to": found.window_to,
        "seed": found.seed,
        "excludes_zero": tested.excludes_zero,
        "sign_as_expected": tested.sign_as_expected,
        "is_as_expected": tested.as_expected,
        "null_reason": found.null_reason,
    }
