"""Permutation of paths and of labels, against the long way."""

from itertools import combinations

import numpy as np
import pytest

from transforms.inference.label_permutation import label_effect
from transforms.inference.path_permutation import permuted_path_effect
from transforms.inference.permutation import permute_within


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    unit, period = np.divmod(np.arange(12 * 8), 8)
    kept = rng.random(len(unit)) < 0.85
    unit, period = unit[kept], period[kept]
    y = rng.normal(size=12)[unit] + rng.normal(size=8)[period] + rng.normal(size=len(unit))
    return unit, period, y, rng.uniform(1, 9, len(unit))


@pytest.fixture(scope="module")
def paths():
    first = np.array([3, 3, 5, 9, 9, 9, 3, 5, 9, 9, 9, 9])
    return np.arange(8)[None, :] >= first[:, None]


def by_dummies(y, x, w, *labels):
    """Coefficient of x and what is left of it and of y, by least squares on dummies."""
    dummies = np.hstack([np.eye(int(of.max()) + 1)[of] for of in labels])
    root = np.sqrt(w)[:, None]
    both = np.column_stack([x, y]) * root
    left = both - dummies * root @ np.linalg.lstsq(dummies * root, both)[0]
    tau = left[:, 0] @ left[:, 1] / (left[:, 0] @ left[:, 0])
    return tau, left[:, 0], left[:, 1]


def labelled_difference(y, w, unit, period, chosen):
    return by_dummies(y, 1.0 - np.isin(unit, chosen), w, period)[0]


def test_every_choice_of_labels_is_compared_by_least_squares(rows):
    unit, period, y, w = rows
    held = np.isin(np.arange(12), [1, 4, 7])
    found = label_effect(
        outcome=y,
        weights=w,
        unit=unit,
        period=period,
        is_labelled=held,
        rng=np.random.default_rng(1),
    )
    every = {c: labelled_difference(y, w, unit, period, c) for c in combinations(range(12), 3)}
    observed = every[(1, 4, 7)]
    values = np.array(list(every.values()))
    p = 2 * min(np.mean(values >= observed - 1e-12), np.mean(values <= observed + 1e-12))
    assert found is not None
    assert found.is_exact
    assert found.n_choices == len(every)
    assert found.estimate == pytest.approx(observed)
    assert found.p_value == pytest.approx(min(p, 1.0))


def test_ends_of_the_interval_are_where_the_test_begins_to_reject(rows):
    unit, period, y, w = rows
    held = np.isin(np.arange(12), [1, 4, 7])

    def found_at(effect):
        return label_effect(
            outcome=y - effect * ~held[unit],
            weights=w,
            unit=unit,
            period=period,
            is_labelled=held,
            rng=np.random.default_rng(1),
        )

    found = found_at(0.0)
    for end, outwards in ((found.ci_low, -1e-6), (found.ci_high, 1e-6)):
        assert found_at(end + outwards).p_value <= 0.05
        assert found_at(end - outwards).p_value > 0.05


def test_without_a_label_or_a_shared_period_there_is_no_difference(rows):
    unit, period, y, w = rows
    rng = np.random.default_rng(1)
    common = {"outcome": y, "weights": w, "unit": unit, "rng": rng}
    nobody = np.zeros(12, bool)
    assert label_effect(period=period, is_labelled=nobody, **common) is None
    apart = np.isin(np.arange(12), [1, 4, 7])
    assert label_effect(period=apart[unit] * 1, is_labelled=apart, **common) is None


def path_statistic(rows, paths, cluster, holder):
    unit, period, y, w = rows
    tau, x, z = by_dummies(y, paths[holder[unit], period] * 1.0, w, unit, period)
    scores = np.bincount(cluster[holder][unit], x * (z - tau * x))
    return tau, np.sqrt(np.sum(scores**2)) / (x @ x)


def test_paths_are_permuted_with_their_clusters(rows, paths):
    unit, period, y, w = rows
    cluster = np.array([0, 0, 1, 2, 3, 4, 0, 1, 5, 6, 7, 8])
    blocks = np.repeat([0, 1], 6)
    found = permuted_path_effect(
        outcome=y,
        weights=w,
        unit=unit,
        period=period,
        paths=paths,
        cluster=cluster,
        blocks=blocks,
        n_permutations=99,
        rng=np.random.default_rng(8),
    )
    order = permute_within(blocks, 99, np.random.default_rng(8))
    own = path_statistic(rows, paths, cluster, np.arange(12))
    t = [np.divide(*path_statistic(rows, paths, cluster, h)) for h in order]
    observed = own[0] / own[1]
    tails = np.sum(np.array(t) >= observed - 1e-9), np.sum(np.array(t) <= observed + 1e-9)
    assert found is not None
    assert (found.estimate, found.std_error) == pytest.approx(own)
    assert found.p_value == pytest.approx(min(1.0, 2 * (min(tails) + 1) / 100))
    assert found.n_blocks == 2
    assert found.ci_low is not None
    assert found.ci_high is not None
    assert found.ci_low < found.estimate < found.ci_high


def test_in_blocks_of_one_path_nothing_is_permuted(rows, paths):
    unit, period, y, w = rows
    blocks = np.unique(paths.sum(axis=1), return_inverse=True)[1]
    found = permuted_path_effect(
        outcome=y,
        weights=w,
        unit=unit,
        period=period,
        paths=paths,
        cluster=np.arange(12),
        blocks=blocks,
        n_permutations=19,
        rng=np.random.default_rng(8),
    )
    assert found is not None
    assert (found.n_blocks, found.p_value) == (0, 1.0)
    assert found.ci_low is None
