"""Direct contiguity of states."""

from datetime import date

from tests.transforms.staging.r_tables import r_table
from transforms.staging.cow_contiguity import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table(
    "cow_contdir",
    tuple(COLUMNS),
    (2, 365, 0, date(1816, 1, 1), date(1958, 12, 1)),
    (2, 365, 2, date(1959, 1, 1), date(2016, 12, 1)),
)


def test_types_and_months():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged["contiguity_type"].to_list() == [0, 2]
    assert staged["valid_to"].to_list() == [date(1958, 12, 1), date(2016, 12, 1)]
    assert contracts()[STAGED].conform(staged).height == 2
