"""Proportional hazards against lifelines, and the identities of start–stop rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.inference.proportional_hazards import Hazards, Rows, fit_hazards, residuals


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(2)
    n = 200
    x = rng.random(n) < 0.5
    life, lost = rng.exponential(10 * np.exp(0.5 * x)), rng.exponential(20, n)
    years, ended = np.minimum(life, lost), life <= lost
    entry = np.where(rng.random(n) < 0.3, years * rng.random(n) * 0.5, 0.0)
    return x[:, None].astype(float), entry, years, ended, rng.integers(0, 25, n)


def hazards(**data: Any) -> Hazards:
    """What is fitted; there is something to fit."""
    fit = fit_hazards(**data)
    assert fit is not None
    return fit


def lifelines_fit(x, entry, years, ended, *, clusters, strata=None):
    from lifelines import CoxPHFitter

    columns = {"x": x[:, 0], "years": years, "ended": ended, "entry": entry, "cluster": clusters}
    rows = pd.DataFrame(columns | ({} if strata is None else {"stratum": strata}))
    return CoxPHFitter().fit(
        rows,
        duration_col="years",
        event_col="ended",
        entry_col="entry",
        cluster_col="cluster",
        strata=None if strata is None else ["stratum"],
    )


def test_coefficient_and_clustered_error_are_those_of_lifelines(data):
    x, _, years, ended, clusters = data
    ours = hazards(
        start=np.zeros(len(years)), stop=years, ended=ended, covariates=x, clusters=clusters
    )
    theirs = lifelines_fit(x, np.zeros(len(years)), years, ended, clusters=clusters)
    assert ours.coefficients == pytest.approx(theirs.params_.to_numpy(), abs=1e-6)
    assert ours.std_errors == pytest.approx(theirs.standard_errors_.to_numpy(), abs=1e-6)


def test_delayed_entry_and_strata_are_those_of_lifelines(data):
    x, entry, years, ended, clusters = data
    strata = clusters % 3
    ours = hazards(
        start=entry, stop=years, ended=ended, covariates=x, clusters=clusters, strata=strata
    )
    theirs = lifelines_fit(x, entry, years, ended, clusters=clusters, strata=strata)
    assert ours.coefficients == pytest.approx(theirs.params_.to_numpy(), abs=1e-6)


def test_proportionality_is_that_of_lifelines(data):
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    x, _, years, ended, _ = data
    rows = pd.DataFrame({"x": x[:, 0], "years": years, "ended": ended})
    theirs = CoxPHFitter().fit(rows, duration_col="years", event_col="ended")
    test = proportional_hazard_test(theirs, rows, time_transform="rank")
    ours = hazards(
        start=np.zeros(len(years)),
        stop=years,
        ended=ended,
        covariates=x,
        clusters=np.arange(len(years)),
    )
    assert ours.proportionality == pytest.approx(float(np.ravel(test.test_statistic)[0]), rel=1e-4)


@pytest.mark.parametrize("whole_years", [False, True])
def test_cutting_rows_into_years_changes_nothing(data, whole_years):
    x, _, years, ended, clusters = data
    years = np.ceil(years) if whole_years else years
    rows = [
        (i, s, min(s + 1, years[i]), ended[i] and s + 1 >= years[i])
        for i in range(len(years))
        for s in np.arange(0, np.ceil(years[i]))
    ]
    unit, start, stop, ends = (np.array(column) for column in zip(*rows, strict=True))
    cut = hazards(
        start=start, stop=stop, ended=ends.astype(bool), covariates=x[unit],
        clusters=clusters[unit],
    )  # fmt: skip
    whole = hazards(
        start=np.zeros(len(years)), stop=years, ended=ended, covariates=x, clusters=clusters
    )
    assert cut.coefficients == pytest.approx(whole.coefficients, abs=1e-9)
    assert cut.std_errors == pytest.approx(whole.std_errors, abs=1e-9)


def test_scores_sum_to_zero_at_the_estimate_with_ties_and_late_entry(data):
    x, entry, years, ended, clusters = data
    start, stop = np.floor(entry), np.ceil(years)
    fit = hazards(start=start, stop=stop, ended=ended, covariates=x, clusters=clusters)
    rows = Rows(start, stop, ended, x, np.zeros(len(stop)))
    scores, _ = residuals(rows, fit.coefficients)
    assert scores.sum() == pytest.approx(0, abs=1e-6)


def test_a_class_without_an_end_has_no_maximum():
    x = np.array([[0.0]] * 6 + [[1.0]] * 6)
    ended = np.array([True] * 6 + [False] * 6)
    years = np.arange(1.0, 13.0)
    found = fit_hazards(
        start=np.zeros(12), stop=years, ended=ended, covariates=x, clusters=np.arange(12)
    )
    assert found is None


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans(), st.booleans()), min_size=1
    ),
    n_strata=st.integers(1, 4),
)
@example(rows=[(0, 3, False, True), (0, 4, False, False)], n_strata=1)
@example(rows=[(0, 3, True, True), (0, 4, True, False)] * 3, n_strata=2)
def test_what_identifies_nothing_has_no_fit(rows, n_strata):
    """Nothing ends, or each stratum has one class alone: None, never an error."""
    start, years, ended, x = (np.array(values) for values in zip(*rows, strict=True))
    found = fit_hazards(
        start=start.astype(float),
        stop=(start + years).astype(float),
        ended=ended,
        covariates=x[:, None].astype(float),
        clusters=np.arange(len(rows)),
        strata=np.arange(len(rows)) % n_strata,
    )
    assert found is None or np.isfinite(found.coefficients).all()
