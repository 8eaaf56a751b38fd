"""Falsifiers of the second edition: one test, one number, and the side of it that refutes.

A falsifier fires where the interval of its test lies wholly below (or above) the number. A claim
with k falsifiers has k chances to be refuted by luck, so each interval is widened to its level by
Holm's correction over the claim's falsifiers, by the p-value of its test against its number. A
point estimate on the refuting side fires nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.metrics.claims.estimate import Tested, p_from_interval, widened
from transforms.metrics.claims.holm import holm

BELOW, ABOVE = "below", "above"


@dataclass(frozen=True)
class IntervalFalsifier:
    """One falsifier.

    Attributes:
        says: What would be so, in a sentence.
        test: Name of the test, "estimator: specification".
        side: below or above: where the interval has to lie.
        value: The number.
    """

    says: str
    test: str
    side: str
    value: float


def fired(
    falsifiers: Sequence[IntervalFalsifier], tests: Sequence[Tested], alpha: float
) -> list[bool | None]:
    """Which falsifiers fire.

    Args:
        falsifiers: All of one claim.
        tests: All tests of the claim.
        alpha: Family-wise error over the falsifiers.

    Returns:
        One answer per falsifier; None where its test could not be computed.

    Raises:
        KeyError: A falsifier names no test of the claim.
    """
    by_name = {row.name: row for row in tests}
    rows = [by_name[falsifier.test] for falsifier in falsifiers]
    levels = holm(
        [_p_against(row, f.value) for f, row in zip(falsifiers, rows, strict=True)], alpha
    )
    answers: list[bool | None] = []
    for falsifier, row, adjusted in zip(falsifiers, rows, levels, strict=True):
        if adjusted is None or row.estimate is None or row.ci_low is None or row.ci_high is None:
            answers.append(None)
            continue
        low, high = widened(row.ci_low, row.estimate, row.ci_high, adjusted[1])
        answers.append(high < falsifier.value if falsifier.side == BELOW else low > falsifier.value)
    return answers


def _p_against(row: Tested, value: float) -> float | None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return None
    return p_from_interval(row.estimate - value, row.ci_low - value, row.ci_high - value)
