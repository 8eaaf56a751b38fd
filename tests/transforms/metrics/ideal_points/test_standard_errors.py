"""Standard errors and bootstrap of ideal points."""

from dataclasses import replace

import numpy as np
import pytest

from tests.transforms.metrics.ideal_points.wandering_states import true_values
from transforms.metrics.ideal_points.fit import Settings
from transforms.metrics.ideal_points.standard_errors import (
    bootstrap_ideal_points,
    conditional_se,
    draw_choices,
)


def test_standard_errors_cover_the_truth(world, record, fit):
    truth = true_values(record, world[1])
    centred = (truth - truth.mean()) / truth.std()
    error = np.abs(fit.theta - centred) / conditional_se(record, fit, Settings())
    assert 0.88 < np.mean(error < 1.96) < 0.99


def test_bootstrap_is_reproducible_and_may_be_made_in_parts(record, fit):
    def draw(seed, draws, first_draw=0):
        return bootstrap_ideal_points(
            record, fit, Settings(), seed=seed, draws=draws, first_draw=first_draw, iterations=10
        )

    whole = draw(7, 3)
    assert np.array_equal(whole, np.concatenate([draw(7, 1), draw(7, 2, first_draw=1)]))
    assert not np.array_equal(whole, draw(8, 3))


def test_bootstrap_draws_scatter_around_the_estimate(record, fit):
    draws = bootstrap_ideal_points(record, fit, Settings(), seed=1, draws=8)
    assert draws.shape == (8, record.n_units)
    assert np.corrcoef(draws.mean(axis=0), fit.theta)[0, 1] > 0.99
    rms = np.sqrt(np.mean((draws - fit.theta) ** 2))
    assert rms == pytest.approx(
        np.sqrt(np.mean(conditional_se(record, fit, Settings()) ** 2)), rel=0.35
    )


def test_drawn_votes_have_the_fitted_shares(record, fit):
    drawn = draw_choices(record, fit, np.random.default_rng(1))
    assert set(np.unique(drawn)) <= {1, 2, 3}
    assert np.mean(drawn == 1) == pytest.approx(np.mean(record.choice == 1), abs=0.01)
    no_abstention = record.counts[1][record.item] == 0
    assert not (drawn[no_abstention] == 2).any()


def test_a_longer_gap_lets_a_state_move_further(record, fit):
    loose = replace(Settings(), innovation_variance=0.2)
    assert (
        conditional_se(record, fit, loose).mean() > conditional_se(record, fit, Settings()).mean()
    )
