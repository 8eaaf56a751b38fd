"""The penalised likelihood of Firth's logit and its maximum; see `transforms.inference.firth`.

Sums are taken by einsum, in one order, so that they do not depend on the number of threads.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_ITERATIONS = 500
MAX_STEP = 5.0  # per coefficient and iteration, on the logit scale
CONVERGED_STEP = 1e-9
SLACK = 1e-11  # rounding, when two heights are compared


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

    @cached_property
    def products(self) -> Floats:
        """Products of every two columns, rows × columns²."""
        n_rows, n_columns = self.x.shape
        return (self.x[:, :, None] * self.x[:, None, :]).reshape(n_rows, n_columns**2)

    def gram(self, weights: Floats) -> Floats:
        """X' diag(weights) X.

        Args:
            weights: One per row.
        """
        size = self.x.shape[1]
        sums: Floats = np.einsum("n,nq->q", weights, self.products)
        return sums.reshape(size, size)


@dataclass(frozen=True)
class Point:
    """What is known of ℓ* at one β.

    Attributes:
        log_likelihood: ℓ*; −∞ where the information is singular.
        score: U*, one per column.
        information_inverse: I(β)⁻¹.
        curvature: −∂U*/∂β.
        steady: The part of it that is positive definite everywhere: the information of
            n + h units per row.
    """

    log_likelihood: float
    score: Floats
    information_inverse: Floats
    curvature: Floats
    steady: Floats

    def reach(self, free: NDArray[np.int64]) -> Floats:
        """Inverse of the curvature over the free columns: what Newton's steps are made with.

        Where the curvature is not positive definite, its steady part takes its place. (I
        itself will not do: with it, steps for a group of one are twice too long for ever.)

        Args:
            free: Columns that move.
        """
        block = np.ix_(free, free)
        curved: Floats = self.curvature[block]
        if np.isfinite(curved).all() and _is_definite(curved):
            return _inverse(curved)
        return _inverse(self.steady[block])


def _is_definite(curved: Floats) -> bool:
    try:
        diagonal = np.diag(np.linalg.cholesky(curved))
    except np.linalg.LinAlgError:
        return False
    return bool(diagonal.min() ** 2 > 1e-10 * np.trace(curved))


def _inverse(curved: Floats) -> Floats:
    return np.asarray(np.linalg.inv(curved), dtype=np.float64)


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
        step[free] = np.einsum("ij,j->i", here.reach(free), here.score[free])
        largest = float(np.abs(step).max())
        if largest > MAX_STEP:
            step *= MAX_STEP / largest
        for _ in range(40):
            there = evaluate(data, beta + step)
            if there.log_likelihood >= here.log_likelihood - SLACK:
                break
            step /= 2
        beta, here = beta + step, there
        if float(np.abs(step).max()) < CONVERGED_STEP:
            return beta, here
    raise NotConvergedError(f"no maximum after {MAX_ITERATIONS} steps; last step {largest:.2g}")


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
    information = data.gram(variance)
    sign, log_determinant = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(log_determinant):
        unknown = np.full((len(beta), len(beta)), np.nan)
        return Point(-np.inf, np.full_like(beta, np.nan), unknown, unknown, unknown)
    inverse = _inverse(information)
    leverage = variance * np.einsum("nq,q->n", data.products, inverse.ravel())
    residual = units * (y - p) + leverage * (0.5 - p)
    log_likelihood = (units * (y * eta - np.logaddexp(0, eta))).sum()
    steady = data.gram((units + leverage) * p * (1 - p))
    return Point(
        log_likelihood=float(log_likelihood + log_determinant / 2),
        score=np.einsum("n,ni->i", residual, x),
        information_inverse=inverse,
        curvature=steady - _change_of_leverage(data, p, leverage, inverse),
        steady=steady,
    )


def _change_of_leverage(data: Units, p: Floats, leverage: Floats, inverse: Floats) -> Floats:
    """Σ (½ − p_i) x_i ∂h_i/∂β, by which −∂U*/∂β falls short of X'(n + h)p(1−p)X.

    With z_i = v_i(1 − 2p_i)x_i, v = np(1−p) and A = I⁻¹ it is
    ½ X'h(1−2p)²X − ½ Σ_ik z_i (x_i'A x_k)² z_k'.
    """
    lean = 1 - 2 * p
    size = len(inverse)
    z: Floats = data.x * (data.n * p * (1 - p) * lean)[:, None]
    third = np.einsum("nr,nq->rq", z, data.products).reshape(size, size, size)
    turned = np.einsum("rac,ab->rbc", third, inverse)
    turned = np.einsum("rbc,cd->rbd", turned, inverse).reshape(size, size**2)
    change = data.gram(leverage * lean**2)
    change -= np.einsum("rq,sq->rs", turned, third.reshape(size, size**2))
    return change / 2
