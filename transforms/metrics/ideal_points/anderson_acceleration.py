"""Anderson acceleration of a fixed-point iteration x → g(x).

The next point is the combination of the last images g whose residuals g(x) − x nearly cancel.
(Anderson 1965, J. ACM 12: 547-560; Walker and Ni 2011, SIAM J. Numer. Anal. 49: 1715-1735.)
"""

import numpy as np

from transforms.metrics.ideal_points.vote_arrays import Floats

RIDGE = 1e-10


class Anderson:
    """Stores the last points of an iteration and extrapolates.

    Args:
        memory: How many differences of points are used.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._images: list[Floats] = []
        self._residuals: list[Floats] = []

    def next_point(self, point: Floats, image: Floats) -> Floats:
        """The next point after `point`, given its image g(point)."""
        self._images.append(image)
        self._residuals.append(image - point)
        del self._images[: -self._memory - 1], self._residuals[: -self._memory - 1]
        if len(self._images) == 1:
            return image
        moves = np.diff(np.array(self._images), axis=0)
        changes = np.diff(np.array(self._residuals), axis=0)
        # einsum, not a matrix product: the same digits whatever the number of BLAS threads
        gram = np.einsum("ik,jk->ij", changes, changes)
        gram += RIDGE * np.trace(gram) * np.eye(len(gram))
        weights = np.linalg.solve(gram, np.einsum("ik,k->i", changes, self._residuals[-1]))
        point_next: Floats = image - np.einsum("i,ik->k", weights, moves)
        return point_next

    def reset(self) -> None:
        """Drops the stored points, after a rejected step."""
        self._images.clear()
        self._residuals.clear()
