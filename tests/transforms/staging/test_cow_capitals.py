"""Capitals of states."""

from datetime import date

from tests.transforms.staging.r_tables import r_table
from transforms.staging.cow_capitals import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table(
    "cow_capitals",
    tuple(COLUMNS),
    (140, "Brazil", "Rio", date(1822, 1, 1), date(1960, 4, 20), -22.5, -43.25),
    (140, "Brazil", "Brasilia", date(1960, 4, 21), date(2024, 12, 31), -15.75, -47.5),
)


def test_days_are_days():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged["valid_to"].to_list() == [date(1960, 4, 20), date(2024, 12, 31)]
    assert staged["latitude"].to_list() == [-22.5, -15.75]
    assert contracts()[STAGED].conform(staged).height == 2
