"""US military personnel abroad."""

from transforms.staging.us_troops import RAW, STAGED, read, stage
from warehouse.contracts.read import contracts

HEADER = (
    "countryname,ccode,iso3c,year,troops,army,navy,air_force,marine_corps,region,"
    "space_force,coast_guard"
)
FILE = f"""{HEADER}
Iceland,395,ISL,1955,3000,NA,NA,NA,NA,Europe & Central Asia,NA,NA
"Korea, South",732,NA,2022,25000,17000,300,7500,200,NA,NA,0
""".encode()


def test_na_is_missing_and_zero_is_a_count():
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged["troops_persons"].to_list() == [3000, 25000]
    assert staged["army_persons"].to_list() == [None, 17000]
    assert staged["coast_guard_persons"].to_list() == [None, 0]
    assert staged["host_iso3"].to_list() == ["ISL", None]
    assert staged["host_region"].to_list() == ["Europe & Central Asia", None]
    assert contracts()[STAGED].conform(staged).height == 2


def test_raw_keeps_na_as_published():
    assert read({"data": FILE})[RAW]["army"].to_list() == ["NA", "17000"]
