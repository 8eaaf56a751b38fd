"""Strategic rivalries."""

from tests.transforms.staging.r_tables import r_table
from transforms.staging.strategic_rivalries import COLUMNS, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table(
    "td_rivalries",
    tuple(COLUMNS),
    (1, "One-Other", 2, 365, 1945, 1989, "Global", "positional", "ideological", None),
    (2, "This-That", 2, 40, 1959, 2010, "Caribbean", "ideological", None, None),
)


def test_years_are_whole_and_a_missing_type_is_null():
    staged = stage(read(FILES)).tables[STAGED]
    assert staged["year_to"].to_list() == [1989, 2010]
    assert staged["rivalry_type2"].to_list() == ["ideological", None]
    assert contracts()[STAGED].conform(staged).height == 2
