"""Gross domestic product."""

import pytest

from transforms.staging.gdp import STAGED, read, stage
from warehouse.contracts.read import contracts

FILE = b"""Country Name,Country Code,Year,Value
"Bahamas, The",BHS,1990,3165998000.5
Namibia,NAM,1990,2.8e9
World,WLD,1990,22600000000000
"""


def test_values_are_dollars_and_aggregates_stay():
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged["entity_code"].to_list() == ["BHS", "NAM", "WLD"]
    assert staged["gdp_usd"].to_list() == [3165998000.5, 2.8e9, 2.26e13]
    assert staged["entity_name"][0] == "Bahamas, The"
    assert contracts()[STAGED].conform(staged).height == 3


def test_a_year_that_is_none_stops_the_build():
    with pytest.raises(ValueError, match=r"raw\.gdp__entity_years, row 2, column Year"):
        stage(read({"data": FILE.replace(b"NAM,1990", b"NAM,MRV")}))
