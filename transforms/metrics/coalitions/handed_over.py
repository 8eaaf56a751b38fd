"""Coalition support given distance, democracy, aid and trade: what a person hands over.

No source of the warehouse has these covariates. Without a file the specification is there and says
covariates_missing; with one it has the covariates that are known for enough states.
"""

from collections.abc import Sequence

import numpy as np

from transforms.metrics.coalitions.samples import HANDED_OVER, Flags, Sample
from transforms.metrics.coalitions.specifications import Row, firth, missing, shown

MIN_KNOWN = 0.5
"""Share of allies, and of others, for which a covariate that was handed over has to be known."""


def firth_handed_over(sample: Sample, specification: str, terms: Sequence[str]) -> list[Row]:
    """One Firth logit with those covariates of a file that are known for enough states.

    Args:
        sample: States of one event.
        specification: Its name.
        terms: Terms beside the intercept, `HANDED_OVER` among them.

    Returns:
        Rows as of `firth`; a covariate that is not known for half of the allies and half of the
        others is covariates_missing, and all terms are where none is known.
    """
    known = [name for name in HANDED_OVER if _is_known(sample, name)]
    lacking = [name for name in terms if name in HANDED_OVER and name not in known]
    absent = lacking if known else shown(terms)
    rows = [missing(sample, specification, name, "covariates_missing") for name in absent]
    if known:
        rows += firth(sample, specification, [name for name in terms if name not in lacking])
    return rows


def _is_known(sample: Sample, name: str) -> bool:
    if name not in sample.covariates:
        return False
    is_known: Flags = np.invert(np.isnan(sample.covariates[name]))
    groups = (sample.ally, ~sample.ally)
    return all(group.any() and is_known[group].mean() >= MIN_KNOWN for group in groups)
