"""Survival curves: the toy, and lifelines on data with ties and delayed entry."""

import numpy as np
import pytest

from transforms.inference.survival import at_risk, cumulative_incidence, kaplan_meier, log_rank


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(2)
    n = 250
    group = rng.random(n) < 0.5
    life, lost = rng.exponential(10 * np.exp(0.5 * group)), rng.exponential(20, n)
    years = np.ceil(np.minimum(life, lost))
    ended = life <= lost
    entry = np.where(rng.random(n) < 0.3, np.floor(years * rng.random(n) * 0.5), 0)
    return group, entry, years, ended


def test_toy_curve():
    durations = np.array([1, 2, 2, 3, 5.0])
    ended = np.array([True, True, True, False, True])
    curve = kaplan_meier(np.zeros(5), durations, ended)
    assert curve.times.tolist() == [1, 2, 5]
    assert curve.value == pytest.approx([0.8, 0.4, 0.0], abs=1e-12)
    assert [curve.at(t)[0] for t in (0, 1, 3, 5)] == pytest.approx([1.0, 0.8, 0.4, 0.0])
    assert curve.time_at(0.5) == 2
    assert at_risk(np.zeros(5), durations, 3) == 2


def test_curve_and_median_are_those_of_lifelines(data):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    _, entry, years, ended = data
    theirs = KaplanMeierFitter().fit(durations=years, event_observed=ended, entry=entry)
    ours = kaplan_meier(entry, years, ended)
    for t in (2, 5, 10, 20):
        value, low, high = ours.at(t)
        assert value == pytest.approx(theirs.survival_function_at_times(t).iloc[0], abs=1e-9)
        interval = theirs.confidence_interval_.loc[t].to_numpy()
        assert (low, high) == pytest.approx(tuple(interval), abs=1e-6)
    assert ours.time_at(0.5) == theirs.median_survival_time_
    ends = median_survival_times(theirs.confidence_interval_).to_numpy()[0]
    assert [ours.time_at(0.5, "low"), ours.time_at(0.5, "high")] == pytest.approx(list(ends))


def test_incidence_is_that_of_lifelines():
    from lifelines import AalenJohansenFitter

    rng = np.random.default_rng(9)
    years = rng.exponential(10, 200)
    kind = rng.integers(0, 3, 200)
    theirs = AalenJohansenFitter(calculate_variance=True).fit(years, kind, event_of_interest=1)
    ours = cumulative_incidence(np.zeros(200), years, kind > 0, kind == 1)
    for t in (2.0, 8.0, 20.0):
        value, low, high = ours.at(t)
        assert value == pytest.approx(theirs.cumulative_density_.asof(t).iloc[0], abs=1e-9)
        interval = theirs.confidence_interval_.asof(t).to_numpy()
        assert (low, high) == pytest.approx(tuple(interval), abs=1e-6)


def test_ends_of_all_kinds_and_survivors_make_up_the_whole(data):
    group, entry, years, ended = data
    kinds = [cumulative_incidence(entry, years, ended, ended & k) for k in (group, ~group)]
    survival = kaplan_meier(entry, years, ended)
    assert survival.value + sum(k.value for k in kinds) == pytest.approx(
        np.ones(len(survival.value))
    )


def test_log_rank_is_that_of_lifelines(data):
    from lifelines.statistics import logrank_test

    group, _, years, ended = data
    theirs = logrank_test(years[group], years[~group], ended[group], ended[~group])
    statistic, p = log_rank(np.zeros(len(years)), years, ended, group)
    assert statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert p == pytest.approx(theirs.p_value, rel=1e-9)


def test_who_enters_late_is_at_risk_from_then_on_only():
    entry, years = np.array([0.0, 0.0, 3.0]), np.array([2.0, 6.0, 5.0])
    curve = kaplan_meier(entry, years, np.array([True, False, True]))
    assert curve.value == pytest.approx([1 / 2, 1 / 4])  # two at risk both times
