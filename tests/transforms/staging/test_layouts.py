"""Every layout of a source is read into the same columns; an unknown one is refused."""

from importlib import import_module

import polars as pl
import pytest

from flows.engine.reference import read_reference
from flows.sources import load_declarations
from tests.publisher import current_releases as current
from tests.transforms.trunk import build_trunk, write_vote_file
from transforms.core.ideal_points_published import build_ideal_points_published
from transforms.core.military_expenditure import build_military_expenditure
from transforms.staging import gdp, sipri_milex, un_ideal_points, un_votes, undl_votes
from warehouse.contracts.read import contracts

WITH_LAYOUTS = [slug for slug, declared in load_declarations().items() if declared.layouts]


@pytest.mark.parametrize("slug", WITH_LAYOUTS)
def test_the_declared_layouts_are_those_that_are_read(slug: str) -> None:
    first, *others = import_module(f"transforms.staging.{slug}").LAYOUTS
    declaration = load_declarations()[slug]
    assert [layout.name for layout in others] == [la.name for la in declaration.layouts]
    starts_with = declaration.header_starts_with["data"]
    assert set(starts_with) <= {*first.columns, *first.absent}
    for read, declared in zip(others, declaration.layouts, strict=True):
        assert set(declared.has) <= set(read.columns), f"{slug}: {read.name}"
        assert all(len(reason) > 10 for reason in read.absent.values())


def test_other_sources_have_one_layout() -> None:
    assert set(WITH_LAYOUTS) == {"gdp", "un_ideal_points", "un_votes", "undl_votes"}


# --- roll calls -----------------------------------------------------------------------------------


def test_roll_calls_without_a_year_and_with_numbers_of_rows() -> None:
    raw = un_votes.read({"data": current.roll_calls_to_session_77()})
    assert "" not in raw[un_votes.RAW_ROLL_CALLS].columns
    staged = un_votes.stage(raw).tables
    calls = contracts()[un_votes.STAGED_ROLL_CALLS].conform(staged[un_votes.STAGED_ROLL_CALLS])
    assert calls["session"].to_list() == [75, 76, 77]
    assert calls["year_published"].null_count() == 3
    assert calls["vote_date"].dt.year().to_list() == [2020, 2021, 2023]
    assert staged[un_votes.STAGED_VOTES].height == 12


def test_a_vote_file_of_no_known_layout_is_refused_with_the_difference() -> None:
    file = current.roll_calls_to_session_77().replace(b"vote,Country", b"choice,Country", 1)
    with pytest.raises(ValueError, match=r"columns \['vote'\] are missing of layout .*choice.*bes"):
        un_votes.read({"data": file})


# --- the UN Library -------------------------------------------------------------------------------


@pytest.mark.parametrize("notes", [True, False])
def test_the_library_to_session_80(notes: bool) -> None:
    raw = undl_votes.read({"data": current.library_to_session_80(notes)})
    staged = undl_votes.stage(raw).tables
    calls = contracts()[undl_votes.STAGED_RESOLUTIONS].conform(
        staged[undl_votes.STAGED_RESOLUTIONS]
    )
    assert calls["session"].to_list() == [76, None, 77, 78, None, 79, 80, 81]
    assert set(calls["session_published"]) == {"76", "77", "78", "79", "80", "81", "ES-11"}
    assert calls["n_members_published"].unique().to_list() == [6]
    assert calls["agenda_title"][0] == "An item|Another item"
    votes = contracts()[undl_votes.STAGED_VOTES].conform(staged[undl_votes.STAGED_VOTES])
    assert votes["vote_note"].null_count() == (40 if notes else 48)
    assert "TÜRKİYE" in votes["member_name"].to_list()


def test_the_library_is_the_source_of_votes_after_the_vote_file() -> None:
    file = write_vote_file(
        {"rcid": 1, "session": 75, "date": "2020-12-07", "votes": {2: 1, 200: 1, 365: 3}}
    )
    trunk = build_trunk(file, current.library_to_session_80())
    votes, calls = trunk.tables["votes"], trunk.tables["roll_calls"]
    of_library = calls.filter(source="undl_votes")
    assert of_library.height == 8
    assert sorted(of_library["session"].drop_nulls()) == [76, 77, 78, 79, 80, 81]
    assert of_library.filter(emergency_session=11).height == 2
    assert of_library.filter(resolution="A/RES/77/223 A").height == 1
    usa = votes.filter(pl.col("rcid").is_in(of_library["rcid"].implode()), ccode=2)
    assert usa["choice"].unique().to_list() == ["no"]


# --- ideal points ---------------------------------------------------------------------------------


