"""Staging of the publishers' yearly figures: every row arrives, typed."""

import io
import zipfile
from pathlib import Path

import polars as pl

from transforms.staging import (
    cow_capabilities,
    gdp,
    sipri_milex,
    un_ideal_points,
    us_bases,
    us_construction,
    us_troops,
    us_troops_quarterly,
)


def test_capabilities(mirror: Path) -> None:
    path = mirror / "correlatesofwar.org" / "wp-content" / "uploads" / "NMCv7.zip"
    with zipfile.ZipFile(path) as outer:
        inner = outer.read("NMCv7/NMC-v7-abridged.zip")
    with zipfile.ZipFile(io.BytesIO(inner)) as zipped:
        files = {"data": zipped.read("NMC-70-abridged.csv")}
    done = cow_capabilities.stage(cow_capabilities.read(files))
    staged = done.tables[cow_capabilities.STAGED]
    assert staged.height == 17_121
    nulls = {c: staged[c].null_count() for c in ("milex_thousand", "milper_thousand", "cinc")}
    assert nulls == {"milex_thousand": 2360, "milper_thousand": 456, "cinc": 0}
    assert staged.select("ccode", "year").is_unique().all()


def test_ideal_points(mirror: Path) -> None:
    path = mirror / "dataverse.harvard.edu" / "api" / "access" / "datafile" / "13642025"
    done = un_ideal_points.stage(un_ideal_points.read({"data": path.read_bytes()}))
    staged = done.tables[un_ideal_points.STAGED]
    assert staged.height == 11_610
    assert round(staged.filter(ccode=2, year=1946)["ideal_point_published"].item(), 3) == 1.740
    most = dict(staged.group_by("year").agg(pl.col("n_votes_published").max()).rows())
    assert (most[2024], most[2025]) == (8, 158)  # the release splits the two years wrongly


def test_gdp(mirror: Path) -> None:
    path = mirror / "raw.githubusercontent.com/datasets/gdp/main/data/gdp.csv"
    raw = gdp.read({"data": path.read_bytes()})
    assert raw[gdp.RAW].height == 13_979
    assert gdp.stage(raw).tables[gdp.STAGED].height == 13_979


def test_troops(mirror: Path) -> None:
    path = mirror / "raw.githubusercontent.com/meflynn/troopdata/master/data-raw/troopdata.csv"
    done = us_troops.stage(us_troops.read({"data": path.read_bytes()}))
    staged = done.tables[us_troops.STAGED]
    assert staged.height == 14_792
    assert staged["troops_persons"].null_count() == 0


def test_military_expenditure(mirror: Path) -> None:
    folder = mirror / "www.sipri.org" / "sites" / "default" / "files"
    content = (folder / "SIPRI-Milex-data-1949-2024_2.xlsx").read_bytes()
    done = sipri_milex.stage(sipri_milex.read({"data": content}))
    staged = done.tables[sipri_milex.STAGED]
    assert staged.height == 3 * 174 * 76
    assert (staged["year"].min(), staged["year"].max()) == (1949, 2024)
    assert "blank" not in staged["value_status"].unique()
    usa = staged.filter(sheet="current_usd", sipri_name="United States of America", year=2024)
    assert 9e11 < usa["value"].item() < 1.1e12
    assert done.losses["n_rows"].sum() == 3 * 19


def test_bases_and_construction(mirror: Path) -> None:
    folder = mirror / "raw.githubusercontent.com/meflynn/troopdata/master/data-raw"
    raw = us_bases.read({"data": (folder / "basedata.csv").read_bytes()})
    sites = us_bases.stage(raw).tables[us_bases.STAGED]
    assert sites.height == 414
    assert sites["base_name"].null_count() == 2
    assert sites["base_name"].str.contains("Concón").any()
    raw = us_construction.read({"data": (folder / "builddata.csv").read_bytes()})
    projects = us_construction.stage(raw).tables[us_construction.STAGED]
    assert projects.height == 5_532
    assert (projects["year"].min(), projects["year"].max()) == (2008, 2019)
    assert projects["construction_usd"].sum() == 167_116_551_000


def test_troops_by_quarter(mirror: Path) -> None:
    folder = mirror / "raw.githubusercontent.com/meflynn/troopdata/master/data-raw"
    name = "troopdata-rebuild-country-year-quarter-format.csv"
    raw = us_troops_quarterly.read({"data": (folder / name).read_bytes()})
    staged = us_troops_quarterly.stage(raw).tables[us_troops_quarterly.STAGED]
    assert dict(staged["count_status"].value_counts().rows()) == {
        "reported": 15_191,
        "compiled": 9_969,
        "not_in_report": 4_080,
        "imputed": 330,
        "estimated": 59,
    }
    gap = staged.filter(pl.col("year") == 2023, pl.col("quarter") < 3, pl.col("host_code") != 2)
    assert gap.height == 362
    assert gap["troops_persons"].null_count() == gap.height
