"""US military construction by place and fiscal year."""

from transforms.staging.us_construction import STAGED, read, stage
from warehouse.contracts.read import contracts

FILE = b"""countryname,ccode,iso3c,year,location,lat,lon,spend_construction
Germany,255,DEU,2010,Some Barracks,50.1,8.2,1600
Unspecified Location,NA,NA,2008,Unspecified Worldwide Locations,NA,NA,-178
Germany,255,DEU,2010,Some Barracks,50.1,8.2,1600
"""


def test_thousands_are_dollars_and_equal_rows_stay() -> None:
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged["construction_usd"].to_list() == [1_600_000.0, -178_000.0, 1_600_000.0]
    assert staged["place_code"].to_list() == [255, None, 255]
    assert staged["file_row"].to_list() == [1, 2, 3]
    assert contracts()[STAGED].conform(staged).height == 3
