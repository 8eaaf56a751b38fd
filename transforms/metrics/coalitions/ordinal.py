"""Levels of support: proportional odds, and a Firth logit of each cut.

Proportional odds assume that alliance shifts the whole scale: one log odds ratio for every cut
between levels. The logits of single cuts show whether that holds.

Reference: McCullagh 1980 (JRSS B 42:109–42); the fit is that of statsmodels.
"""

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from transforms.metrics.coalitions.samples import Floats, Sample
from transforms.metrics.coalitions.specifications import (
    TIES,
    Row,
    design,
    firth_by_group,
    independent_terms,
    missing,
    row,
    why_not,
)

CUTS = (1, 2, 3, 4)
LARGEST_LOG_ODDS = 15.0  # beyond it the likelihood has no maximum, only a limit


def levels_of_support(sample: Sample) -> list[Row]:
    """The ordinal logit and its cuts.

    Args:
        sample: States of one event with their levels.

    Returns:
        Rows of `ordinal` (ally, aspirant) and of `firth_cut_1` to `firth_cut_4` (the same).
    """
    cuts = [
        one
        for cut in CUTS
        for one in firth_by_group(sample.at_level(cut), f"firth_cut_{cut}", TIES)
    ]
    return [*_ordinal(sample), *cuts]


def _ordinal(sample: Sample) -> list[Row]:
    if reason := why_not(sample):
        return [missing(sample, "ordinal", t, reason) for t in TIES]
    kept = independent_terms(sample, TIES)
    fitted = _fit(sample, kept)
    if fitted is None:
        return [missing(sample, "ordinal", t, "no_variation") for t in TIES]
    rows = []
    for term in TIES:
        if term in fitted:
            estimate, error, low, high, p = fitted[term]
            values: Row = {"std_error": error, "ci_low": low, "ci_high": high, "p_value": p}
            rows.append(row(sample, "ordinal", term, estimate=estimate, **values))
        else:
            rows.append(missing(sample, "ordinal", term, "n_below_min"))
    return rows


@cache
def _logistic() -> Any:
    """The logistic distribution, without the checks that take scipy most of its time."""
    from scipy.stats import rv_continuous

    class Logistic(rv_continuous):  # type: ignore[misc]
        def cdf(self, x: Floats) -> Floats:
            return 1 / (1 + np.exp(-x))

        def pdf(self, x: Floats) -> Floats:
            p = self.cdf(x)
            return p * (1 - p)

    return Logistic()


def _fit(sample: Sample, terms: Sequence[str]) -> dict[str, tuple[float, ...]] | None:
    """Estimate, error, interval and p-value by term; None where there is no maximum."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    _, ranks = np.unique(sample.level, return_inverse=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they say is checked below
        model = OrderedModel(ranks, design(sample, terms)[:, 1:], distr=_logistic())
        result = model.fit(method="bfgs", disp=0, maxiter=200, gtol=1e-6)
        errors, intervals, p_values = result.bse, result.conf_int(), result.pvalues
    found = np.column_stack([result.params, errors, intervals, p_values])[: len(terms)]
    if not np.isfinite(found).all() or np.abs(found[:, 0]).max() > LARGEST_LOG_ODDS:
        return None
    return {term: tuple(map(float, values)) for term, values in zip(terms, found, strict=True)}
