"""The penalised likelihood of Firth's logit and its maximum; see `transforms.inference.firth`.

Sums are taken by einsum, in one order, so that they do not depend on the number of threads.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_ITERATIONS = 500
MAX_STEP = 5.0  # per coefficient and iteration, on the logit scale
CONVERGED_STEP = 1e-10


class NotConvergedError(RuntimeError):
    """The penalised likelihood has no maximum that Newton's steps reach."""


@dataclass(frozen=True)
class Units:
    """What is fitted: rows of a design with a response, each for so many units.

    Attributes:
        x: Design, rows × columns.
        y: Response per row.
        n: Units per row.
    """

    x: Floats
    y: Floats
    n: Floats


@dataclass(frozen=True)
class Point:
    """What is known of ℓ* at one β.

    Attributes:
        log_likelihood: ℓ*; −∞ where the information is singular.
        score: U*, one per column.
        information_inverse: I(β)⁻¹.
    """

    log_likelihood: float
    score: Floats
    information_inverse: Floats


def maximize(data: Units, start: Floats, *, fixed: int | None = None) -> tuple[Floats, Point]:
    """Maximises ℓ* by Newton's steps with halving.

    Args:
        data: What is fitted.
        start: First β.
        fixed: Column whose coefficient stays at its value in `start`; ℓ* keeps its full
            penalty then, that of the model with all columns.

    Returns:
        β and what is known of ℓ* there.

    Raises:
        NotConvergedError: No maximum was found.
    """
    free = np.array([c for c in range(len(start)) if c != fixed])
    beta, here = start.copy(), evaluate(data, start)
    if free.size == 0:
        return beta, here
    for _ in range(MAX_ITERATIONS):
        step = np.zeros_like(beta)
        step[free] = _newton_step(here, free)
        largest = float(np.abs(step).max())
        if largest > MAX_STEP:
            step *= MAX_STEP / largest
        for _ in range(40):
            there = evaluate(data, beta + step)
            if there.log_likelihood >= here.log_likelihood - 1e-12:
                break
            step /= 2
        beta, here = beta + step, there
        if float(np.abs(step).max()) < CONVERGED_STEP:
            return beta, here
    raise NotConvergedError(f"no maximum after {MAX_ITERATIONS} steps; last step {largest:.2g}")


def _newton_step(here: Point, free: NDArray[np.int64]) -> Floats:
    """I⁻¹U* over the free columns, I being that of the free columns alone."""
    inverse = here.information_inverse
    if free.size == len(inverse):
        whole: Floats = np.einsum("ij,j->i", inverse, here.score)
        return whole
    (held,) = set(range(len(inverse))) - set(free.tolist())
    # the inverse of a block from the inverse of the whole: A⁻¹ = B − bbᵀ/b₀
    across = inverse[free, held]
    block = inverse[np.ix_(free, free)] - np.outer(across, across) / inverse[held, held]
    part: Floats = np.einsum("ij,j->i", block, here.score[free])
    return part


def evaluate(data: Units, beta: Floats) -> Point:
    """What is known of ℓ* at β.

    Args:
        data: What is fitted.
        beta: Coefficients, one per column.
    """
    x, y, units = data.x, data.y, data.n
    eta = np.einsum("ni,i->n", x, beta)
    p = 1 / (1 + np.exp(-np.clip(eta, -700, 700)))
    variance = units * p * (1 - p)
    information = np.einsum("ni,nj->ij", x * variance[:, None], x)
    sign, log_determinant = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(log_determinant):
        unknown = np.full((len(beta), len(beta)), np.nan)
        return Point(-np.inf, np.full_like(beta, np.nan), unknown)
    inverse = np.linalg.inv(information)
    leverage = variance * (np.einsum("ni,ij->nj", x, inverse) * x).sum(axis=1)
    residual = units * (y - p) + leverage * (0.5 - p)
    log_likelihood = -(units * (y * np.logaddexp(0, -eta) + (1 - y) * np.logaddexp(0, eta))).sum()
    return Point(
        float(log_likelihood + log_determinant / 2), np.einsum("n,ni->i", residual, x), inverse
    )
