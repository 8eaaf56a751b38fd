"""Weighted effects of two sets, against pyfixest on the same rows and against dummies."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from transforms.inference.two_way_effects import TwoWayDesign, two_way_effect


@pytest.fixture(scope="module")
def rows():
    """Twenty states, some of them twice in a cluster, in sessions with gaps; unequal weights."""
    rng = np.random.default_rng(11)
    state, session = np.divmod(np.arange(20 * 12), 12)
    frame = pd.DataFrame({"state": state, "session": session})
    frame["cluster"] = [f"wave {s}" if s < 6 else f"state {s}" for s in state // 3 + state % 2]
    frame["ally"] = ((state % 3 == 0) & (session >= 4 + state % 5)).astype(float)
    frame["z"], frame["v"] = rng.normal(size=(2, len(frame)))
    frame["era"] = state * 2 + (session > 6)
    frame["w"] = rng.uniform(0.5, 9.0, len(frame))
    effect = rng.normal(size=20)[state] + rng.normal(size=12)[session]
    frame["y"] = effect + 0.4 * frame["ally"] + 0.2 * frame["z"] + rng.normal(size=len(frame))
    return frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)


def ours(frame, *, unit, controls=(), cluster="cluster", period="session"):
    return two_way_effect(
        outcome=frame["y"].to_numpy(),
        regressor=frame["ally"].to_numpy(),
        weights=frame["w"].to_numpy(),
        unit=frame[unit].to_numpy(),
        period=frame[period].to_numpy(),
        cluster=frame[cluster].to_numpy(),
        controls=frame[list(controls)].to_numpy() if controls else None,
    )


@pytest.mark.parametrize("unit", ["state", "era"])
@pytest.mark.parametrize("cluster", ["cluster", "state", "session"])
@pytest.mark.parametrize("controls", [(), ("z", "v")])
def test_effect_error_and_interval_are_those_of_pyfixest(rows, unit, cluster, controls):
    right = " + ".join(("ally", *controls))
    fit = pf.feols(f"y ~ {right} | {unit} + session", rows, {"CRV1": cluster}, weights="w")
    found = ours(rows, unit=unit, controls=controls, cluster=cluster)
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["ally"], abs=1e-8)
    assert found.std_error == pytest.approx(fit.se()["ally"], rel=1e-6)
    assert found.p_value == pytest.approx(fit.pvalue()["ally"], rel=1e-5)
    assert [found.ci_low, found.ci_high] == pytest.approx(fit.confint().loc["ally"], abs=1e-6)


def test_without_effects_of_states_it_is_a_comparison_within_sessions(rows):
    rows = rows.assign(all=0)
    fit = pf.feols("y ~ ally | session", rows, {"CRV1": "state"}, weights="w")
    found = ours(rows, unit="all", cluster="state")
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["ally"], abs=1e-8)
    assert found.std_error == pytest.approx(fit.se()["ally"], rel=1e-6)


def test_without_effects_of_sessions_it_is_a_comparison_within_states(rows):
    fit = pf.feols("y ~ ally | state", rows, {"CRV1": "session"}, weights="w")
    found = ours(rows.assign(all=0), unit="state", period="all", cluster="session")
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["ally"], abs=1e-8)
    assert found.std_error == pytest.approx(fit.se()["ally"], rel=1e-6)


def test_scores_are_those_of_the_model_without_the_regressor(rows):
    """By dummies: residuals under the null, times what is left of the regressor."""
    dummies = pd.get_dummies(rows[["state", "session"]].astype(str)).to_numpy(float)
    root = np.sqrt(rows["w"].to_numpy())[:, None]
    both = rows[["ally", "y"]].to_numpy() * root
    left = both - dummies * root @ np.linalg.lstsq(dummies * root, both)[0]
    expected = pd.Series(left[:, 0] * left[:, 1]).groupby(rows["cluster"]).sum()
    found = ours(rows, unit="state")
    assert found is not None
    assert list(found.clusters) == list(expected.index)
    np.testing.assert_allclose(found.scores, expected, atol=1e-9)


def test_a_control_that_others_explain_changes_nothing(rows):
    rows = rows.assign(twice=rows["z"] * 2 + rows["state"])
    one, two = (ours(rows, unit="state", controls=c) for c in (("z",), ("z", "twice")))
    assert one is not None
    assert two is not None
    assert two.std_error == pytest.approx(one.std_error, abs=1e-9)


def test_what_the_effects_explain_has_no_coefficient(rows):
    assert ours(rows.assign(ally=rows["state"] * 1.0), unit="state") is None
    assert ours(rows.assign(all=0), unit="state", cluster="all") is None
    assert ours(rows.head(0), unit="state") is None
    design = TwoWayDesign(
        regressor=rows["ally"].to_numpy(),
        weights=rows["w"].to_numpy(),
        unit=rows["state"].to_numpy(),
        period=rows["session"].to_numpy(),
        cluster=rows["cluster"].to_numpy(),
    )
    assert design.effect(design.regressor) is None  # fits without an error
