"""The closed forms against worked values, other libraries and their own identities."""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau
from sklearn.metrics import cohen_kappa_score

from transforms.contingency_tables import (
    joint_counts,
    joint_tables,
    pair_tables,
    pairs,
    whole_weights,
)
from transforms.metrics.similarity.agreement_measures import (
    absolute,
    cohen_kappa,
    nominal,
    s_score,
    squared,
)
from transforms.metrics.similarity.vote_dyads import MEASURES, similarity

GOLDEN = json.loads((Path(__file__).parents[3] / "golden" / "similarity.json").read_text("utf-8"))
WORKED = {**GOLDEN["votes"], "portfolio": GOLDEN["portfolios"]["Germany and Russia 1914"]}
BOUNDED = [name for name in MEASURES if name != "agreement"]


def table_of(case):
    """The joint table (K, K) of a golden case: as given, or counted from two rows."""
    if "table" in case:
        return np.array(case["table"], float)
    rows = np.array([case["a"], case["b"]], np.int8)
    if "weights" in case:  # alliance portfolios: ranks 0 … 3 are the categories
        return joint_tables(rows + 1, n_categories=4)[:, :, 0, 1]
    return joint_tables(rows, n_categories=3)[:, :, 0, 1]


def measure(table):
    values = {"n_joint": table.sum(), "kappa_nominal": cohen_kappa(table, nominal(len(table)))}
    return values | {name: function(table) for name, function in MEASURES.items()}


@pytest.mark.parametrize("name", WORKED)
def test_worked_examples(name):
    expected = WORKED[name]["expected"]
    got = measure(table_of(WORKED[name]))
    assert got.keys() == expected.keys()
    for measure_name, value in expected.items():
        if value is None:
            assert math.isnan(got[measure_name]), measure_name
        else:
            assert got[measure_name] == pytest.approx(value, abs=5.1e-11), measure_name


def test_published_values_of_germany_and_russia_1914():
    case = WORKED["portfolio"]
    got = measure(table_of(case))
    assert got["tau_b"] == pytest.approx(0.03031695, abs=5e-9)
    assert got["kappa_sq"] == pytest.approx(-0.07758621, abs=5e-9)
    assert got["pi_nominal"] == pytest.approx(-0.04477612, abs=5e-9)
    ranks = np.array([case["a"], case["b"]], np.int8) + 1
    for scale in (1.0, 250.0):  # weights have no unit: only their proportions count
        weights = scale * np.array(case["weights"])
        weighted = joint_tables(ranks, n_categories=4, weights=weights)[:, :, 0, 1]
        assert s_score(weighted, absolute(4)) == pytest.approx(-0.46, abs=1e-12)


def test_published_values_of_usa_and_mexico_1946():
    got = measure(table_of(WORKED["USA and Mexico 1946"]))
    assert got["tau_b"] == pytest.approx(0.01431261, abs=5e-9)
    assert got["kappa_sq"] == pytest.approx(-0.01222707, abs=5e-9)
    assert got["pi_nominal"] == pytest.approx(-0.02775801, abs=5e-9)


def test_portfolios_of_four_states():
    toy = GOLDEN["portfolios"]["toy of four states"]
    ranks = np.array(toy["ranks"], np.int8) + 1
    plain = joint_tables(ranks, n_categories=4)
    weighted = joint_tables(ranks, n_categories=4, weights=np.array(toy["weights"]))
    for name, value in toy["expected"].items():
        measure_name, i, j = name.split()
        got = MEASURES[measure_name](plain)[int(i) - 1, int(j) - 1]
        assert got == pytest.approx(value, abs=5e-7), name
    for name, value in toy["expected_weighted_s_abs"].items():
        i, j = (int(place) - 1 for place in name.split())
        assert s_score(weighted, absolute(4))[i, j] == pytest.approx(value, abs=5e-7), name


@pytest.mark.parametrize(
    "weights", [np.ones(2), np.array([1.0, -1.0, 0.0]), np.array([1.0, np.nan, 0.0])]
)
def test_weights_that_are_not_one_number_per_item_are_refused(weights):
    with pytest.raises(ValueError, match="3 finite numbers"):
        joint_tables(np.ones((2, 3), np.int8), n_categories=3, weights=weights)


@st.composite
def ballots(draw, n_actors=2):
    n_items = draw(st.integers(1, 25))
    row = st.lists(st.sampled_from([0, 1, 2, 3]), min_size=n_items, max_size=n_items)
    return np.array([draw(row) for _ in range(n_actors)], np.int8)


