"""US military personnel abroad by quarter, the rebuilt series."""

import pytest

from transforms.staging.us_troops_quarterly import RAW, STAGED, read, stage
from warehouse.contracts.read import contracts

HEADER = (
    "ccode,iso3c,countryname,year,month,quarter,source,troops_ad,army_ad,navy_ad,air_force_ad,"
    "marine_corps_ad,coast_guard_ad,space_force_ad,army_national_guard,air_national_guard,"
    "army_reserve,navy_reserve,marine_corps_reserve,air_force_reserve,coast_guard_reserve,"
    "total_selected_reserve,army_civilian,navy_civilian,marine_corps_civilian,air_force_civilian,"
    "dod_civilian,total_civilian,year_quarter,troops_all,region"
)
NONE = "NA,NA,NA,NA,NA,NA,NA"


def row(code: int, date: str, source: str, counts: str) -> str:
    tail = f"{NONE},4,0,0,0,0,0,3,2000.1,9,Europe & Central Asia"
    return f"{code},NA,Host,{date},{source},{counts},{tail}"


FILE = "\n".join(
    [
        HEADER,
        row(395, "2024,September,3", "September 2024", "90,10,0,20,30,NA,0"),
        row(395, "2023,March,1", "NA", "0,NA,0,0,0,NA,NA"),
        row(395, "2023,June,2", "NA", "0,NA,0,0,0,NA,NA"),
        row(645, "2019,June,2", "NA", "5000,0,0,0,0,NA,NA"),
        row(395, "1951,June,2", "Stepwise Imputation", "100,NA,NA,NA,NA,NA,NA"),
        row(395, "2012,June,2", "Kane 2006", "0,0,0,0,0,NA,NA"),
    ]
).encode()


def test_a_zero_of_no_report_is_no_count() -> None:
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged.select("count_status", "troops_persons").rows() == [
        ("reported", 90),
        ("not_in_report", None),
        ("not_in_report", None),
        ("estimated", 5000),
        ("imputed", 100),
        ("compiled", 0),
    ]
    absent = staged.filter(count_status="not_in_report")
    for column in ("army_persons", "navy_persons", "reserve_persons", "civilian_persons"):
        assert absent[column].null_count() == 2
    assert staged["report"].to_list()[:2] == ["September 2024", None]
    assert contracts()[STAGED].conform(staged).height == 6


def test_columns_of_a_later_release_are_passed_over() -> None:
    lines = FILE.decode().splitlines()
    later = "\n".join(f"{line},{'troops_afloat' if not n else 7}" for n, line in enumerate(lines))
    raw = read({"data": later.encode()})
    assert "troops_afloat" in raw[RAW].columns
    assert stage(raw).tables[STAGED].height == 6


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(ValueError, match=r"columns \['troops_ad'\] are missing"):
        read({"data": FILE.replace(b"troops_ad", b"troops", 1)})
