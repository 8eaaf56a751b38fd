"""The test of a claim that speaks most against it."""

from collections.abc import Sequence

from transforms.metrics.claims.estimate import Tested


def strongest_counter(tests: Sequence[Tested]) -> Tested | None:
    """The test that contradicts a claim most.

    That is, of the primary and the grid, the one whose interval lies furthest on the other side
    of 0, measured in half-widths of its interval; where none has the unexpected sign, the least
    certain one. Placebos and tests of role falsifier are left out.

    Args:
        tests: All tests of the claim.

    Returns:
        The test; None where every one has the expected sign with an interval without 0.
    """
    against = [
        row
        for row in tests
        if row.role in {"primary", "grid"} and row.as_expected is False and row.estimate is not None
    ]
    return min(against, key=lambda row: (_support(row), row.name), default=None)


def _support(row: Tested) -> float:
    estimate = float(row.estimate or 0)
    half = (float(row.ci_high or 0) - float(row.ci_low or 0)) / 2 or 1e-12
    if row.expected == "zero":
        return -abs(estimate) / half
    return estimate / half if row.expected == "positive" else -estimate / half
