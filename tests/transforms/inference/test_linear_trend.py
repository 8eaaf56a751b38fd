"""Slopes with Newey and West's error, against the formula."""

import numpy as np
import pytest

from transforms.inference.linear_trend import linear_trend


def test_slope_and_error_are_those_of_the_formula():
    rng = np.random.default_rng(3)
    time = np.arange(70.0) / 10
    values = 2 + 0.7 * time + np.convolve(rng.normal(size=72), [0.5, 0.3, 0.2], "valid")
    found = linear_trend(time, values)
    assert found is not None
    x = time - time.mean()
    slope = x @ values / (x @ x)
    moment = x * (values - values.mean() - slope * x)
    lags = int(4 * (70 / 100) ** (2 / 9))
    total = moment @ moment
    for lag in range(1, lags + 1):
        total += 2 * (1 - lag / (lags + 1)) * (moment[lag:] @ moment[:-lag])
    error = np.sqrt(total) / (x @ x)
    assert found.estimate == pytest.approx(slope)
    assert found.std_error == pytest.approx(error)
    t = 1.9954689314298424  # .975 of t on 68 degrees of freedom
    assert found.ci_high - found.estimate == pytest.approx(t * error)
    assert found.n == 70


def test_short_or_constant_series_have_no_trend():
    assert linear_trend(np.arange(9.0), np.arange(9.0) ** 2) is None
    assert linear_trend(np.arange(12.0), np.ones(12)) is None
