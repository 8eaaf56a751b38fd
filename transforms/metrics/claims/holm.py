"""Holm's correction over the primary specifications of all claims.

With m tests in order of their p, the k-th smallest is held to α/(m−k+1); after the first that is
not rejected, none is (Holm 1979). A claim that could not be tested counts in no family. The
interval of the k-th is widened to that level, from the first that is not rejected on to the level
of that one, so that it leaves 0 out exactly where the adjusted p is below α.

Worked example: p = (.01, .04, .03), α = .05: levels (.05/3, .05/2, .05/2); adjusted p = (.03, .06,
.06): only the first is rejected.

Reference: Holm 1979 (Scandinavian Journal of Statistics 6: 65-70).
"""

from collections.abc import Sequence

ALPHA = 0.05


def holm(
    p_values: Sequence[float | None], alpha: float = ALPHA
) -> list[tuple[float, float] | None]:
    """Adjusts p values.

    Args:
        p_values: One per claim; None where there is none.
        alpha: Family-wise error.

    Returns:
        Per claim the adjusted p and the level of its interval; None where p is None.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    found: list[tuple[float, float] | None] = [None] * len(p_values)
    m, adjusted, level = len(known), 0.0, 0.0
    stopped = False
    for k, (p, place) in enumerate(known):
        adjusted = max(adjusted, min(1.0, p * (m - k)))
        if not stopped:
            level = alpha / (m - k)
            stopped = p > level
        found[place] = (adjusted, level)
    return found
