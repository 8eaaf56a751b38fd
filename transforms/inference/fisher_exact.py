"""Two groups and a yes or no: exact test, odds ratio, and the difference of two shares.

References: Newcombe 1998 (Stat. Med. 17:873–90), method 10, for the difference of shares; Cornfield
1956 for the exact conditional interval of the odds ratio (scipy has it too, at a hundred times the
time). Fisher's exact test is scipy's.
"""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import norm


@dataclass(frozen=True)
class TwoByTwo:
    """Counts of two groups.

    Attributes:
        first_yes: Of the first group, those that did.
        first_no: Of the first group, those that did not.
        second_yes: Of the second group, those that did.
        second_no: Of the second group, those that did not.
    """

    first_yes: int
    first_no: int
    second_yes: int
    second_no: int

    @property
    def n_first(self) -> int:
        """Size of the first group."""
        return self.first_yes + self.first_no

    @property
    def n_second(self) -> int:
        """Size of the second group."""
        return self.second_yes + self.second_no


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; an end that is infinite is None.

    Attributes:
        estimate: The estimate.
        low: Lower end.
        high: Upper end.
    """

    estimate: float | None
    low: float | None
    high: float | None


def odds_ratio(table: TwoByTwo) -> float | None:
    """Sample odds ratio (first_yes·second_no)/(first_no·second_yes).

    Args:
        table: Counts.

    Returns:
        The ratio, in (0, ∞); None where a cell is empty.
    """
    cells = (table.first_yes, table.first_no, table.second_yes, table.second_no)
    if 0 in cells:
        return None
    return (table.first_yes * table.second_no) / (table.first_no * table.second_yes)


def fisher_exact_p(table: TwoByTwo) -> float:
    """Two-sided p-value of Fisher's exact test.

    Args:
        table: Counts.

    Returns:
        Probability, given the margins, of a table at most as likely as this one.
    """
    from scipy.stats import fisher_exact

    return float(fisher_exact(_rows(table)).pvalue)


def exact_log_odds_ratio(table: TwoByTwo, level: float = 0.95) -> Interval:
    """Logarithm of the sample odds ratio with the exact conditional interval.

    Args:
        table: Counts.
        level: Coverage.

    Returns:
        Estimate (None where a cell is empty) and the ends of the interval that inverts two
        one-sided exact tests (None where infinite).
    """
    # X, the first group's share of all who did, has P(X = k) ∝ C(n₁, k) C(n₂, m − k) ψᵏ
    n_yes = table.first_yes + table.second_yes
    k = np.arange(max(0, n_yes - table.n_second), min(table.n_first, n_yes) + 1)
    weight = _log_choose(table.n_first, k) + _log_choose(table.n_second, n_yes - k)

    def end(tail: NDArray[np.bool_], at_limit: bool) -> float | None:
        if at_limit:  # the tail is certain whatever ψ: this end is infinite
            return None

        def excess(log_psi: float) -> float:
            terms = weight + k * log_psi
            likelihood = np.exp(terms - terms.max())
            return float(likelihood[tail].sum() / likelihood.sum()) - (1 - level) / 2

        return float(brentq(excess, -60, 60, xtol=1e-12))

    ratio = odds_ratio(table)
    return Interval(
        None if ratio is None else log(ratio),
        end(k >= table.first_yes, table.first_yes == k[0]),
        end(k <= table.first_yes, table.first_yes == k[-1]),
    )


def wilson_interval(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of one share.

    Args:
        successes: Those that did.
        n: All; at least one.
        level: Coverage.

    Returns:
        Lower and upper end, in [0, 1].
    """
    z = float(norm.ppf((1 + level) / 2))
    centre = 2 * successes + z * z
    spread = z * sqrt(z * z + 4 * successes * (n - successes) / n)
    scale = 2 * (n + z * z)
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def risk_difference(table: TwoByTwo, level: float = 0.95) -> Interval:
    """Share of the first group minus share of the second, with Newcombe's interval.

    The hybrid score interval (method 10) joins Wilson's intervals of the two shares:
    d − √{(p₁−l₁)² + (u₂−p₂)²} to d + √{(u₁−p₁)² + (p₂−l₂)²}.

    Args:
        table: Counts; neither group may be empty.
        level: Coverage.

    Returns:
        The difference, in [−1, 1], and its interval.

    Raises:
        ValueError: A group is empty.
    """
    if not (table.n_first and table.n_second):
        raise ValueError(f"a share of nobody is no share: {table}")
    p1, p2 = table.first_yes / table.n_first, table.second_yes / table.n_second
    l1, u1 = wilson_interval(table.first_yes, table.n_first, level)
    l2, u2 = wilson_interval(table.second_yes, table.n_second, level)
    difference = p1 - p2
    return Interval(
        difference,
        difference - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
        difference + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2),
    )


def _rows(table: TwoByTwo) -> list[list[int]]:
    return [[table.first_yes, table.first_no], [table.second_yes, table.second_no]]


def _log_choose(n: int, k: NDArray[np.int64]) -> NDArray[np.float64]:
    chosen: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return chosen
