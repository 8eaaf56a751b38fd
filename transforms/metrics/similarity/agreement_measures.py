"""Similarity of two rankings as closed forms of their joint table.

A joint table T (see `transforms.contingency_tables`) counts the items that the first actor puts in
category a and the second in category b; every measure below is arithmetic on T. Votes have
K = 3 ordered categories (yes, abstain, no), alliance portfolios K = 4 (from none to a defence
pact). All functions take an array (K, K, …) and return an array of the shape of its rest.

Notation: n the sum of T, D_o = Σ d·T / n the observed distance, d between 0 and d_max.
With integer counts each measure is one division of two exact integers (τ_b: and one square
root), so it is the same whatever the number of threads. T may also hold weighted counts.

References: Lijphart 1963 (APSR 57:902–17); Signorino & Ritter 1999 (ISQ 43:115–44);
Scott 1955 (POQ 19:321–5); Cohen 1960, 1968; Häge 2011 (PA 19:287–305).
"""

import numpy as np

from transforms.contingency_tables import Floats


def absolute(n_categories: int) -> Floats:
    """Distance |a − b| between categories, shape (K, K)."""
    place = np.arange(n_categories, dtype=np.float64)
    return np.abs(place[:, None] - place[None, :])


def squared(n_categories: int) -> Floats:
    """Distance (a − b)² between categories, shape (K, K)."""
    distance: Floats = absolute(n_categories) ** 2
    return distance


def nominal(n_categories: int) -> Floats:
    """Distance 1 between any two different categories, shape (K, K)."""
    return 1.0 - np.eye(n_categories)


def agreement(tables: Floats, distance: Floats) -> Floats:
    """Agreement A = 1 − D_o / d_max, in [0, 1]; NaN where n = 0.

    With `absolute` distance this is Lijphart's index of agreement, (f + ½g) / n for f equal
    votes and g votes of which one is an abstention, and Voeten's `agree`.
    """
    n, spread = _total(tables), _weigh(tables, distance)
    return _divide(distance.max() * n - spread, distance.max() * n)


def s_score(tables: Floats, distance: Floats) -> Floats:
    """Signorino and Ritter's S = 1 − 2·D_o / d_max, in [−1, 1]; NaN where n = 0.

    With `absolute` distance S = 2A − 1; `squared` is the form that Häge (2011) uses.
    """
    n, spread = _total(tables), _weigh(tables, distance)
    return _divide(distance.max() * n - 2.0 * spread, distance.max() * n)


def scott_pi(tables: Floats, distance: Floats) -> Floats:
    """Scott's π = 1 − D_o / D_e, with D_e = Σ d·q_a·q_b and q the mean of both margins.

    In [−1, 1]. NaN where n = 0 or where both actors use one and the same category only.
    """
    margin = _rows(tables) + _columns(tables)
    expected = _expect(margin, margin, distance)
    observed = 4.0 * _total(tables) * _weigh(tables, distance)
    return _divide(expected - observed, expected)


def cohen_kappa(tables: Floats, distance: Floats) -> Floats:
    """Cohen's (weighted) κ = 1 − D_o / D_e, with D_e = Σ d·r_a·c_b of the two margins.

    In [−1, 1]; 0 where just one actor is constant. NaN where n = 0 or where both actors use
    one and the same category only.
    """
    expected = _expect(_rows(tables), _columns(tables), distance)
    observed = _total(tables) * _weigh(tables, distance)
    return _divide(expected - observed, expected)


def kendall_tau_b(tables: Floats) -> Floats:
    """Kendall's τ_b = (C − D) / √((n0 − n1)(n0 − n2)), in [−1, 1].

    C and D are the concordant and discordant pairs of items, n0 = n(n − 1) / 2, n1 and n2
    the pairs tied in one ranking. NaN where n = 0 or where an actor is constant. Kept for
    comparison with older work (Bueno de Mesquita 1975), never as a default.
    """
    size = tables.shape[0]
    balance = np.zeros(tables.shape[2:])
    for a in range(size - 1):
        for b in range(size):
            above = tables[a + 1 :, b + 1 :].sum(axis=(0, 1))
            below = tables[a + 1 :, :b].sum(axis=(0, 1))
            balance += tables[a, b] * (above - below)
    apart = nominal(size)
    untied = [_expect(margin, margin, apart) for margin in (_rows(tables), _columns(tables))]
    tau: Floats = np.clip(_divide(2.0 * balance, np.sqrt(untied[0] * untied[1])), -1.0, 1.0)
    return tau


def _total(tables: Floats) -> Floats:
    total: Floats = tables.sum(axis=(0, 1))
    return total


def _rows(tables: Floats) -> Floats:
    rows: Floats = tables.sum(axis=1)
    return rows


def _columns(tables: Floats) -> Floats:
    columns: Floats = tables.sum(axis=0)
    return columns


def _weigh(tables: Floats, distance: Floats) -> Floats:
    """Σ d·T, term by term in a fixed order."""
    spread = np.zeros(tables.shape[2:])
    for a, b in zip(*np.nonzero(distance), strict=True):
        spread += distance[a, b] * tables[a, b]
    return spread


def _expect(first: Floats, second: Floats, distance: Floats) -> Floats:
    """Σ d·first_a·second_b, term by term in a fixed order."""
    expected = np.zeros(first.shape[1:])
    for a, b in zip(*np.nonzero(distance), strict=True):
        expected += distance[a, b] * first[a] * second[b]
    return expected


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient, NaN where the denominator is 0."""
    quotient: Floats = np.full(denominator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator > 0)
    return quotient
