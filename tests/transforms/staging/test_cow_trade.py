"""Imports and exports of states."""

from tests.transforms.staging.r_tables import r_table
from transforms.staging.cow_trade import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table("cow_trade_sy", tuple(COLUMNS), (2, 1870, 450.0, 418.5), (2, 1871, None, 475.0))


def test_na_is_null_and_amounts_keep_their_digits():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged.rows() == [(2, 1870, 450.0, 418.5), (2, 1871, None, 475.0)]
    assert contracts()[STAGED].conform(staged).height == 2
