r"""The model, one iteration of its estimator, and its identification.

Model (Bailey, Strezhnev and Voeten 2017): z_iv = β_v θ_i,s(v) + ε, ε ~ N(0, 1); yes if
z < γ_1v, abstain if γ_1v ≤ z < γ_2v, no otherwise; β ~ N(0, 1), γ ~ N(0, 5²),
θ_i,s ~ N(θ_i,s−1, ω²·gap), N(0, 1) in a state's first session.

One iteration: the variances v of θ; a Newton step for the items (`item_parameters`); the expected
z of every vote; θ by filter and smoother (`kalman_smoother`); standardisation. As in Imai, Lo and
Olmsted (2016), z and θ have independent posteriors, and v is that of θ given z. Before
standardisation no iteration lowers

    Σ log P(vote | βθ, γ) + log p(θ) + log p(β, γ) − ½ log |I + K D(β)|

(K: prior covariance of θ, D = Σ β²). The first three terms are the penalised log posterior
that a fit reports.

Identification: after each iteration θ gets mean 0 and standard deviation 1 over the
state-sessions of sovereign states: θ' = (θ − μ) / σ, β' = βσ, γ' = γ − βμ leave the likelihood
as it is. The standardisation is part of the estimator, as in the original sampler, not a
relabelling of a mode: the priors alone would let θ grow and β shrink (to a standard deviation
above 5 on the UN's votes, with ω² = 0.25). It may lower the log posterior a little.

References: Bailey, Strezhnev and Voeten 2017 (JCR 61: 430-456); Imai, Lo and Olmsted 2016
(APSR 110: 631-656).
"""

from dataclasses import dataclass

import numpy as np

from transforms.metrics.ideal_points import kalman_smoother as smoother
from transforms.metrics.ideal_points.item_parameters import improve_items
from transforms.metrics.ideal_points.item_parameters import log_prior as log_prior_of_items
from transforms.metrics.ideal_points.likelihood import Items, Likelihood, evaluate
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord


@dataclass(frozen=True)
class Point:
    """All parameters: the ideal points of a record's state-sessions, and its items."""

    theta: Floats
    items: Items


def iterate(
    record: VotingRecord, point: Point, innovation_variance: float, *, is_linked: bool = True
) -> tuple[Point, float]:
    """One iteration.

    Args:
        record: The votes.
        point: Current parameters.
        innovation_variance: ω².
        is_linked: False to estimate each session by itself, θ ~ N(0, 1).

    Returns:
        The next parameters, and the penalised log posterior of `point`, up to a constant.
    """
    likelihood = evaluate(record, point.theta, point.items)
    posterior = (
        likelihood.log_likelihood
        + smoother.log_prior(record, point.theta, innovation_variance)
        + log_prior_of_items(point.items)
    )
    better = improve(record, point, likelihood, innovation_variance, is_linked=is_linked)
    return standardise(record, better), posterior


def improve(
    record: VotingRecord,
    point: Point,
    likelihood: Likelihood,
    innovation_variance: float,
    *,
    is_linked: bool,
) -> Point:
    """New items given the ideal points, then new ideal points given the items.

    Args:
        record: The votes.
        point: Current parameters.
        likelihood: The likelihood at `point`.
        innovation_variance: ω².
        is_linked: See `iterate`.
    """
    precision = slope_precision(record, point.items)
    known = smoother.smooth(record, precision, precision * point.theta, innovation_variance)
    items = improve_items(record, likelihood, point.theta, known.variance, point.items)
    likelihood = evaluate(record, point.theta, items)
    precision = slope_precision(record, items)
    score = record.sum_by_unit(
        items.slope.take(record.tails.item) * likelihood.tail_score,
        items.slope.take(record.middle_item) * likelihood.middle_score,
    )
    information = precision * point.theta + score  # Σ βz, with z = βθ + score
    if is_linked:
        theta = smoother.smooth(record, precision, information, innovation_variance).mean
    else:
        theta = information / (precision + 1 / smoother.FIRST_VARIANCE)
    return Point(theta, items)


def slope_precision(record: VotingRecord, items: Items) -> Floats:
    """D = Σ β² over the votes of each state-session."""
    squared = items.slope**2
    return record.sum_by_unit(squared.take(record.tails.item), squared.take(record.middle_item))


def centre_and_scale(record: VotingRecord, theta: Floats) -> tuple[float, float]:
    """Mean and standard deviation over the state-sessions of sovereign states.

    Byelorussia and Ukraine before 1991 and India in 1946 have ideal points on this scale,
    but do not define it: they would count the Soviet and the British vote more than once.
    """
    sovereign = theta[record.is_sovereign] if record.is_sovereign.any() else theta
    spread = float(sovereign.std())
    return float(sovereign.mean()), spread if spread > 0 else 1.0


def standardise(record: VotingRecord, point: Point) -> Point:
    """Gives ideal points mean 0 and standard deviation 1; the likelihood stays the same."""
    centre, scale = centre_and_scale(record, point.theta)
    shift, n = point.items.slope * centre, record.n_items
    first = point.items.cuts[:n] - shift
    second = np.where(record.has_two_cuts, point.items.cuts[n:] - shift, 0)
    items = Items(point.items.slope * scale, np.concatenate([first, second]))
    return Point((point.theta - centre) / scale, items)


def pack(record: VotingRecord, point: Point) -> Floats:
    """All parameters as one vector in which any combination is valid: γ₂ = γ₁ + exp(·)."""
    first, second = point.items.cuts[: record.n_items], point.items.cuts[record.n_items :]
    gap = np.where(record.has_two_cuts, second - first, 1)
    return np.concatenate([point.theta, point.items.slope, first, np.log(gap)])


def unpack(record: VotingRecord, vector: Floats) -> Point:
    """The parameters of a vector that `pack` has made."""
    n = record.n_items
    theta, slope, first, log_gap = np.split(vector, np.cumsum([record.n_units, n, n]))
    second = np.where(record.has_two_cuts, first + np.exp(log_gap), 0)
    return Point(theta, Items(slope, np.concatenate([first, second])))
