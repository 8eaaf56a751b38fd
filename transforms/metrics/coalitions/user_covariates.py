"""Coalition support given distance, democracy, aid and trade: what a person hands over.

No source of the warehouse has these covariates. Without a file the specification is there and says
covariates_missing; with one it has the covariates that are known for enough states.
"""

from collections.abc import Sequence

from transforms.metrics.coalitions.samples import HANDED_OVER, Sample
from transforms.metrics.coalitions.specifications import Row, firth, missing, shown
from transforms.metrics.covariate_coverage import is_known_of_all


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
    values = sample.covariates.get(name)
    return values is not None and is_known_of_all(values, (sample.ally, ~sample.ally))
