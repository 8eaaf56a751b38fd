"""Imputation and the saturated regression, against pyfixest on the same rows."""

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest

from transforms.inference.imputation_effect import imputation_effect
from transforms.inference.saturated_effect import saturated_effect

ITERATED = 1e-5
"""pyfixest takes effects out by iteration."""


@pytest.fixture(scope="module")
def rows():
    """Twelve states that never join and three waves of four, with gaps and unequal weights."""
    rng = np.random.default_rng(3)
    state, session = np.divmod(np.arange(24 * 10), 10)
    first = np.repeat([0, 0, 0, 4, 6, 9], 4)[state]
    frame = pd.DataFrame({"state": state, "session": session + 1, "first": first})
    frame["is_treated"] = (first > 0) & (frame["session"] >= first)
    frame["w"] = rng.uniform(1, 9, len(frame))
    frame["cluster"] = np.where(first > 0, first + 100, state)
    effect = 0.5 * frame["is_treated"] * (1 + state % 3)
    noise = rng.normal(size=24)[state] + rng.normal(size=10)[session]
    frame["y"] = effect + noise + rng.normal(size=len(frame))
    return frame[rng.random(len(frame)) < 0.9].reset_index(drop=True)


def imputed(frame):
    return imputation_effect(
        outcome=frame["y"].to_numpy(),
        is_treated=frame["is_treated"].to_numpy(),
        weights=frame["w"].to_numpy(),
        unit=frame["state"].to_numpy(),
        period=frame["session"].to_numpy(),
        cluster=frame["cluster"].to_numpy(),
    )


def saturated(frame):
    return saturated_effect(
        outcome=frame["y"].to_numpy(),
        weights=frame["w"].to_numpy(),
        unit=frame["state"].to_numpy(),
        period=frame["session"].to_numpy(),
        cohort=frame["first"].to_numpy(),
        cluster=frame["cluster"].to_numpy(),
    )


def test_imputation_is_the_second_of_two_stages(rows):
    fit = pf.did2s(
        rows.assign(treated=rows["is_treated"] * 1.0),
        yname="y",
        first_stage="~ 0 | state + session",
        second_stage="~ treated",
        treatment="treated",
        cluster="cluster",
        weights="w",
    )
    found = imputed(rows)
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["treated"], rel=ITERATED)
    assert found.std_error == pytest.approx(fit.se()["treated"], rel=ITERATED)
    assert (found.n, found.n_clusters) == (len(rows), 15)


def test_units_without_untreated_rows_count_nowhere(rows):
    always = rows[(rows["first"] != 4) | rows["is_treated"]]
    found, without = imputed(always), imputed(rows[rows["first"] != 4])
    assert found is not None
    assert without is not None
    assert found.estimate == pytest.approx(without.estimate)
    assert imputed(rows[rows["is_treated"]]) is None


def test_saturated_effect_is_the_mean_of_the_dummies(rows):
    frame, size = rows.copy(), {}
    for first in (4, 6, 9):
        mine = frame["first"] == first
        base = frame.loc[mine & (frame["session"] < first), "session"].max()
        for at in sorted(set(frame.loc[mine, "session"]) - {base}):
            is_in = mine & (frame["session"] == at)
            frame[f"d_{first}_{at}"] = is_in * 1.0
            size[f"d_{first}_{at}"] = frame.loc[is_in, "w"].sum() * (at >= first)
    right = " + ".join(size)
    fit = pf.feols(f"y ~ {right} | state + session", frame, {"CRV1": "cluster"}, weights="w")
    share = np.array(list(size.values())) / sum(size.values())
    found = saturated(rows)
    assert found is not None
    assert found.estimate == pytest.approx(share @ fit.coef()[list(size)], rel=ITERATED)
    assert found.std_error == pytest.approx(np.sqrt(share @ fit._vcov @ share), rel=ITERATED)


def test_a_cohort_without_a_row_before_treatment_counts_nowhere(rows):
    always = rows[(rows["first"] != 4) | rows["is_treated"]]
    found, without = saturated(always), saturated(rows[rows["first"] != 4])
    assert found is not None
    assert found == without
    assert saturated(rows[rows["first"] == 0]) is None
