"""Coalition support given distance, democracy, aid and trade: `core.covariates`.

The sources have distance, democracy and total trade; aid and the share of trade with the United
States are known from a user file alone. A covariate that is not known for enough states has a row
with null_reason covariates_missing, and the logit is that without it.
"""

from collections.abc import Sequence

from transforms.metrics.coalitions.samples import USER_COVARIATES, Sample
from transforms.metrics.coalitions.specifications import Row, firth, missing, shown
from transforms.metrics.covariate_coverage import is_known_of_all


def firth_user_covariates(sample: Sample, specification: str, terms: Sequence[str]) -> list[Row]:
    """One Firth logit with the covariates that are known for enough states.

    Args:
        sample: States of one event.
        specification: Its name.
        terms: Terms without the intercept, `USER_COVARIATES` among them.

    Returns:
        Rows as of `firth`; a covariate that is not known for half of the allies and half of the
        others is covariates_missing, and all terms are where none is known.
    """
    known = [name for name in USER_COVARIATES if _is_known(sample, name)]
    unknown = [name for name in terms if name in USER_COVARIATES and name not in known]
    absent = unknown if known else shown(terms)
    rows = [missing(sample, specification, name, "covariates_missing") for name in absent]
    if known:
        rows += firth(sample, specification, [name for name in terms if name not in unknown])
    return rows


def _is_known(sample: Sample, name: str) -> bool:
    values = sample.covariates.get(name)
    return values is not None and is_known_of_all(values, (sample.ally, ~sample.ally))
