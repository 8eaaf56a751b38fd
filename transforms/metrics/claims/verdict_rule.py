"""The rule of the second edition: from the evidence on a claim to its verdict.

The first that matches decides:

1. not_testable: the primary could not be computed, or under half of the distinct cells could;
2. contradicted: the Holm interval lies wholly on the other side of 0, or a falsifier's interval
   meets its condition;
3. negligible: the unadjusted 95 % interval lies inside ± the bound, even if it leaves 0 out;
4. supported: the Holm interval leaves 0 out as expected, at least two thirds of the distinct cells
   agree, the joint test of the specification curve has p < .05, and no weakening condition holds;
5. mixed: the Holm interval leaves 0 out as expected, but (4) fails; or it includes 0, and at least
   a third of the cells agree or at least a third contradict;
6. inconclusive: all else.

A cell agrees or contradicts only where its unadjusted 95 % interval leaves 0 out; cells that are
equal in every figure count once. Point estimates decide nothing. Edition 1 keeps its own rule
(`transforms.metrics.claims.verdict_rule_edition_1`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUPPORTED, CONTRADICTED, NEGLIGIBLE = "supported", "contradicted", "negligible"
MIXED, INCONCLUSIVE, NOT_TESTABLE = "mixed", "inconclusive", "not_testable"

EXPECTED, OTHER, INCLUDES_ZERO = "expected", "other", "includes_zero"


@dataclass(frozen=True)
class Thresholds:
    """The numbers of the rule, as the file of claims gives them.

    Attributes:
        tested: Part of the distinct cells that has to be testable.
        agree: Part of the distinct cells that has to agree for support.
        some: Part that makes a claim mixed where the primary includes 0.
        alpha: Family-wise error of Holm's intervals, and level of the joint test.
    """

    tested: float
    agree: float
    some: float
    alpha: float


@dataclass(frozen=True)
class Evidence:
    """All that the rule looks at.

    Attributes:
        holm_side: Where the primary's Holm interval lies: expected, other or includes_zero; None
            where the primary could not be computed.
        is_within_bound: Whether its unadjusted interval lies inside ± the bound.
        share_tested: Part of the distinct cells that could be computed.
        share_agree: Part of the computed ones that agree.
        share_contradict: Part of the computed ones that contradict.
        joint_p: p of the joint test; None where no cell has scores.
        is_falsified: Whether a falsifier's interval meets its condition.
        is_weakened: Whether a weakening condition holds.
    """

    holm_side: str | None
    is_within_bound: bool
    share_tested: float
    share_agree: float
    share_contradict: float
    joint_p: float | None
    is_falsified: bool
    is_weakened: bool


def read_thresholds(raw: Mapping[str, Any]) -> Thresholds:
    """The numbers under `rule` in the file of claims."""
    return Thresholds(**{name: share(value) for name, value in raw.items()})


def share(text: Any) -> float:
    """A number, or a fraction written as one: "2/3"."""
    above, _, below = str(text).partition("/")
    return float(above) / float(below or 1)


def decide(evidence: Evidence, thresholds: Thresholds) -> tuple[str, str]:
    """Applies the rule.

    Args:
        evidence: What is known of one claim.
        thresholds: The numbers of the rule.

    Returns:
        The verdict, and the clause that gave it.
    """
    is_expected = evidence.holm_side == EXPECTED
    joint_fails = evidence.joint_p is None or evidence.joint_p >= thresholds.alpha
    clauses = (
        (evidence.holm_side is None, NOT_TESTABLE, "primary_not_testable"),
        (evidence.share_tested < thresholds.tested, NOT_TESTABLE, "cells_not_testable"),
        (evidence.holm_side == OTHER, CONTRADICTED, "primary_on_other_side"),
        (evidence.is_falsified, CONTRADICTED, "falsifier_fired"),
        (evidence.is_within_bound, NEGLIGIBLE, "primary_equivalent_to_zero"),
        (is_expected and evidence.share_agree < thresholds.agree, MIXED, "grid_disagrees"),
        (is_expected and joint_fails, MIXED, "joint_test_fails"),
        (is_expected and evidence.is_weakened, MIXED, "weakened"),
        (is_expected, SUPPORTED, "all_conditions_hold"),
        (evidence.share_agree >= thresholds.some, MIXED, "primary_includes_zero"),
        (evidence.share_contradict >= thresholds.some, MIXED, "primary_includes_zero"),
        (True, INCONCLUSIVE, "nothing_shown"),
    )
    return next((verdict, rule) for holds, verdict, rule in clauses if holds)
