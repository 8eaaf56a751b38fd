"""Verdicts of the second edition: the evidence on a claim, its verdict and its sentence."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import Claim
from transforms.metrics.claims.claim_test import tested_of
from transforms.metrics.claims.conditions import fires
from transforms.metrics.claims.estimate import Tested
from transforms.metrics.claims.interval_falsifiers import fired
from transforms.metrics.claims.specification_curve import Curve, curve_of
from transforms.metrics.claims.strongest_counter import strongest_counter
from transforms.metrics.claims.verdict_rule import (
    EXPECTED,
    INCLUDES_ZERO,
    OTHER,
    Evidence,
    decide,
    read_thresholds,
)

BETWEEN = " | "
WORDS = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "negligible": "Negligible",
    "mixed": "Mixed",
    "inconclusive": "Inconclusive",
    "not_testable": "Not testable",
}
REASONS = {
    "primary_not_testable": "the primary specification could not be computed",
    "cells_not_testable": "under half of the distinct variants could be computed",
    "primary_on_other_side": "at Holm's level the primary interval lies on the other side of 0",
    "falsifier_fired": "",
    "primary_equivalent_to_zero": "an effect so small counts as none",
    "grid_disagrees": "less than two thirds of the distinct variants agree",
    "joint_test_fails": "the variants taken jointly could be chance, or have no scores to tell by",
    "weakened": "",
    "all_conditions_hold": "no falsifier fires, and nothing weakens it",
    "primary_includes_zero": "at Holm's level the primary interval includes 0",
    "nothing_shown": "at Holm's level the primary interval includes 0: the data cannot tell",
}
BETWEEN_PARTS = "; "


def verdict_of(
    raw: Mapping[str, Any], claim: Claim, rows: pl.DataFrame, joint: pl.DataFrame
) -> dict[str, Any]:
    """What the second edition says of one claim.

    Args:
        raw: Its file of claims.
        claim: The claim.
        rows: `metrics.claim_test` of the edition and leader.
        joint: `metrics.claim_joint_test` of the same.

    Returns:
        Columns of `metrics.claim_verdict`, but for those of the primary test.
    """
    thresholds = read_thresholds(raw["rule"])
    tests = tested_of(rows, claim)
    (primary,) = (test for test in tests if test.role == "primary")
    answers = fired(claim.interval_falsifiers, tests, thresholds.alpha)
    pairs = list(zip(claim.interval_falsifiers, answers, strict=True))
    meets = [f.says for f, answer in pairs if answer]
    unknown = [f.says for f, answer in pairs if answer is None]
    weakened = [f.says for f in claim.weakening if fires(f, tests)]
    curve = curve_of(tests)
    p_joint = joint.filter(pl.col("claim") == claim.name)["p_value"].item()
    evidence = Evidence(
        holm_side=_side(primary),
        is_within_bound=bool(primary.within_bound),
        share_tested=curve.n_tested / curve.n_listed,
        share_agree=curve.n_agree / max(curve.n_tested, 1),
        share_contradict=curve.n_contradict / max(curve.n_tested, 1),
        joint_p=p_joint,
        is_falsified=bool(meets),
        is_weakened=bool(weakened),
    )
    verdict, rule = decide(evidence, thresholds)
    counter = strongest_counter(tests)
    parts = [*_figures(primary, curve, p_joint), *_reasons(claim, rule, meets, weakened)]
    return {
        "verdict": verdict,
        "rule": rule,
        "n_grid": curve.n_tested,
        "n_grid_listed": curve.n_listed,
        "n_grid_as_expected": curve.n_agree,
        "n_grid_contradicting": curve.n_contradict,
        "p_joint": p_joint,
        "falsifiers_fired": BETWEEN.join(meets) or None,
        "falsifiers_weakening": BETWEEN.join(weakened) or None,
        "falsifiers_not_testable": BETWEEN.join(unknown) or None,
        "strongest_counter_specification": counter.name if counter else None,
        "one_line": f"{WORDS[verdict]}: {claim.reading}: {BETWEEN_PARTS.join(parts)}.",
    }


def _side(primary: Tested) -> str | None:
    """Where the Holm interval lies; the unadjusted one where the claim is in no family."""
    low, high = primary.ci_low_holm, primary.ci_high_holm
    if low is None or high is None:
        low, high = primary.ci_low, primary.ci_high
    if low is None or high is None:
        return None
    if low <= 0 <= high:
        return INCLUDES_ZERO
    return EXPECTED if (low > 0) == (primary.expected == "positive") else OTHER


def _figures(primary: Tested, curve: Curve, p_joint: float | None) -> list[str]:
    figures = "not computed in this build"
    if primary.estimate is not None:
        figures = f"{primary.estimate:+.3f} [{primary.ci_low:+.3f}, {primary.ci_high:+.3f}]"
    counts = (
        f"of {curve.n_tested} distinct variants {curve.n_agree} agree and"
        f" {curve.n_contradict} contradict"
    )
    return [figures, counts, *([] if p_joint is None else [f"jointly p {p_joint:.3f}"])]


def _reasons(claim: Claim, rule: str, meets: Sequence[str], weakened: Sequence[str]) -> list[str]:
    parts = [f"falsified: {BETWEEN_PARTS.join(meets)}"] if meets else []
    parts += [REASONS[rule]] if REASONS[rule] else []
    parts += [f"weakened: {BETWEEN_PARTS.join(weakened)}"] if weakened else []
    parts += [f"it would take {claim.would_test}"] if claim.would_test else []
    return [*parts, claim.caution] if claim.caution else parts
