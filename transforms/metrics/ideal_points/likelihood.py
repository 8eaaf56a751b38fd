r"""Probabilities of votes and their derivatives, exact in the tails.

The vote of state i on item v is that of a latent z = β_v θ_i + ε, ε ~ N(0, 1): yes below the
first cutpoint γ₁, no above the second γ₂, abstain between them. Yes comes first because
the item's slope is free: a text on which states with high θ vote no has β > 0.

With m(x) = (1 − Φ(x)) / φ(x), the Mills ratio, no probability is formed that could underflow:

* tail, x = ± (γ − βθ): φ(x) / Φ(x) = 1 / m(−x);
* middle, γ₁ − βθ = a < b = γ₂ − βθ: φ(a) / P = 1 / (m(a) − m(b) r) and φ(b) / P = r φ(a) / P,
  with r = φ(b) / φ(a); computed from the side on which a + b ≥ 0, so that r ≤ 1.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx

from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord

_ROOT_HALF = np.sqrt(0.5)
_ROOT_HALF_PI = np.sqrt(np.pi / 2)
LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)
_FAR = 37.0
"""Beyond it Φ is 1 in double precision and the Mills ratio of the other side overflows."""


@dataclass(frozen=True)
class Items:
    """Parameters of the items.

    Attributes:
        slope: β, one per item.
        cuts: First cutpoints, then second ones; an item with two categories has only the
            first, its second is 0 and never read.
    """

    slope: Floats
    cuts: Floats


@dataclass(frozen=True)
class Likelihood:
    """Likelihood of a record, and the terms of its derivatives.

    Attributes:
        log_likelihood: Sum over all votes of log P(vote).
        tail_x: x of each tail vote.
        tail_ratio: φ(x) / Φ(x).
        low: a of each middle vote.
        high: b.
        low_ratio: φ(a) / P.
        high_ratio: φ(b) / P.
        tail_score: d log P / d(βθ) of each tail vote; added to βθ it is E[z | vote].
        middle_score: The same of each middle vote.
    """

    log_likelihood: float
    tail_x: Floats
    tail_ratio: Floats
    low: Floats
    high: Floats
    low_ratio: Floats
    high_ratio: Floats
    tail_score: Floats
    middle_score: Floats

    def information(self) -> tuple[Floats, Floats]:
        """−d² log P / d(βθ)² of tail and middle votes; between 0 and 1."""
        tails = self.tail_ratio * (self.tail_x + self.tail_ratio)
        difference = self.low_ratio - self.high_ratio
        middles = difference**2 - self.low * self.low_ratio + self.high * self.high_ratio
        return tails, middles


def evaluate(record: VotingRecord, theta: Floats, items: Items) -> Likelihood:
    """Evaluates the likelihood.

    Args:
        record: The votes.
        theta: Ideal point of each state-session.
        items: Slopes and cutpoints, γ₁ < γ₂.
    """
    tails = items.slope.take(record.tails.item) * theta.take(record.tails.unit)
    middles = items.slope.take(record.middle_item) * theta.take(record.middle_unit)
    return evaluate_latent(record, tails, middles, items.cuts)


def evaluate_latent(
    record: VotingRecord, of_tails: Floats, of_middles: Floats, cuts: Floats
) -> Likelihood:
    """Evaluates the likelihood where something else than β times θ stands before the error.

    Args:
        record: The votes.
        of_tails: Mean of the latent z of each tail vote.
        of_middles: The same of each middle vote.
        cuts: Cutpoints, as in `Items`.
    """
    tails = record.tails
    x = cuts.take(tails.cut)
    x -= of_tails
    x *= tails.sign
    np.minimum(x, _FAR, out=x)
    ratio = 1 / _mills(-x)
    log_tails = -(0.5 * np.sum(x * x) + np.sum(np.log(ratio)) + len(x) * LOG_ROOT_2PI)

    low = cuts.take(record.middle_item) - of_middles
    high = cuts.take(record.middle_item + record.n_items) - of_middles
    low_ratio, high_ratio, log_middles = _middle(low, high)
    return Likelihood(
        log_likelihood=float(log_tails + log_middles),
        tail_x=x,
        tail_ratio=ratio,
        low=low,
        high=high,
        low_ratio=low_ratio,
        high_ratio=high_ratio,
        tail_score=-tails.sign * ratio,
        middle_score=low_ratio - high_ratio,
    )


def _middle(low: Floats, high: Floats) -> tuple[Floats, Floats, float]:
    """φ(a)/P, φ(b)/P and the sum of log P for a < z < b."""
    mirrored = low + high < 0
    near = np.maximum(np.where(mirrored, -high, low), -_FAR)
    far = np.where(mirrored, -low, high)
    r = np.exp(-0.5 * (far - near) * (far + near))
    near_ratio = 1 / (_mills(near) - _mills(far) * r)
    far_ratio = near_ratio * r
    log_p = -float(0.5 * np.sum(near**2) + np.sum(np.log(near_ratio)) + len(low) * LOG_ROOT_2PI)
    return (
        np.where(mirrored, far_ratio, near_ratio),
        np.where(mirrored, near_ratio, far_ratio),
        log_p,
    )


def _mills(x: Floats) -> Floats:
    """(1 − Φ(x)) / φ(x)."""
    mills: Floats = _ROOT_HALF_PI * erfcx(x * _ROOT_HALF)
    return mills
