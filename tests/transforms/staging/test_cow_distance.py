"""Minimum distances of states."""

from tests.transforms.staging.r_tables import r_table
from transforms.staging.cow_distance import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table("cow_mindist", tuple(COLUMNS), (2, 20, 1950, 0.0), (2, 40, 1950, 144.7))


def test_neighbours_are_0_apart():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged.rows() == [(2, 20, 1950, 0.0), (2, 40, 1950, 144.7)]
    assert contracts()[STAGED].conform(staged).height == 2
