"""The dynamic ordinal model of ideal points: what its likelihood, smoother and items are."""

import numpy as np
import polars as pl
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from transforms.metrics.ideal_points import kalman_smoother as smoother
from transforms.metrics.ideal_points.item_parameters import first_items
from transforms.metrics.ideal_points.likelihood import Items, evaluate
from transforms.metrics.ideal_points.model import Point, standardise
from transforms.metrics.ideal_points.vote_arrays import voting_record


def test_probabilities_are_those_of_the_ordered_probit(record, drawn_point):
    slope, cuts = drawn_point.items.slope, drawn_point.items.cuts
    eta = slope[record.item] * drawn_point.theta[record.unit]
    first, second = cuts[record.item], cuts[record.item + record.n_items]
    low, three = np.where(record.counts[0] > 0, 1, 2)[record.item], record.has_two_cuts[record.item]
    log_p = np.where(record.choice == low, norm.logcdf(first - eta), norm.logsf(first - eta))
    middle = np.abs(norm.cdf(second - eta) - norm.cdf(first - eta))
    mirrored = np.abs(norm.sf(second - eta) - norm.sf(first - eta))
    middle = np.where(first + second > 2 * eta, mirrored, middle)
    with np.errstate(divide="ignore"):
        log_p = np.where(three & (record.choice == 2), np.log(middle), log_p)
    log_p = np.where(three & (record.choice == 3), norm.logsf(second - eta), log_p)
    expected = log_p.sum()
    found = evaluate(record, drawn_point.theta, drawn_point.items).log_likelihood
    assert found == pytest.approx(expected, rel=1e-10)


def test_far_tails_neither_overflow_nor_vanish(record):
    items = first_items(record)
    for size in (1.0, 60.0):
        theta = np.full(record.n_units, size)
        found = evaluate(record, theta, Items(np.ones(record.n_items), items.cuts))
        values = (found.tail_score, found.middle_score, *found.information())
        assert all(np.isfinite(v).all() for v in values)
        assert np.isfinite(found.log_likelihood)
        assert all((v >= -1e-12).all() and (v <= 1 + 1e-12).all() for v in found.information())


def test_expected_latent_of_an_abstention():
    votes = pl.DataFrame(
        {
            "rcid": [1, 1, 1],
            "ccode": [2, 3, 4],
            "session": [1, 1, 1],
            "choice": ["yes", "abstain", "no"],
            "is_sovereign": [True] * 3,
        }
    )
    tiny = voting_record(votes)
    theta, items = np.array([-0.3, 0.4, 0.9]), Items(np.array([1.5]), np.array([-0.2, 0.8]))
    eta = 1.5 * 0.4
    mass = quad(norm(eta).pdf, -0.2, 0.8)[0]
    mean = quad(lambda z: z * norm(eta).pdf(z), -0.2, 0.8)[0] / mass
    assert eta + evaluate(tiny, theta, items).middle_score[0] == pytest.approx(mean, abs=1e-9)


def test_restandardising_leaves_the_likelihood_as_it_is(record, drawn_point):
    moved = Point(2.5 * drawn_point.theta + 0.7, drawn_point.items)
    again = standardise(record, moved)
    before = evaluate(record, moved.theta, moved.items).log_likelihood
    assert evaluate(record, again.theta, again.items).log_likelihood == pytest.approx(before)
    assert again.theta.mean() == pytest.approx(0, abs=1e-12)
    assert again.theta.std() == pytest.approx(1, abs=1e-12)


def test_mirroring_leaves_the_likelihood_as_it_is(record, drawn_point):
    mirrored = Items(-drawn_point.items.slope, drawn_point.items.cuts)
    before = evaluate(record, drawn_point.theta, drawn_point.items).log_likelihood
    assert evaluate(record, -drawn_point.theta, mirrored).log_likelihood == pytest.approx(before)


def test_smoother_is_the_gaussian_posterior_gaps_and_all():
    rows = [(1, 2), (2, 2), (5, 2), (2, 3), (3, 3)]
    votes = pl.DataFrame(
        [(s, c, s, v, True) for s, c in rows for v in ["yes"]],
        schema=["rcid", "ccode", "session", "choice", "is_sovereign"],
        orient="row",
    )
    extra = pl.DataFrame(
        {"rcid": [1, 2, 3, 5], "ccode": [9] * 4, "session": [1, 2, 3, 5], "choice": ["no"] * 4}
    ).with_columns(is_sovereign=pl.lit(True))
    gaps = voting_record(pl.concat([votes, extra], how="vertical_relaxed"))
    random = np.random.default_rng(3)
    d, h = random.uniform(0.5, 3, gaps.n_units), random.normal(size=gaps.n_units)
    found = smoother.smooth(gaps, d, h, 0.05)
    same = gaps.ccode[:, None] == gaps.ccode[None, :]
    begins = {c: gaps.session[gaps.ccode == c].min() for c in np.unique(gaps.ccode)}
    since = np.array([s - begins[c] for c, s in zip(gaps.ccode, gaps.session, strict=True)])
    prior = np.where(same, 1 + 0.05 * np.minimum(since[:, None], since[None, :]), 0)
    posterior = np.linalg.inv(np.linalg.inv(prior) + np.diag(d))
    assert found.mean == pytest.approx(posterior @ h, abs=1e-10)
    assert found.variance == pytest.approx(np.diag(posterior), abs=1e-10)
    theta = random.normal(size=gaps.n_units)
    other = np.zeros(gaps.n_units)
    precision = np.linalg.inv(prior)
    expected = -0.5 * (theta @ precision @ theta)
    found_prior = smoother.log_prior(gaps, theta, 0.05) - smoother.log_prior(gaps, other, 0.05)
    assert found_prior == pytest.approx(expected, abs=1e-9)


def test_an_item_without_a_category_keeps_one_cutpoint(record, fit):
    two = (record.counts > 0).sum(axis=0) == 2
    assert two.any()
    assert np.array_equal(record.has_two_cuts, ~two)
    assert (fit.items.cuts[record.n_items :][two] == 0).all()
    first, second = fit.items.cuts[: record.n_items], fit.items.cuts[record.n_items :]
    assert (second[~two] > first[~two]).all()
    assert not np.isin(record.middle_item, np.flatnonzero(two)).any()


def test_bridged_roll_calls_are_one_item(world):
    votes, _ = world
    bridges = pl.DataFrame({"rcid": ["1", "61", "121"], "item": ["1", "1", "1"]})
    record = voting_record(votes, bridges)
    assert record.n_items == voting_record(votes).n_items - 2
    assert record.item_session[record.rcid == 1].tolist() == [0]
    partly = voting_record(votes.filter(pl.col("rcid") != 1), bridges)
    assert 61 in partly.rcid
    assert 1 not in partly.rcid