@given(ballots())
def test_agrees_with_scikit_learn_and_scipy(rows):
    a, b = rows[:, (rows > 0).all(axis=0)]
    got = {name: values[0] for name, values in similarity(rows).items()}
    if len(a) == 0:
        assert all(math.isnan(got[name]) for name in MEASURES)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tau = kendalltau(a, b).statistic
        if len(set(a) | set(b)) > 1:
            for name, scheme in (("kappa_abs", "linear"), ("kappa_sq", "quadratic")):
                other = cohen_kappa_score(a, b, labels=[1, 2, 3], weights=scheme)
                assert got[name] == pytest.approx(other, abs=1e-12)
            margin = np.concatenate([a, b])  # π is κ of two raters who share one margin
            shared = np.array([[np.mean(margin == k)] for k in (1, 2, 3)])
            expected = float(((squared(3) / 4) * (shared @ shared.T)).sum())
            observed = float(np.mean((a - b) ** 2 / 4))
            assert got["pi_sq"] == pytest.approx(1 - observed / expected, abs=1e-12)
    if math.isnan(tau):
        assert math.isnan(got["tau_b"])
    else:
        assert got["tau_b"] == pytest.approx(tau, abs=1e-12)


@given(ballots(n_actors=5))
def test_identities_bounds_and_symmetry(rows):
    tables = joint_tables(rows, n_categories=3)
    values = {name: function(tables) for name, function in MEASURES.items()}
    np.testing.assert_allclose(values["s_abs"], 2 * values["agreement"] - 1, atol=1e-12)
    for name, measured in values.items():
        np.testing.assert_array_equal(measured, measured.T, err_msg=name)  # bit by bit
        own = np.diagonal(measured)
        assert np.all(np.isnan(own) | (own == 1)), name
    for name in BOUNDED:
        assert np.all(np.isnan(values[name]) | (np.abs(values[name]) <= 1)), name
    assert np.all(np.isnan(values["agreement"]) | (values["agreement"] >= 0))
    np.testing.assert_array_equal(np.isnan(values["agreement"]), tables.sum(axis=(0, 1)) == 0)


@given(ballots(n_actors=3))
def test_swapping_yes_and_no_changes_nothing(rows):
    swapped = np.select([rows == 1, rows == 3], [3, 1], rows).astype(np.int8)
    for name, values in similarity(rows).items():
        np.testing.assert_array_equal(values, similarity(swapped)[name], err_msg=name)


@given(ballots(n_actors=3), st.integers(1, 4))
def test_integer_weights_repeat_items(rows, times):
    weights = np.full(rows.shape[1], float(times))
    weighted = joint_tables(rows, n_categories=3, weights=weights)
    repeated = joint_tables(np.tile(rows, times), n_categories=3)
    np.testing.assert_array_equal(weighted, repeated)


def test_pairs_come_in_the_order_of_the_upper_triangle():
    rows = np.random.default_rng(7).integers(0, 4, (6, 30)).astype(np.int8)
    tables = joint_tables(rows, n_categories=3)
    first, second = np.triu_indices(6, 1)
    np.testing.assert_array_equal(pairs(tables), tables[:, :, first, second])


@given(ballots(n_actors=4))
def test_four_products_count_what_the_whole_table_does(rows):
    tables = pairs(joint_tables(rows, n_categories=3))
    counted = joint_counts(rows)
    np.testing.assert_array_equal(counted["n_joint"], tables.sum(axis=(0, 1)))
    np.testing.assert_array_equal(counted["n_same"], tables[[0, 1, 2], [0, 1, 2]].sum(axis=0))
    np.testing.assert_array_equal(counted["n_opposite"], tables[0, 2] + tables[2, 0])
    rest = counted["n_joint"] - counted["n_same"] - counted["n_opposite"]
    np.testing.assert_array_equal(counted["n_partial"], rest)


@given(ballots(n_actors=4), st.booleans())
def test_the_tables_of_pairs_are_those_of_all(rows, is_weighted):
    weights = np.arange(rows.shape[1]) / 4 if is_weighted else None
    expected = pairs(joint_tables(rows, n_categories=3, weights=weights))
    blocks = list(pair_tables(rows, n_categories=3, weights=weights))
    np.testing.assert_array_equal(np.concatenate(blocks, axis=-1), expected)


def test_many_pairs_are_measured_like_few():
    rows = np.random.default_rng(1).integers(0, 4, (260, 9)).astype(np.int8)  # 33,670 pairs
    tables = joint_tables(rows, n_categories=3)
    first, second = np.triu_indices(260, 1)
    for name, values in similarity(rows).items():
        whole = MEASURES[name](tables) if name in MEASURES else tables.sum(axis=(0, 1))
        np.testing.assert_array_equal(values, whole[first, second], err_msg=name)


@given(st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=20))
def test_whole_weights_keep_their_proportions(weights):
    whole = whole_weights(np.array(weights))
    assert np.array_equal(whole, np.rint(whole))
    largest = max(weights)
    if largest > 0:
        np.testing.assert_allclose(whole / whole.max(), np.array(weights) / largest, atol=1e-12)


def test_a_weight_that_is_not_known_weighs_nothing():
    assert whole_weights(np.array([np.nan, 1.0])).tolist() == [0.0, 2.0**41]
