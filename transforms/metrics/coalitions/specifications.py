"""Specifications on one sample: exact tests and Firth logits.

Every function returns rows of `metrics.coalition_model` without the event's columns. A term that
cannot be estimated has a row with its `null_reason`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from transforms.inference.firth import fit_firth
from transforms.inference.firth_two_groups import firth_log_odds_ratio
from transforms.inference.fisher_exact import exact_log_odds_ratio, fisher_exact_p, risk_difference
from transforms.metrics.coalitions.samples import (
    COVARIATES,
    REGIONS,
    USER_COVARIATES,
    Floats,
    Sample,
)

Row = dict[str, Any]

LOG_ODDS, DIFFERENCE = "log_odds_ratio", "risk_difference"
MEASURED = ("log_gdp", "ideal_point_distance", *USER_COVARIATES)
TIES = ("ally", "aspirant")
LOGITS: dict[str, tuple[str, ...]] = {
    "firth_bivariate": ("ally",),
    "firth_aspirant": TIES,
    "firth_covariates": (*TIES, *COVARIATES),
    "firth_user_covariates": (*TIES, *COVARIATES, *USER_COVARIATES),
    "firth_covariates_region": (*TIES, *COVARIATES, *(f"region_{r}" for r in REGIONS)),
}


def exact_tests(sample: Sample) -> list[Row]:
    """Fisher's exact test and the risk difference of allies and all others.

    Args:
        sample: States of one event.
    """
    reason = why_not(sample)
    if reason:
        return [
            missing(sample, "fisher", "ally", reason),
            missing(sample, "risk_difference", "ally", reason, scale=DIFFERENCE),
        ]
    table = sample.counts()
    ratio, difference = exact_log_odds_ratio(table), risk_difference(table)
    fisher: Row = {
        "estimate": ratio.estimate,
        "ci_low": ratio.low if ratio.estimate is not None else None,
        "ci_high": ratio.high if ratio.estimate is not None else None,
        "p_value": fisher_exact_p(table),
        "null_reason": "no_variation" if ratio.estimate is None else None,
    }
    newcombe: Row = {"estimate": difference.estimate, "ci_low": difference.low}
    newcombe |= {"ci_high": difference.high}
    return [
        row(sample, "fisher", "ally", **fisher),
        row(sample, "risk_difference", "ally", scale=DIFFERENCE, **newcombe),
    ]


def firth_by_group(sample: Sample, specification: str, terms: Sequence[str]) -> list[Row]:
    """A Firth logit on ally, or on ally and aspirant: each against the states that are neither.

    Args:
        sample: States of one event.
        specification: Its name.
        terms: `("ally",)` or `TIES`.
    """
    if reason := why_not(sample):
        return [missing(sample, specification, t, reason) for t in terms]
    groups = {"ally": sample.ally, "aspirant": sample.aspirant}
    base = ~np.logical_or.reduce([groups[t] for t in terms])
    rows = []
    for term in terms:
        table = sample.of_groups(groups[term], base)
        if table.n_first and table.n_second:
            rows.append(row(sample, specification, term, **vars(firth_log_odds_ratio(table))))
        else:
            rows.append(missing(sample, specification, term, "n_below_min"))
    return rows


def firth(sample: Sample, specification: str, terms: Sequence[str]) -> list[Row]:
    """One Firth logit, a row per term; the intercept and regions have none.

    Args:
        sample: States of one event; those that lack a covariate are left out here.
        specification: Its name.
        terms: Terms without the intercept.

    Returns:
        Rows of the terms; one that does not vary, or repeats the terms before it, has none
        of its own and is not in the logit.
    """
    used = sample.complete([t for t in terms if t in sample.covariates])
    if reason := why_not(used):
        return [missing(used, specification, t, reason) for t in shown(terms)]
    kept = independent_terms(used, terms)
    tested = [i for i, name in enumerate(kept, start=1) if name in shown(terms)]
    fit = fit_firth(design(used, kept), used.support.astype(np.float64), test=tested)
    found: dict[str, Row] = {
        name: {
            "estimate": float(fit.coefficients[i]),
            "std_error": float(fit.std_errors[i]),
            "ci_low": float(fit.ci_low[i]),
            "ci_high": float(fit.ci_high[i]),
            "p_value": float(fit.p_values[i]),
        }
        for i, name in enumerate(kept, start=1)
        if i in tested
    }
    return [
        row(used, specification, t, **found[t]) if t in found
        else missing(used, specification, t, _why_left_out(used, t))
        for t in shown(terms)
    ]  # fmt: skip


def shown(terms: Sequence[str]) -> tuple[str, ...]:
    """The terms that have rows: regions are there to be held constant.

    Args:
        terms: Terms of a logit.
    """
    return tuple(t for t in terms if not t.startswith("region_"))


def why_not(sample: Sample) -> str | None:
    """The null reason of a sample on which nothing can be estimated; None otherwise.

    Args:
        sample: States of one event.
    """
    if sample.ally.all() or not sample.ally.any():
        return "n_below_min"
    if sample.support.all() or not sample.support.any():
        return "no_variation"
    return None


def independent_terms(sample: Sample, terms: Sequence[str]) -> tuple[str, ...]:
    """The terms that vary and are linearly independent of those before them.

    Args:
        sample: States of one event.
        terms: Terms in order of precedence.
    """
    kept: list[str] = []
    for term in terms:
        trial = design(sample, [*kept, term])
        if np.linalg.matrix_rank(trial) == trial.shape[1]:
            kept.append(term)
    return tuple(kept)


def design(sample: Sample, terms: Sequence[str]) -> Floats:
    """Design matrix: a column of ones, then the terms; measured ones are centred on their mean.

    Args:
        sample: States of one event.
        terms: Terms of the model.
    """
    own = {"ally": sample.ally, "aspirant": sample.aspirant}
    columns = [own[t] if t in own else _centred(t, sample.covariates[t]) for t in terms]
    return np.column_stack([np.ones(len(sample.ccodes)), *columns]).astype(np.float64)


def _centred(term: str, values: Floats) -> Floats:
    return values - values.mean() if term in MEASURED else values


def _why_left_out(sample: Sample, term: str) -> str:
    return "n_below_min" if term == "aspirant" and not sample.aspirant.any() else "no_variation"


def row(
    sample: Sample, specification: str, term: str, *, scale: str = LOG_ODDS, **values: Any
) -> Row:
    """One row of the table.

    Args:
        sample: States that the estimate rests on.
        specification: Name of the specification.
        term: What the estimate belongs to.
        scale: Scale of the estimate.
        **values: estimate and what goes with it.
    """
    estimate = values.get("estimate")
    table, y, aspirant = sample.counts(), sample.support, sample.aspirant
    return {
        "specification": specification,
        "term": term,
        "scale": scale,
        "odds_ratio": None if estimate is None or scale != LOG_ODDS else float(np.exp(estimate)),
        "n": len(sample.ccodes),
        "n_ally_support": table.first_yes,
        "n_ally_none": table.first_no,
        "n_other_support": table.second_yes,
        "n_other_none": table.second_no,
        "n_aspirant_support": int((aspirant & y).sum()),
        "n_aspirant_none": int((aspirant & ~y).sum()),
        **values,
    }  # fmt: skip


def missing(
    sample: Sample, specification: str, term: str, reason: str, *, scale: str = LOG_ODDS
) -> Row:
    """A row without an estimate.

    Args:
        sample: States of one event.
        specification: Name of the specification.
        term: What it would belong to.
        reason: Why there is none.
        scale: Scale that it would have.
    """
    return row(sample, specification, term, scale=scale, null_reason=reason)
