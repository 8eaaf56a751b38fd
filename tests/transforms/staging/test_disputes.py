"""Militarised disputes."""

from tests.transforms.staging.r_tables import r_table
from transforms.staging.disputes import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table(
    "gml_mid_ddydisps",
    tuple(COLUMNS),
    (7, 2, 20, 1979, 1, 0, 1, 1, 0, 1, 4, 0, -9, 4, -9, 0, 6, 9, 13),
    (7, 20, 2, 1979, 1, 1, 0, 0, 1, 4, 1, -9, 0, 4, -9, 1, 6, 9, 8),
)


def test_minus_nine_and_a_thirteenth_month_are_null():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged["fatality_level_other"].to_list() == [None, 0]
    assert staged["fatality_level"].to_list() == [None, None]
    assert staged["start_month"].to_list() == [None, 8]
    assert staged["is_side_a_one"].to_list() == [False, True]
    assert staged["hostility_level_other"].to_list() == [4, 1]
    assert contracts()[STAGED].conform(staged).height == 2
