"""The other simulated files: the Library's votes, alliances, states and capabilities."""

import importlib
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml

from flows.sample.write import PATHS

SOURCES = Path(__file__).resolve().parents[4] / "flows" / "sources"
SLUGS = sorted(PATHS)


def declared_files(world: Path, slug: str) -> dict[str, bytes]:
    declaration = yaml.safe_load((SOURCES / f"{slug}.yml").read_text("utf-8"))
    files = {}
    for name, inside in declaration["members"].items():
        content = (world / PATHS[slug]).read_bytes()
        for path in [inside] if isinstance(inside, str) else inside or []:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read(path)
        files[name] = content
    return files


@pytest.mark.parametrize("slug", SLUGS)
def test_the_staging_readers_read_it(world: Path, slug: str) -> None:
    staging = importlib.import_module(f"transforms.staging.{slug}")
    outcome = staging.stage(staging.read(declared_files(world, slug)))
    assert outcome.tables
    assert all(table.height > 0 for table in outcome.tables.values())


def test_library_file(library: pl.DataFrame, world: Path) -> None:
    raw = (world / PATHS["undl_votes"]).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfundl_id,")
    assert b',"","","",' in raw
    assert set(library["ms_vote"]) == {"Y", "N", "A", "X"}
    assert set(library["session"]) == {str(s) for s in range(60, 77)}
    assert "NAM" in set(library["ms_code"])
    assert library["title"].str.starts_with("SIMULATED").all()
    assert library["resolution"].str.contains(r"^A/RES/\d+/\d+[A-D]?$").all()


def test_library_totals_are_those_counted(library: pl.DataFrame) -> None:
    counted = library.group_by("undl_id").agg(
        *(
            (pl.col("ms_vote") == letter).sum().cast(pl.String).alias(total)
            for letter, total in {
                "Y": "total_yes",
                "N": "total_no",
                "A": "total_abstentions",
                "X": "total_non_voting",
            }.items()
        ),
        pl.len().cast(pl.String).alias("total_ms"),
    )
    published = library.select(counted.columns).unique()
    assert published.sort("undl_id").equals(counted.sort("undl_id"))


def test_the_library_has_the_votes_of_the_vote_file_but_for_the_known_oddities(
    library: pl.DataFrame, votes: pl.DataFrame, world: Path
) -> None:
    oddities = json.loads((world / "ground_truth" / "parameters.json").read_text())["oddities"]
    marked = (pl.col("para") == "1") | (pl.col("amend") == "1")
    ours = votes.filter(~marked, pl.col("session").cast(pl.Int64) >= 60, pl.col("vote") != "9")
    ours = ours.select(
        "rcid",
        pl.col("unres").str.replace("^(A/RES|R)/", "").alias("resolution"),
        pl.col("Country").alias("ms_code"),
        pl.col("vote").replace({"1": "Y", "2": "A", "3": "N", "8": "X"}),
    )
    theirs = library.filter(pl.col("session") != "76").with_columns(
        pl.col("resolution").str.replace("^A/RES/", "")
    )
    both = ours.join(theirs, on=["resolution", "ms_code"])
    differ = both.filter(pl.col("vote") != pl.col("ms_vote"))
    counts = dict(differ.group_by("rcid").len().iter_rows())
    (twin,), (corrected,) = oddities["twin_of"], oddities["corrected"]
    assert counts == {twin: 2, corrected: 1}
    lacking = set(ours["rcid"]) - set(both["rcid"])
    assert lacking == {str(r) for r in oddities["unrecorded"]}


def test_alliances_in_force_exit_0_0_0(atop: dict[str, pl.DataFrame]) -> None:
    members = atop["m"]
    zero = (members["yrexit"] == "0") & (members["moexit"] == "0") & (members["dayexit"] == "0")
    assert (zero == (members["ineffect"] == "1")).all()
    assert (members["yrent"].cast(pl.Int64) <= 2018).all()
    assert set(members["version"]) == {"5.1"}


def test_one_member_has_two_rows_of_one_key(atop: dict[str, pl.DataFrame]) -> None:
    repeated = atop["m"].filter(pl.struct("atopid", "phase", "member").is_duplicated())
    assert repeated.select("atopid", "member", "yrent").rows() == [
        ("3015", "651", "1945"),
        ("3015", "651", "1989"),
    ]


