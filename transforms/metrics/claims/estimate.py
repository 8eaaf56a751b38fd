"""Findings of tests, and their derived flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

_NORMAL = NormalDist()
Z_95 = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True)
class Finding:
    """An estimate on a scale where 0 means no effect, or its null reason.

    Attributes:
        estimate: The estimate.
        ci_low: Lower end of its unadjusted 95 % interval.
        ci_high: Upper end.
        p_value: Two-sided; None where it is derived from the interval.
        n: Units behind it.
        window_from: First year of the data.
        window_to: Last year.
        seed: Seed of the draws, where any are made.
        null_reason: Why there is no estimate.
        bound: Equivalence bound, where it depends on the data by a rule that the file of claims
            states; else the file has the number.
        scores: Cluster to score with the null imposed, for the joint test; None where the
            estimator has none.
    """

    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    n: int | None = None
    window_from: int | None = None
    window_to: int | None = None
    seed: int | None = None
    null_reason: str | None = None
    bound: float | None = None
    scores: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Tested:
    """A finding with its expected sign; the input of falsifiers and verdicts.

    Attributes:
        estimator: Name of the estimator.
        specification: Data and choices, in words.
        role: primary, grid, placebo or falsifier.
        expected: positive, negative or zero.
        estimate: The estimate; None where it could not be computed.
        ci_low: Lower end of the unadjusted interval.
        ci_high: Upper end.
        bound: Equivalence bound.
        ci_low_holm: Lower end at Holm's level (primary only).
        ci_high_holm: Upper end.
        n: Units behind the estimate.
    """

    estimator: str
    specification: str
    role: str
    expected: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    bound: float | None = None
    ci_low_holm: float | None = None
    ci_high_holm: float | None = None
    n: int | None = None

    @property
    def name(self) -> str:
        """Estimator and specification."""
        return f"{self.estimator}: {self.specification}"

    @property
    def excludes_zero(self) -> bool | None:
        """Whether the unadjusted interval leaves 0 out."""
        if self.ci_low is None or self.ci_high is None:
            return None
        return self.ci_low > 0 or self.ci_high < 0

    @property
    def within_bound(self) -> bool | None:
        """Whether the unadjusted interval lies within the equivalence bound."""
        if self.ci_low is None or self.ci_high is None:
            return None
        return self.bound is not None and max(abs(self.ci_low), abs(self.ci_high)) <= self.bound

    @property
    def sign_as_expected(self) -> bool | None:
        """Whether the estimate has the expected sign."""
        if self.estimate is None:
            return None
        if self.expected == "zero":
            return self.within_bound
        return self.estimate > 0 if self.expected == "positive" else self.estimate < 0

    @property
    def as_expected(self) -> bool | None:
        """Whether the row speaks for the claim: expected sign, interval without 0."""
        if self.estimate is None:
            return None
        if self.expected == "zero":
            return self.within_bound
        return bool(self.sign_as_expected and self.excludes_zero)


def p_from_interval(estimate: float, ci_low: float, ci_high: float) -> float:
    """Two-sided p of a normal estimate with this 95 % interval; the larger of both sides'.

    Args:
        estimate: The estimate.
        ci_low: Lower end of its interval.
        ci_high: Upper end.

    Returns:
        p in [0, 1]; by the half of the interval that faces 0, so that p < .05 exactly where
        the interval leaves 0 out. 1 for an estimate of 0.
    """
    half = estimate - ci_low if estimate > 0 else ci_high - estimate
    if estimate == 0:
        return 1.0
    if half <= 0:
        return 0.0
    return 2 * _NORMAL.cdf(-abs(estimate) * Z_95 / half)


def widened(
    finding_low: float, estimate: float, finding_high: float, level: float
) -> tuple[float, float]:
    """An interval at another level, each half scaled as for a normal distribution.

    Args:
        finding_low: Lower end of the 95 % interval.
        estimate: The estimate.
        finding_high: Upper end.
        level: Error of the new interval, for example .05 / 12.

    Returns:
        Its ends.
    """
    stretch = _NORMAL.inv_cdf(1 - level / 2) / Z_95
    return (
        estimate - (estimate - finding_low) * stretch,
        estimate + (finding_high - estimate) * stretch,
    )
