"""The rule by which a covariate of states counts as known, for all metrics with covariates.

* A value holds for five years after its own, if there is none later.
* A covariate is used if half of the allies and half of the others have it.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

MAX_AGE = 5
"""Years that a value may be older than the year that it is taken for."""

MIN_KNOWN = 0.5
"""Share of each group of states for which a covariate has to be known."""


def is_known_of_all(values: NDArray[np.float64], groups: Iterable[NDArray[np.bool_]]) -> bool:
    """Whether enough states of every group have a value.

    Args:
        values: One per state; NaN where not known.
        groups: The states of each group; none counts as not known.
    """
    is_known = ~np.isnan(values)
    return all(group.any() and is_known[group].mean() >= MIN_KNOWN for group in groups)
