"""The rule of the first edition: from the tests of a claim to its verdict. It does not change.

In this order, the first that applies decides:

1. not_supported, where a falsifier fires;
2. not_testable, where the primary specification could not be computed;
3. not_supported, where the primary interval (95 %, unadjusted) lies within the equivalence bound,
   or on the other side of 0;
4. mixed, where the primary interval at Holm's level does not leave 0 out; where less than half of
   the listed grid could be tested; where less than two thirds of what could be tested have the
   expected sign with an interval that leaves 0 out; where a falsifier could not be evaluated
   (it cannot be said that none fires); or where one fires that only weakens the claim;
5. supported.

Tests that could not be computed speak neither for nor against.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.metrics.claims.estimate import Tested
from transforms.metrics.claims.verdict_rule import share

SUPPORTED, MIXED, NOT_SUPPORTED, NOT_TESTABLE = (
    "supported",
    "mixed",
    "not_supported",
    "not_testable",
)


@dataclass(frozen=True)
class Rules:
    """The thresholds of the rule, as the file of claims gives them.

    Attributes:
        grid_share: Part of the tested grid that has to speak for the claim.
        grid_tested: Part of the listed grid that has to be testable.
        alpha: Family-wise error of the primary specifications.
    """

    grid_share: float = 2 / 3
    grid_tested: float = 0.5
    alpha: float = 0.05


def read_rules(raw: Mapping[str, Any]) -> Rules:
    """The thresholds of the rule, as edition 1 states them."""
    return Rules(
        grid_share=share(raw["rule"]["grid_share"]),
        grid_tested=share(raw["rule"]["grid_tested"]),
        alpha=float(raw["rule"]["alpha"]),
    )


@dataclass(frozen=True)
class Judgement:
    """A verdict, the clause that gave it, and the counts of the grid."""

    verdict: str
    rule: str
    n_grid_listed: int
    n_grid: int
    n_grid_as_expected: int


def judge(
    primary: Tested,
    grid: Sequence[Tested],
    fired: Sequence[str],
    untestable: Sequence[str] = (),
    rules: Rules = Rules(),
    *,
    weakened: Sequence[str] = (),
) -> Judgement:
    """Applies the rule to one claim.

    Args:
        primary: The primary specification, with its Holm interval.
        grid: The listed variants.
        fired: Falsifiers that fire.
        untestable: Falsifiers that could not be evaluated.
        rules: Thresholds.
        weakened: Falsifiers that fire and only weaken the claim.

    Returns:
        The verdict.
    """
    tested = [row for row in grid if row.as_expected is not None]
    agreeing = sum(bool(row.as_expected) for row in tested)
    is_thin = not tested or len(tested) < rules.grid_tested * len(grid)
    clauses = (
        (bool(fired), NOT_SUPPORTED, "falsifier_fired"),
        (primary.excludes_zero is None, NOT_TESTABLE, "primary_not_testable"),
        (bool(primary.within_bound), NOT_SUPPORTED, "primary_equivalent_to_zero"),
        (_is_opposite(primary), NOT_SUPPORTED, "primary_on_other_side"),
        (not _holds(primary), MIXED, "primary_includes_zero"),
        (is_thin, MIXED, "grid_too_thin"),
        (agreeing < rules.grid_share * len(tested), MIXED, "grid_disagrees"),
        (bool(untestable), MIXED, "falsifier_not_testable"),
        (bool(weakened), MIXED, "weakened"),
        (True, SUPPORTED, "all_conditions_hold"),
    )
    verdict, rule = next((verdict, rule) for holds, verdict, rule in clauses if holds)
    return Judgement(verdict, rule, len(grid), len(tested), agreeing)


def _is_opposite(primary: Tested) -> bool:
    low, high = float(primary.ci_low or 0), float(primary.ci_high or 0)
    return high < 0 if primary.expected == "positive" else low > 0


def _holds(primary: Tested) -> bool:
    """Whether the interval at Holm's level leaves 0 out on the expected side."""
    low, high = primary.ci_low_holm, primary.ci_high_holm
    if low is None or high is None:
        return False
    return low > 0 if primary.expected == "positive" else high < 0
