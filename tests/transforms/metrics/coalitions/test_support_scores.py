"""Scores of logits of support: by derivatives, and by cluster."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from transforms.inference.firth import fit_firth
from transforms.metrics.coalitions.samples import Floats, Sample
from transforms.metrics.coalitions.support_scores import (
    cluster_of,
    penalised_scores,
    support_scores,
    waves,
)

N = 60


@pytest.fixture(scope="module")
def sample() -> Sample:
    rng = np.random.default_rng(9)
    ally = rng.random(N) < 0.3
    aspirant = ~ally & (rng.random(N) < 0.2)
    size = rng.normal(size=N)
    p = 1 / (1 + np.exp(-(-0.5 + 1.2 * ally + 0.6 * size)))
    support = rng.random(N) < p
    return Sample(
        ccodes=np.arange(100, 100 + N),
        support=support,
        level=support.astype(np.int64),
        ally=ally,
        aspirant=aspirant,
        covariates={"log_gdp": size},
    )


def log_likelihood(others: Floats, regressor: Floats, response: Floats, slope: float) -> float:
    """Of a logit in which the regressor has a slope and the other terms are at their maximum.

    Newton's steps; by the envelope theorem its derivative at 0 is the score cleared of the others.
    """
    beta = np.zeros(others.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(others @ beta + slope * regressor)))
        information = others.T @ (others * (p * (1 - p))[:, None])
        beta += np.linalg.solve(information, others.T @ (response - p))
    eta = others @ beta + slope * regressor
    return float(response @ eta - np.log1p(np.exp(eta)).sum())


def test_without_the_penalty_they_add_up_to_the_derivative_of_the_profile(sample: Sample) -> None:
    """Repeating all rows a thousand times makes the penalty, of order 1 / n, vanish."""
    others = np.column_stack([np.ones(N), sample.aspirant, sample.covariates["log_gdp"]])
    ally, response = sample.ally.astype(np.float64), sample.support.astype(np.float64)
    many = np.repeat(np.arange(N), 1000)
    scores = penalised_scores(others[many], ally[many], response[many])
    step = 1e-5
    high, low = (log_likelihood(others, ally, response, s) for s in (step, -step))
    assert scores.sum() / 1000 == pytest.approx((high - low) / (2 * step), abs=5e-3)


def test_they_are_0_in_sum_for_the_terms_that_are_fitted(sample: Sample) -> None:
    """Firth's equations: Σ x·(y − p + h(½ − p)) = 0 for every other term."""
    others = np.column_stack([np.ones(N), sample.covariates["log_gdp"]])
    response = sample.support.astype(np.float64)
    fit = fit_firth(others, response, test=())
    p = 1 / (1 + np.exp(-others @ fit.coefficients))
    weight = p * (1 - p)
    inverse = np.linalg.inv(others.T @ (others * weight[:, None]))
    leverage = weight * np.sum((others @ inverse) * others, axis=1)
    residual = response - p + leverage * (0.5 - p)
    assert others.T @ residual == pytest.approx([0, 0], abs=1e-6)
    regressor = sample.ally.astype(np.float64)
    scores = penalised_scores(others, regressor, response)
    assert scores.sum() == pytest.approx(float(regressor @ residual), abs=1e-6)


def test_a_cluster_is_the_first_core_treaty_or_the_state(sample: Sample) -> None:
    treaties = pl.DataFrame(
        [
            (2, 100, date(1952, 4, 28), "core"),
            (2, 100, date(1949, 8, 24), "core"),
            (2, 101, date(1948, 12, 3), "treaty"),
            (365, 102, date(1955, 6, 6), "core"),
        ],
        schema=["ccode_hegemon", "ccode", "in_force_from", "tier"],
        orient="row",
    )
    found = waves(treaties)
    assert found == {100: "1949-08-24"}
    assert [cluster_of(c, found) for c in (100, 101)] == ["1949-08-24", "state 101"]
    scores = support_scores(sample, ("ally", "aspirant", "log_gdp"), dict.fromkeys(range(130), "x"))
    assert len(scores) == 1 + N - 30
    alone = support_scores(sample, ("ally", "aspirant", "log_gdp"), {})
    assert sum(scores.values()) == pytest.approx(sum(alone.values()))
    assert scores["x"] == pytest.approx(sum(alone[f"state {c}"] for c in range(100, 130)))


def test_the_sum_has_the_sign_of_firth_s_estimate(sample: Sample) -> None:
    terms = ("ally", "aspirant", "log_gdp")
    design = np.column_stack(
        [np.ones(N), sample.ally, sample.aspirant, sample.covariates["log_gdp"]]
    )
    fit = fit_firth(design, sample.support.astype(np.float64), test=())
    assert np.sign(sum(support_scores(sample, terms, {}).values())) == np.sign(fit.coefficients[1])


def test_where_nobody_is_an_ally_there_are_none(sample: Sample) -> None:
    nobody = sample.where(~sample.ally)
    assert support_scores(nobody, ("ally",), {}) == {}
