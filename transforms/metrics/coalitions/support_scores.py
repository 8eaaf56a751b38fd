"""Scores of clusters for the logits of support, with no difference between allies and others.

Firth's logit is fitted without the term ally; the score of a state is (a − â)·(y − p + h(½ − p)),
where p is the fitted probability, h its leverage, and â what the other terms explain of ally with
the weights p(1 − p): the penalised score, cleared of the other terms. A cluster is the date on
which the first core treaty with the leader came into force, whenever that was; a state that never
had one is its own.

References: Firth 1993 (Biometrika 80: 27-38); Kline and Santos 2012 (Journal of Econometric Methods
1: 23-41).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from transforms.inference.firth import fit_firth
from transforms.metrics.coalitions.events import UNITED_STATES
from transforms.metrics.coalitions.samples import Floats, Sample
from transforms.metrics.coalitions.specifications import design, independent_terms, why_not

ALLY = "ally"


def waves(treaty_allies: pl.DataFrame) -> dict[int, str]:
    """Day on which the first core treaty came into force, by ally.

    Args:
        treaty_allies: `core.treaty_allies`.
    """
    core = treaty_allies.filter(pl.col("ccode_hegemon") == UNITED_STATES, pl.col("tier") == "core")
    first = core.group_by("ccode").agg(pl.col("in_force_from").min())
    return {ccode: str(day) for ccode, day in first.iter_rows()}


def cluster_of(ccode: int, waves_of: Mapping[int, str]) -> str:
    """Name of a state's cluster: its wave, or itself.

    Args:
        ccode: The state.
        waves_of: What `waves` returns.
    """
    return waves_of.get(ccode, f"state {ccode}")


def support_scores(
    sample: Sample, terms: Sequence[str], waves_of: Mapping[int, str]
) -> dict[str, float]:
    """Score of each cluster for the term ally.

    Args:
        sample: States of one event; those that lack a covariate are left out here.
        terms: Terms of the logit.
        waves_of: What `waves` returns.

    Returns:
        Cluster to score; empty where the logit has no estimate.
    """
    used = sample.complete([t for t in terms if t in sample.covariates])
    if why_not(used):
        return {}
    kept = independent_terms(used, terms)
    others = design(used, [t for t in kept if t != ALLY])
    scores = penalised_scores(others, used.ally.astype(np.float64), used.support.astype(np.float64))
    found: dict[str, float] = {}
    for ccode, score in zip(used.ccodes.tolist(), scores.tolist(), strict=True):
        cluster = cluster_of(ccode, waves_of)
        found[cluster] = found.get(cluster, 0.0) + score
    return found


def penalised_scores(others: Floats, regressor: Floats, response: Floats) -> Floats:
    """Firth's scores of a regressor at a coefficient of 0, cleared of the other terms.

    Args:
        others: Design without the regressor, the column of ones included.
        regressor: Its values.
        response: 0 or 1.

    Returns:
        One score per row.
    """
    fit = fit_firth(others, response, test=())
    p = 1 / (1 + np.exp(-np.einsum("ij,j->i", others, fit.coefficients)))
    weight = p * (1 - p)
    inverse = np.linalg.inv(np.einsum("ij,i,ik->jk", others, weight, others))
    leverage = weight * np.einsum("ij,jk,ik->i", others, inverse, others)
    explained = np.einsum("jk,ik,i->j", inverse, others, weight * regressor)
    left = regressor - np.einsum("ij,j->i", others, explained)
    return np.asarray(left * (response - p + leverage * (0.5 - p)))
