"""National Material Capabilities."""

import pytest

from transforms.staging.cow_capabilities import RAW, STAGED, read, stage
from warehouse.contracts.read import contracts

HEADER = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version"
FILE = f"""{HEADER}
AAA,2,1913,120,15,80,254,8659.0,101.0,0.25,2026
AAA,2,1914,-9,-9,-9,-9,9000.0,-9.0,0.31,2026
BBB,395,1950,0,0,0,12,140.0,0.0,0.000031,2026
""".encode()


def test_minus_nine_is_missing_and_zero_is_a_value():
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged["milex_thousand"].to_list() == [120.0, None, 0.0]
    assert staged["milper_thousand"].to_list() == [15.0, None, 0.0]
    assert staged["upop_thousand"].to_list() == [101.0, None, 0.0]
    assert staged["tpop_thousand"].to_list() == [8659.0, 9000.0, 140.0]


def test_raw_is_as_published_and_staged_fits_its_contract():
    raw = read({"data": FILE})
    assert raw[RAW].columns == HEADER.split(",")
    assert raw[RAW]["milex"].to_list() == ["120", "-9", "0"]
    assert contracts()[STAGED].conform(stage(raw).tables[STAGED]).height == 3


def test_a_word_among_the_numbers_stops_the_build():
    broken = FILE.replace(b"0.31", b"n/a")
    with pytest.raises(ValueError, match=r"row 2, column cinc: 'n/a' is no Float64"):
        stage(read({"data": broken}))
