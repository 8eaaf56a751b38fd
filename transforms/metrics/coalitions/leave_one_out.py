"""Leave-one-out: the smallest and the largest estimate without one state."""

from collections.abc import Sequence

import numpy as np

from transforms.inference.firth import coefficients, fit_firth
from transforms.metrics.coalitions.samples import Floats, Sample
from transforms.metrics.coalitions.specifications import (
    Row,
    design,
    independent_terms,
    missing,
    row,
    why_not,
)

ENDS = ("ally_min", "ally_max")
_SAME = 1e-9  # estimates this close are one and the same


def leave_one_out(sample: Sample, specification: str, terms: Sequence[str]) -> list[Row]:
    """Fits a Firth logit once without each state.

    Args:
        sample: States of one event.
        specification: Name of the rows.
        terms: Terms of the logit; the first is the ally.

    Returns:
        Two rows, `ally_min` and `ally_max`, with the state left out (the lowest code of
        those that give the same).
    """
    used = sample.complete([t for t in terms if t in sample.covariates])
    if reason := why_not(used):
        return [missing(used, specification, end, reason) for end in ENDS]
    kept = independent_terms(used, terms)
    x, y = design(used, kept), used.support.astype(np.float64)
    estimates = _without_each(x, y)
    rows = []
    for end, extreme in zip(ENDS, (estimates.min(), estimates.max()), strict=True):
        same = used.ccodes[np.abs(estimates - extreme) < _SAME]
        rows.append(
            row(
                used,
                specification,
                end,
                estimate=float(extreme),
                left_out_ccode=int(same.min()),
                n_left_out_ties=len(same),
            )
        )
    return rows


def _without_each(x: Floats, y: Floats) -> Floats:
    """The ally's coefficient without each row; equal rows are left out once."""
    whole = fit_firth(x, y, test=()).coefficients
    rows, place = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    first = [int(np.argmax(place.ravel() == k)) for k in range(len(rows))]
    found = np.empty(len(rows))
    for k, left_out in enumerate(first):
        weights = np.ones(len(y))
        weights[left_out] = 0.0
        varies = _independent(x[weights > 0])  # its only member gone, a group has no column
        found[k] = coefficients(x[:, varies], y, weights, whole[varies])[1]
    return found[place.ravel()]


def _independent(x: Floats) -> list[int]:
    kept: list[int] = []
    for column in range(x.shape[1]):
        if np.linalg.matrix_rank(x[:, [*kept, column]]) == len(kept) + 1:
            kept.append(column)
    return kept
