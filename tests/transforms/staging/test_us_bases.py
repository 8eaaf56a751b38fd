"""US bases abroad: a list without dates, in an encoding of its own."""

import pytest

from transforms.staging.us_bases import RAW, STAGED, read, stage
from warehouse.contracts.read import contracts

FILE = "\n".join(
    [
        "countryname,ccode,iso3c,basename,lat,lon,base,lilypad,fundedsite",
        'Iceland,395,ISL,"Næstved Field, West",63.5,-22.25,1,0,0',
        "Canada,20,CAN,NA,56.130366,-106.34677,0,1,0",
        "Niger,436,NER,Agadez,NA,NA,0,1,1",
    ]
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_are_read_in_either_encoding(encoding: str) -> None:
    staged = stage(read({"data": FILE.encode(encoding)})).tables[STAGED]
    assert staged["base_name"].to_list() == ["Næstved Field, West", None, "Agadez"]
    assert staged["latitude"].to_list() == [63.5, 56.130366, None]
    assert staged["is_lilypad"].to_list() == [False, True, True]
    assert staged["file_row"].to_list() == [1, 2, 3]
    assert contracts()[STAGED].conform(staged).height == 3


def test_raw_keeps_na_as_published() -> None:
    assert read({"data": FILE.encode()})[RAW]["basename"].to_list()[1] == "NA"


def test_bytes_that_are_no_text_are_refused() -> None:
    # \x81 has no meaning in Windows-1252
    with pytest.raises(ValueError, match="neither UTF-8 nor cp1252"):
        read({"data": FILE.encode("cp1252") + b"\x81"})