def built(staged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    trunk = build_trunk(write_vote_file({"rcid": 1, "session": 1, "date": "1946-01-01",
                                         "votes": {2: 1}}))  # fmt: skip
    outcome = build_ideal_points_published(
        state_years=contracts()[un_ideal_points.STAGED].conform(staged),
        states=trunk.tables["states"],
        succession=read_reference("succession"),
        state_aliases=read_reference("state_aliases"),
        ideal_point_codes=read_reference("ideal_point_codes"),
    )
    table = contracts()["core.ideal_points_published"].conform(
        outcome.tables["core.ideal_points_published"]
    )
    return table, outcome.losses


def test_ideal_points_without_cow_codes_find_their_states() -> None:
    raw = un_ideal_points.read({"data": current.ideal_points_by_iso_code()})
    table, losses = built(un_ideal_points.stage(raw).tables[un_ideal_points.STAGED])
    assert table.select("ccode", "year", "ideal_point_published").rows() == [
        (2, 1946, 1.7),
        (2, 2024, 2.0),
        (2, 2025, 2.1),
        (255, 2024, 0.8),
        (260, 1980, 0.9),
        (365, 1980, -2.1),
        (710, 1946, 0.4),
    ]
    assert table["n_votes_published"].null_count() == table.height
    assert table["ideal_point_published_q50"].null_count() == table.height
    assert losses.select("reason", "code", "n_rows").rows() == [("unknown_code", "XYZ", 1)]


def test_what_a_release_has_besides_is_read_or_passed_over() -> None:
    file = current.ideal_points_by_iso_code({"NVotesFP": 70, "Lower": 0.1})
    staged = un_ideal_points.stage(un_ideal_points.read({"data": file})).tables
    table = staged[un_ideal_points.STAGED]
    assert table["n_votes_published"].unique().to_list() == [70]
    assert "Lower" not in table.columns


def test_the_separator_is_read_from_the_bytes() -> None:
    header = ",".join(un_ideal_points.LAYOUTS[0].columns)
    line = "2,USA,United States,1946,25,1.5,.9,1.1,1.4,2.3,2.5"
    for file in (f"{header}\n{line}\n", f"{header}\n{line}\n".replace(",", "\t")):
        raw = un_ideal_points.read({"data": file.encode()})[un_ideal_points.RAW]
        assert raw["IdealPointFP"].to_list() == ["1.5"]


def test_a_table_of_dyads_is_no_table_of_ideal_points() -> None:
    with pytest.raises(ValueError, match=r"lacks IdealPointFP; has .*IdealPointDistance.* besides"):
        un_ideal_points.read({"data": b"iso3c,iso3c2,year,IdealPointDistance\nUSA,GBR,1946,0.1\n"})


# --- military expenditure -------------------------------------------------------------------------


@pytest.mark.parametrize("local_currency", [True, False])
def test_the_workbook_to_2025(local_currency: bool) -> None:
    raw = sipri_milex.read({"data": current.milex_to_2025(local_currency)})
    staged = sipri_milex.stage(raw).tables[sipri_milex.STAGED]
    dollars = staged.filter(sheet="current_usd")
    assert dollars.filter(sipri_name="United Kingdom", year=2025)["value"].item() == 15.5e6
    marks = staged.filter(sipri_name="Eritrea", sheet="share_of_gdp").sort("year")
    assert marks["value_status"].to_list() == ["not_existing"] * 3 + ["not_available"] * 3
    trunk = build_trunk(write_vote_file({"rcid": 1, "session": 1, "date": "1946-01-01",
                                         "votes": {2: 1}}))  # fmt: skip
    states = pl.concat(
        [
            trunk.tables["states"],
            trunk.tables["states"].filter(ccode=200).with_columns(ccode=pl.lit(395, pl.Int16)),
        ]
    )
    core = build_military_expenditure(
        state_years=contracts()[sipri_milex.STAGED].conform(staged),
        states=states,
        sipri_names=read_reference("sipri_names"),
    ).tables["core.military_expenditure"]
    iceland = core.filter(ccode=395)
    expected = "published_zero" if local_currency else "zero_unconfirmed"
    assert iceland["milex_usd_status"].unique().to_list() == [expected]
    assert iceland["milex_usd"].null_count() == (0 if local_currency else iceland.height)


# --- gross domestic product -----------------------------------------------------------------------


def test_the_world_banks_own_table_is_read_into_the_same_rows() -> None:
    raw = gdp.read({"data": current.world_bank_table()})
    assert raw[gdp.RAW].rows() == [
        ("Congo, Dem. Rep.", "COD", "1961", "33"),
        ("Congo, Dem. Rep.", "COD", "2025", "40"),
        ("United States", "USA", "1960", "5.4e11"),
        ("United States", "USA", "2025", "3.1e13"),
        ("World", "WLD", "1960", "1"),
        ("World", "WLD", "1961", "2"),
        ("World", "WLD", "2025", "3"),
    ]
    assert gdp.stage(raw).tables[gdp.STAGED]["gdp_usd"][3] == 3.1e13


def test_another_indicator_is_refused() -> None:
    with pytest.raises(ValueError, match=r"has NY\.GDP\.PCAP\.CD, not NY\.GDP\.MKTP\.CD"):
        gdp.read({"data": current.world_bank_table("NY.GDP.PCAP.CD")})