def test_entry_is_dated_at_signature(atop: dict[str, pl.DataFrame]) -> None:
    nato = atop["m"].filter(atopid="3180", phase="2")
    entered = {r["member"]: r["yrent"] for r in nato.iter_rows(named=True)}
    assert (entered["290"], entered["366"], entered["341"]) == ("1997", "2003", "2016")
    assert not {"343", "375", "380"} & entered.keys()


@pytest.mark.parametrize(
    ("atopid", "partner", "us_defends_partner_defends_gives_territory"),
    [
        ("3375", "740", ("1", "0", "1")),
        ("3240", "732", ("1", "1", "1")),
        ("3210", "840", ("1", "1", "0")),
        ("3215", "900", ("1", "1", "0")),
        ("3480", "230", ("1", "0", "1")),
        ("3635", "230", ("0", "0", "1")),
        ("3750", "230", ("1", "1", "1")),
        ("3925", "666", ("1", "0", "0")),
        ("3355", "770", ("1", "0", "0")),
    ],
)
def test_who_promises_what(
    atop: dict[str, pl.DataFrame],
    atopid: str,
    partner: str,
    us_defends_partner_defends_gives_territory: tuple[str, str, str],
) -> None:
    rows = {r["member"]: r for r in atop["m"].filter(atopid=atopid).iter_rows(named=True)}
    found = rows["2"]["defense"], rows[partner]["defense"], rows[partner]["terrres"]
    assert found == us_defends_partner_defends_gives_territory
    assert rows["2"]["terrres"] == "0"


def test_phases_and_state_years_follow_from_the_members(atop: dict[str, pl.DataFrame]) -> None:
    members, phases = atop["m"], atop["aph"]
    keys = members.select("atopid", "phase").unique().sort("atopid", "phase")
    assert phases.select("atopid", "phase").sort("atopid", "phase").equals(keys)
    assert {"3180.1", "3180.2", "3210"} <= set(phases["atopidphase"])
    us_1955 = atop["sy"].filter(state="2", year="1955").row(0, named=True)
    listed = [v for k, v in us_1955.items() if k.startswith("atopid") and v]
    assert listed == ["3075", "3150", "3180", "3210", "3215", "3220", "3240", "3260", "3270"]
    assert us_1955["number"] == "9"
    assert "4265" not in set(atop["m_NNA"]["atopid"])


def test_capabilities_keep_to_membership_and_add_up_roughly(world: Path) -> None:
    (content,) = declared_files(world, "cow_capabilities").values()
    rows = pl.read_csv(content)
    assert rows["year"].min() == 1816
    assert rows["year"].max() == 2022
    sums = rows.group_by("year").agg(pl.col("cinc").sum())
    assert sums["cinc"].is_between(0.999, 1.015).all()
    assert 260 not in rows.filter(year=1954)["ccode"].to_list()
    assert rows.filter(pl.col("ccode") == 652, pl.col("year").is_in([1959, 1960])).is_empty()
    assert 0 < (rows["milex"] == -9).sum() < 0.1 * rows.height
    strongest = rows.filter(year=1960).sort("cinc", descending=True)["ccode"].to_list()
    assert strongest[0] == 2
    assert strongest.index(365) <= 2
    assert set(rows.filter(ccode=395)["milex"]) == {0}


def test_gdp_lists_aggregates_and_ends_without_a_line_end(world: Path) -> None:
    content = (world / PATHS["gdp"]).read_bytes()
    assert not content.endswith(b"\n")
    codes = set(pl.read_csv(content)["Country Code"])
    assert {"WLD", "AFE", "NAM", "XKX"} <= codes
    assert not {"TWN", "PRK", "GFR", "DDR"} & codes


def test_workbook_opens_and_marks_what_is_missing(world: Path) -> None:
    book = openpyxl.load_workbook(world / PATHS["sipri_milex"], read_only=True)
    assert "SIMULATED" in str(book["Front page"]["A1"].value)
    rows = {str(r[0]): r for r in book["Current US$"].iter_rows(values_only=True) if r and r[0]}
    years = rows["Country"]
    assert rows["Czechoslovakia"][years.index(1993)] == "xxx"
    assert rows["USSR"][years.index(1970)] == "..."
    assert rows["Russia"][years.index(1991)] == "xxx"
    assert rows["Argentina"][years.index(1950)] == 0
    assert rows["Iceland"][years.index(2010)] in (0, "...")
    assert isinstance(rows["United States of America"][years.index(1990)], float | int)
