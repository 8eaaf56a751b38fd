"""V-Dem's index of electoral democracy."""

from tests.transforms.staging.r_tables import r_table
from transforms.staging.vdem import COLUMNS, RAW, STAGED, read, stage
from warehouse.contracts.read import contracts

FILES = r_table(
    "vdem_simple",
    (*COLUMNS, "v2x_libdem"),
    (3, "MEX", "Mexico", 1789, 70, 70, 0.028, 0.016, 0.037, 0.011, 0.04),
    (9, "SML", "Small place", 1990, None, 986, None, None, None, None, None),
)


def test_index_and_interval_are_typed_and_na_is_null():
    raw = read(FILES)
    assert raw[RAW]["v2x_libdem"].to_list() == ["0.04", None]  # kept as published
    staged = stage(raw).tables[STAGED]
    assert staged["year"].to_list() == [1789, 1990]
    assert staged["polyarchy"].to_list() == [0.028, None]
    assert staged["polyarchy_low"].to_list() == [0.016, None]
    assert staged["cow_code_vdem"].to_list() == [70, None]
    assert staged["cow_code_package"].to_list() == [70, 986]
    assert contracts()[STAGED].conform(staged).height == 2
