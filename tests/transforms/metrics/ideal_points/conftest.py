"""One simulated world, its record, and what is fitted to it."""

import numpy as np
import pytest

from tests.transforms.metrics.ideal_points.wandering_states import simulate
from transforms.metrics.ideal_points.fit import fit_ideal_points
from transforms.metrics.ideal_points.item_parameters import first_items
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.model import Point
from transforms.metrics.ideal_points.vote_arrays import voting_record


@pytest.fixture(scope="session")
def world():
    return simulate(1)


@pytest.fixture(scope="session")
def record(world):
    return voting_record(world[0])


@pytest.fixture(scope="session")
def fit(record):
    return fit_ideal_points(record)


@pytest.fixture(scope="session")
def drawn_point(record):
    """Parameters that are no solution."""
    random = np.random.default_rng(5)
    items = first_items(record)
    return Point(
        random.normal(size=record.n_units), Items(random.normal(size=record.n_items), items.cuts)
    )
