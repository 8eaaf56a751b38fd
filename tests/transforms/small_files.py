"""A small file of every source in its publisher's layout, with made-up figures."""

import io
from importlib import import_module
from typing import Any

import openpyxl

from tests.transforms.trunk import write_library_file, write_state_list, write_vote_file
from transforms.staging.atop import MEMBER_COLUMNS, PHASE_COLUMNS, STATE_YEAR_COLUMNS
from transforms.staging.sipri_milex import SHEETS


def _text(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _atop(columns: tuple[str, ...], *rows: dict[str, object]) -> bytes:
    blank = {"version": "5.1", "cowid": "", "cow4id": ""}
    lines = [",".join(str(row.get(c, blank.get(c, 0))) for c in columns) for row in rows]
    return _text(",".join(columns), *lines)


def _workbook() -> bytes:
    figures: dict[str, tuple[tuple[object, ...], ...]] = {
        "United Kingdom": ((100, 110), (0.02, 0.03), (90, 95)),
        "Russia": ((50, "…"), (0.05, "..."), (1000, 1100)),
        "Germany": ((0, 70), ("...", 0.01), (60, 65)),
        "Montenegro": (("xxx", 1), ("xxx", 0.01), ("xxx", 1)),
        "European Union": ((1, 1), (0.01, 0.01), (1, 1)),
    }
    book = openpyxl.Workbook()
    first: Any = book.active
    first.title = "Front page"
    for position, (key, title) in enumerate(SHEETS.items()):
        sheet = book.create_sheet(title)
        currency = ["Currency"] if key == "local_currency" else []
        sheet.append(["An invented title"])
        sheet.append(["Country", *currency, "Notes", 2005, 2006])
        sheet.append(["Europe"])
        for name, values in figures.items():
            sheet.append([name, *(["Crown"] if currency else []), "", *values[position]])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


_PACT = {"atopid": 3180, "cowsys": 1, "yrent": 1949, "moent": 4, "dayent": 4, "ineffect": 1}
_LEFT = {"yrexit": 1955, "moexit": 9, "dayexit": "", "ineffect": 0}
_BEGUN = {"begyr": 1949, "begmo": 4, "begday": 4, "endday": ""}
_POINTS = (
    "ccode\tiso3c\tCountryname\tyear\tNVotesFP\tIdealPointFP\tQ5%FP\tQ10%FP\tQ50%FP\tQ90%FP\tQ95%FP"
)
_BRANCHES = "army,navy,air_force,marine_corps,region,space_force,coast_guard"
_REBUILT = (
    "troops_ad,army_ad,navy_ad,air_force_ad,marine_corps_ad,space_force_ad,coast_guard_ad,"
    "total_selected_reserve,total_civilian,region"
)

FILES: dict[str, dict[str, bytes]] = {
    "gdp": {
        "data": _text(
            "Country Name,Country Code,Year,Value",
            "United States,USA,2005,10",
            "United States,USA,2006,11",
            "United Kingdom,GBR,2005,5",
            "Serbia,SRB,2005,1",
            "World,WLD,2005,90",
            "Hong Kong,HKG,2005,2",
        )
    },
    "us_troops": {
        "data": _text(
            f"countryname,ccode,iso3c,year,troops,{_BRANCHES}",
            "Germany,255,DEU,2005,100,NA,NA,NA,NA,Europe,NA,NA",
            "Germany,255,DEU,1985,90,NA,NA,NA,NA,Europe,NA,NA",
            "United Kingdom,200,GBR,2005,50,20,10,20,0,Europe,NA,NA",
            "South Sudan,626,SSD,2012,0,NA,NA,NA,NA,Africa,NA,NA",
            "South Sudan,1020,NA,2012,15,NA,NA,NA,NA,Africa,NA,NA",
            "Egypt,651,EGY,2005,30,NA,NA,NA,NA,Africa,NA,NA",
        )
    },
    "us_bases": {
        "data": _text(
            "countryname,ccode,iso3c,basename,lat,lon,base,lilypad,fundedsite",
            "Germany,255,DEU,Camp,50.1,8.2,1,0,0",
            "Germany,255,DEU,Camp,50.1,8.2,1,0,0",
            "Egypt,651,EGY,NA,NA,NA,0,1,0",
            "Guam,2,USA,Field,13.6,144.9,1,0,0",
            "Greenland,390,DNK,Station,76.5,-68.7,0,1,0",
        )
    },
    "us_construction": {
        "data": _text(
            "countryname,ccode,iso3c,year,location,lat,lon,spend_construction",
            "Germany,255,DEU,2010,Camp,50.1,8.2,100",
            "Germany,255,DEU,2010,Camp,50.1,8.2,100",
            "Germany,255,DEU,2011,Camp,50.1,8.2,30",
            "Unspecified Location,NA,NA,2010,Unspecified Worldwide Locations,NA,NA,-5",
            "Guam,NA,GUM,2010,Field,13.6,144.9,20",
            "United States,2,USA,2010,Fort,40,-80,90",
        )
    },
    "us_troops_quarterly": {
        "data": _text(
            f"ccode,iso3c,countryname,year,quarter,source,{_REBUILT}",
            "260,DEU,Germany,2012,3,September 2012,80,30,0,40,10,NA,NA,4,9,Europe",
            "260,DEU,Germany,2013,3,September 2013,70,30,0,30,10,NA,NA,4,9,Europe",
            "260,DEU,Germany,2013,4,December 2013,72,30,0,32,10,NA,NA,4,9,Europe",
            "200,GBR,United Kingdom,2013,3,September 2013,60,20,0,30,10,NA,NA,4,9,Europe",
            "651,EGY,Egypt,2013,3,NA,0,NA,0,0,0,NA,NA,0,0,Africa",
            "1008,NA,Guam,2013,3,September 2013,9,3,0,3,3,NA,NA,0,0,Pacific",
        )
    },
    "cow_capabilities": {
        "data": _text(
            "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version",
            "USA,2,1913,120,15,80,254,8659.0,101.0,0.25,7",
            "USA,2,1914,-9,-9,-9,-9,9000.0,-9.0,0.31,7",
            "GFR,260,1990,1,1,1,1,1.0,1.0,0.1,7",
            "CZR,316,1990,1,1,1,1,1.0,1.0,0.1,7",
        )
    },
    "cow_states": {"data": write_state_list()},
    "un_ideal_points": {
        "data": _text(
            _POINTS,
            "2\tUSA\tUnited States\t1946\t25\t1.5\t.9\t1.1\t1.4\t2.3\t2.5",
            "369\tUKR\tUkraine\t1950\t25\t-1.5\t-2\t-2\t-1.5\t-1\t-1",
            "713\tTWN\tTaiwan\t1946\t25\t1\t.9\t.9\t1\t1\tNaN",
        )
    },
    "un_votes": {
        "data": write_vote_file(
            {"rcid": 1, "session": 60, "date": "2005-11-08", "votes": {2: 1, 200: 1, 365: 3}},
            {"rcid": 2, "session": 60, "date": "2005-12-08", "votes": {2: 3, 200: 8}},
        )
    },
    "undl_votes": {
        "data": write_library_file(
            {"undl_id": 7, "session": "60", "date": "2005-11-08", "resolution": "A/RES/60/12",
             "votes": {"USA": "Y", "GBR": "N", "RUS": "X"}},
        )
    },
    "atop": {
        "members": _atop(
            MEMBER_COLUMNS,
            {**_PACT, "member": 2, "defense": 1},
            {**_PACT, "member": 200, "defense": 1},
            {**_PACT, "member": 365, "atopid": 3285, **_LEFT},
            {**_PACT, "member": 651, "atopid": 3285, **_LEFT},
        ),
        "phases": _atop(
            (*PHASE_COLUMNS, "mem1", "mem2"),
            {**_BEGUN, "atopid": 3180, "atopidphase": "3180.0", "mem1": 2, "mem2": 200},
            {**_BEGUN, "atopid": 3285, "atopidphase": "3285.0", "endyr": 1955, "endmo": 9,
             "mem1": 365, "mem2": 651},
        ),
        "state_years": _atop(
            (*STATE_YEAR_COLUMNS, "atopid1"),
            {"state": 2, "year": 1951, "atopally": 1, "number": 1, "atopid1": 3180},
            {"state": 200, "year": 1951, "atopally": 1, "number": 1, "atopid1": 3180},
        ),
    },
    "sipri_milex": {"data": _workbook()},
}  # fmt: skip
"""Slug of the source to its members."""

_R_DATA = ("cow_capitals", "cow_contiguity", "cow_distance", "cow_trade", "disputes",
           "strategic_rivalries", "vdem")  # fmt: skip
FILES |= {slug: import_module(f"tests.transforms.staging.test_{slug}").FILES for slug in _R_DATA}
