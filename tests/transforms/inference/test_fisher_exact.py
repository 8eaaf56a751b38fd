"""Two groups and a yes or no, against published examples and the libraries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats.contingency import odds_ratio as conditional_odds_ratio

from transforms.inference.fisher_exact import (
    TwoByTwo,
    exact_log_odds_ratio,
    fisher_exact_p,
    odds_ratio,
    risk_difference,
)

# Newcombe 1998, table II, method 10: cells, lower and upper end
NEWCOMBE = [
    ((56, 14, 48, 32), 0.0524, 0.3339),
    ((9, 1, 3, 7), 0.1705, 0.8090),
    ((6, 1, 2, 5), 0.0582, 0.8062),
    ((5, 51, 0, 29), -0.0381, 0.1926),
    ((0, 10, 0, 20), -0.1611, 0.2775),
    ((0, 10, 0, 10), -0.2775, 0.2775),
    ((10, 0, 0, 20), 0.6791, 1.0000),
    ((10, 0, 0, 10), 0.6075, 1.0000),
]
CELLS = st.tuples(*[st.integers(0, 40)] * 4).filter(lambda c: c[0] + c[1] > 0 and c[2] + c[3] > 0)


@pytest.mark.parametrize(("cells", "low", "high"), NEWCOMBE)
def test_published_intervals_of_a_difference(cells, low, high):
    found = risk_difference(TwoByTwo(*cells))
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@settings(max_examples=40)
@given(CELLS)
def test_difference_is_that_of_statsmodels(cells):
    from statsmodels.stats.proportion import confint_proportions_2indep

    table = TwoByTwo(*cells)
    theirs = confint_proportions_2indep(
        table.first_yes, table.n_first, table.second_yes, table.n_second, method="newcomb"
    )
    found = risk_difference(table)
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.estimate is not None
    assert -1 <= found.low <= found.estimate <= found.high <= 1


@settings(max_examples=40)
@given(CELLS)
def test_exact_interval_is_that_of_scipy(cells):
    found = exact_log_odds_ratio(TwoByTwo(*cells))
    rows = [cells[:2], cells[2:]]
    if 0 in (cells[0] + cells[2], cells[1] + cells[3]):
        assert found.estimate is None  # nobody did, or everybody: scipy has no interval
        return
    theirs = conditional_odds_ratio(rows).confidence_interval(0.95)
    expected = [None if e in (0, np.inf) else np.log(e) for e in (theirs.low, theirs.high)]
    assert [found.low, found.high] == pytest.approx(expected, abs=1e-6)


def test_support_for_the_invasion_of_iraq_by_ties_of_any_day():
    table = TwoByTwo(28, 35, 20, 107)
    assert odds_ratio(table) == pytest.approx(4.280, abs=5e-4)
    assert fisher_exact_p(table) == pytest.approx(3.5e-5, abs=5e-7)


def test_an_empty_cell_has_no_odds_ratio_but_a_test():
    table = TwoByTwo(5, 0, 3, 4)
    assert odds_ratio(table) is None
    found = exact_log_odds_ratio(table)
    assert found.estimate is None
    assert found.high is None
    assert found.low is not None
    assert 0 < fisher_exact_p(table) < 1


def test_an_empty_group_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        risk_difference(TwoByTwo(0, 0, 1, 1))
