"""A claim's specification curve: its distinct cells, and how many of them agree or contradict.

Cells are the primary and the grid. Cells that are equal in every figure (estimate, interval and
number of units) are one: a choice that changes nothing is no evidence. A cell agrees where its
unadjusted 95 % interval leaves 0 out on the expected side, and contradicts on the other; where 0
itself is expected, it agrees within the bound and contradicts where the interval leaves 0 out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.metrics.claims.estimate import Tested

CELLS = ("primary", "grid")
DECIMALS = 9


@dataclass(frozen=True)
class Curve:
    """Counts of a claim's cells.

    Attributes:
        n_listed: Cells, those that are equal in every figure once.
        n_tested: Of these, those that could be computed.
        n_agree: Of these, those that agree.
        n_contradict: Of n_tested, those that contradict.
    """

    n_listed: int
    n_tested: int
    n_agree: int
    n_contradict: int


def are_distinct(tests: Sequence[Tested]) -> list[bool | None]:
    """Whether a test is the first cell with its figures, the primary before the grid.

    Args:
        tests: Tests of one claim.

    Returns:
        One answer per test, in their order; None for what is no cell. A cell that could not be
        computed is distinct.
    """
    order = sorted(range(len(tests)), key=lambda k: (tests[k].role != "primary", k))
    seen: set[tuple[float, ...]] = set()
    found: list[bool | None] = [None] * len(tests)
    for place in order:
        row = tests[place]
        if row.role not in CELLS:
            continue
        figures = _figures(row)
        found[place] = figures is None or figures not in seen
        if figures is not None:
            seen.add(figures)
    return found


def _figures(row: Tested) -> tuple[float, ...] | None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return None
    values = (row.estimate, row.ci_low, row.ci_high)
    return (*(round(value, DECIMALS) for value in values), float(row.n or 0))


def curve_of(tests: Sequence[Tested]) -> Curve:
    """Counts the distinct cells of a claim.

    Args:
        tests: All tests of the claim.
    """
    pairs = zip(tests, are_distinct(tests), strict=True)
    cells = [row for row, is_distinct in pairs if is_distinct]
    tested = [row for row in cells if row.as_expected is not None]
    return Curve(
        len(cells),
        len(tested),
        sum(bool(row.as_expected) for row in tested),
        sum(contradicts(row) for row in tested),
    )


def contradicts(row: Tested) -> bool:
    """Whether a computed cell's interval leaves 0 out on the unexpected side."""
    return bool(row.excludes_zero) and not row.as_expected and not row.sign_as_expected
