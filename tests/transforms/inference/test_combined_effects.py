"""Sums of effects against one regression that has both, and the jackknife against known bias."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from transforms.inference.combined_effects import combined, first_halves, half_panel_jackknife
from transforms.inference.two_way_effects import two_way_effect


def panel(rng, n_units=40, n_periods=16, rho=0.6, effect=0.5):
    """y on its own lag and x, which follows y: what effects of units bias."""
    own = rng.normal(size=n_units)
    y, rows = own / (1 - rho), []
    for period in range(-20, n_periods):
        x = rng.normal(size=n_units) + 0.3 * y
        before, y = y, own + rho * y + effect * x + rng.normal(size=n_units)
        rows += [(i, period, y[i], before[i], x[i]) for i in range(n_units) if period >= 0]
    frame = pd.DataFrame(rows, columns=["unit", "period", "y", "before", "x"])
    return frame.sort_values(["unit", "period"]).reset_index(drop=True)


def fit(frame, outcome="y", controls=("before",), regressor="x"):
    return two_way_effect(
        outcome=frame[outcome].to_numpy(),
        regressor=frame[regressor].to_numpy(),
        weights=np.ones(len(frame)),
        unit=frame["unit"].to_numpy(),
        period=frame["period"].to_numpy(),
        cluster=frame["unit"].to_numpy(),
        controls=frame[list(controls)].to_numpy() if controls else None,
    )


def test_the_difference_of_two_outcomes_is_the_effect_on_their_difference():
    frame = panel(np.random.default_rng(1))
    frame["both"] = frame["y"] - 0.5 * frame["before"]
    parts = [(1.0, fit(frame, "y", ())), (-0.5, fit(frame, "before", ()))]
    found, expected = combined(parts), fit(frame, "both", ())
    for name in ("estimate", "std_error", "ci_low", "ci_high", "p_value", "n"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-10), name


def test_effects_of_separate_samples_add_their_squared_errors():
    frame = panel(np.random.default_rng(2))
    one, two = fit(frame[frame["unit"] < 20]), fit(frame[frame["unit"] >= 20])
    found = combined([(1.0, one), (-1.0, two)])
    assert found is not None
    assert found.std_error == pytest.approx(np.hypot(one.std_error, two.std_error))
    assert len(found.clusters) == 40


def test_an_effect_less_itself_has_no_error():
    one = fit(panel(np.random.default_rng(3)))
    assert combined([(1.0, one), (-1.0, one)]) is None


def test_halves_are_cut_in_the_middle_of_each_unit():
    unit = np.array(["b", "a", "a", "a", "b", "a", "a"])
    period = np.array([9, 3, 1, 2, 5, 8, 7])
    assert first_halves(unit, period).tolist() == [False, False, True, True, True, False, False]


def test_the_jackknife_is_twice_the_whole_less_the_mean_of_the_halves():
    frame = panel(np.random.default_rng(4)).sample(frac=0.9, random_state=1)
    unit, period = frame["unit"].to_numpy(), frame["period"].to_numpy()
    found = half_panel_jackknife(lambda kept: fit(frame[kept]), unit, period)
    assert found is not None
    rank = frame.groupby("unit")["period"].rank(method="first")
    size = frame.groupby("unit")["period"].transform("size")
    parts = [frame, frame[rank <= size // 2], frame[rank > size // 2]]
    whole, early, late = (
        pf.feols("y ~ x + before | unit + period", part, {"CRV1": "unit"}).coef()["x"]
        for part in parts
    )
    share = len(parts[1]) / len(frame)
    expected = 2 * whole - share * early - (1 - share) * late
    assert found.estimate == pytest.approx(expected, abs=1e-8)


def test_the_jackknife_takes_out_most_of_the_bias_of_a_lagged_outcome():
    rng = np.random.default_rng(6)
    plain, corrected, covered = [], [], 0
    for _ in range(100):
        frame = panel(rng)

        def on(kept, frame=frame):
            return fit(frame[kept], controls=("x",), regressor="before")

        plain.append(on(np.ones(len(frame), bool)).estimate)
        unit, period = frame["unit"].to_numpy(), frame["period"].to_numpy()
        found = half_panel_jackknife(on, unit, period)
        assert found is not None
        corrected.append(found.estimate)
        covered += found.ci_low <= 0.6 <= found.ci_high
    assert np.mean(plain) < 0.58
    assert abs(np.mean(corrected) - 0.6) < (0.6 - np.mean(plain)) / 4
    assert covered >= 86


def test_a_half_that_says_nothing_leaves_no_jackknife():
    frame = panel(np.random.default_rng(7))
    frame.loc[frame["period"] < 8, "x"] = 0.0
    unit, period = frame["unit"].to_numpy(), frame["period"].to_numpy()
    assert half_panel_jackknife(lambda kept: fit(frame[kept]), unit, period) is None
