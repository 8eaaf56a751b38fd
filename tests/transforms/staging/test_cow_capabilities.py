"""National Material Capabilities."""

import io
import zipfile

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


@pytest.mark.mirror
def test_the_real_release(mirror):
    path = mirror / "correlatesofwar.org" / "wp-content" / "uploads" / "NMCv7.zip"
    with zipfile.ZipFile(path) as outer:
        inner = outer.read("NMCv7/NMC-v7-abridged.zip")
    with zipfile.ZipFile(io.BytesIO(inner)) as zipped:
        files = {"data": zipped.read("NMC-70-abridged.csv")}
    staged = stage(read(files)).tables[STAGED]
    assert staged.height == 17_121
    nulls = {c: staged[c].null_count() for c in ("milex_thousand", "milper_thousand", "cinc")}
    assert nulls == {"milex_thousand": 2360, "milper_thousand": 456, "cinc": 0}
    assert staged.select("ccode", "year").is_unique().all()
