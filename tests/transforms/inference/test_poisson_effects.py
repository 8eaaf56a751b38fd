"""Poisson regression with two sets of effects, against pyfixest on the same rows."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from transforms.inference.poisson_effects import informative_rows, poisson_effect


@pytest.fixture(scope="module")
def rows():
    """Twenty hosts in fifteen years, skewed, many zeros; one host and one year without anybody."""
    rng = np.random.default_rng(5)
    host, year = np.divmod(np.arange(20 * 15), 15)
    frame = pd.DataFrame({"host": host, "year": year, "wave": [f"wave {h // 2}" for h in host]})
    frame["x"], frame["z"] = rng.normal(size=(2, len(frame)))
    mean = np.exp(rng.normal(2, 1.5, 20)[host] + rng.normal(0, 0.3, 15)[year] + 0.3 * frame["x"])
    frame["y"] = rng.poisson(mean * rng.gamma(1, 1, len(frame))).astype(float)
    frame.loc[(frame["host"] == 19) | (frame["year"] == 14), "y"] = 0.0
    return frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)


def ours(frame, controls=("z",), outcome="y"):
    return poisson_effect(
        outcome=frame[outcome].to_numpy(),
        regressor=frame["x"].to_numpy(),
        unit=frame["host"].to_numpy(),
        period=frame["year"].to_numpy(),
        cluster=frame["wave"].to_numpy(),
        controls=frame[list(controls)].to_numpy() if controls else None,
    )


@pytest.mark.parametrize("controls", [(), ("z",)])
def test_effect_and_error_are_those_of_pyfixest(rows, controls):
    right = " + ".join(("x", *controls))
    fit = pf.fepois(f"y ~ {right} | host + year", rows, vcov={"CRV1": "wave"}, iwls_tol=1e-12)
    found = ours(rows, controls)
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["x"], abs=1e-8)
    assert found.std_error == pytest.approx(fit.se()["x"], rel=1e-6)
    assert found.n == fit._N


def test_rows_whose_mean_can_only_be_0_are_left_out(rows):
    kept = informative_rows(*(rows[c].to_numpy() for c in ("y", "host", "year")))
    assert set(rows["host"][~kept]) >= {19}
    assert not ((rows["host"] == 19) | (rows["year"] == 14))[kept].any()
    without = ours(rows[kept].reset_index(drop=True))
    assert without is not None
    assert without.estimate == pytest.approx(ours(rows).estimate, abs=1e-12)


def test_the_score_is_that_of_the_model_without_the_regressor(rows):
    """Residuals y − μ with no effect, times x less what the others explain, μ as weights."""
    frame = rows[informative_rows(*(rows[c].to_numpy() for c in ("y", "host", "year")))]
    null = pf.fepois("y ~ z | host + year", frame, vcov="iid", iwls_tol=1e-12)
    mean = null.predict(type="response")
    dummies = pd.get_dummies(frame[["host", "year"]].astype(str)).to_numpy(float)
    others = np.column_stack([dummies, frame["z"]]) * np.sqrt(mean)[:, None]
    x = frame["x"].to_numpy() * np.sqrt(mean)
    left = (x - others @ np.linalg.lstsq(others, x)[0]) / np.sqrt(mean)
    expected = pd.Series(left * (frame["y"].to_numpy() - mean)).groupby(frame["wave"].to_numpy())
    found = ours(rows)
    assert found is not None
    np.testing.assert_allclose(found.scores, expected.sum(), rtol=1e-5, atol=1e-5)


def test_without_a_positive_outcome_or_variation_there_is_no_effect(rows):
    assert ours(rows.assign(y=0.0)) is None
    assert ours(rows.assign(x=1.0)) is None


def test_a_negative_outcome_is_refused(rows):
    with pytest.raises(ValueError, match="negative"):
        ours(rows.assign(y=-1.0))
    with pytest.raises(ValueError, match="negative"):
        ours(rows.assign(y=np.nan))
