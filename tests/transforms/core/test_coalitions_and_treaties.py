"""The hand-coded references and the two tables that are made of them."""

from datetime import date

import polars as pl
import pytest
import yaml

from flows.engine.coverage import coverages
from tests.transforms.trunk import REFERENCE
from transforms.core.coalition_support import build_coalition_support
from transforms.core.treaty_allies import build_treaty_allies
from warehouse.contracts.read import contracts

LISTS = ("coalition_lists", "coalition_iraq_2003", "coalition_mnf_i", "coalition_daesh")
TREATIES = (
    "us_defence_treaties",
    "nato_accessions",
    "rio_parties",
    "soviet_russian_alliances",
    "chinese_alliances",
)
VILNIUS_SEVEN = (317, 349, 355, 360, 366, 367, 368)


def reference(name: str) -> pl.DataFrame:
    return pl.read_csv(REFERENCE / f"{name}.csv", infer_schema=False)


def references(names: tuple[str, ...], *, without: int = 0) -> dict[str, pl.DataFrame]:
    """The lists by argument name, and a list of states that has all of them but one."""
    frames = {name: reference(name) for name in names}
    codes = [f["ccode"].cast(pl.Int16) for f in frames.values() if "ccode" in f.columns]
    states = pl.concat(codes).unique().sort().to_frame("ccode").filter(pl.col("ccode") != without)
    return {**frames, "states": states}


@pytest.fixture(scope="module")
def support() -> pl.DataFrame:
    outcome = build_coalition_support(**references(LISTS))
    return contracts()["core.coalition_support"].conform(outcome.tables["core.coalition_support"])


@pytest.fixture(scope="module")
def allies() -> pl.DataFrame:
    return all_allies().filter(pl.col("ccode_hegemon") == 2)


def all_allies() -> pl.DataFrame:
    outcome = build_treaty_allies(**references(TREATIES), coverage=coverages(TREATIES))
    return contracts()["core.treaty_allies"].conform(outcome.tables["core.treaty_allies"])


@pytest.fixture(scope="module")
def others() -> pl.DataFrame:
    return all_allies()


def core_on(allies: pl.DataFrame, day: date, tiers: tuple[str, ...] = ("core",)) -> set[int]:
    in_force = (pl.col("in_force_from") <= day) & (
        pl.col("in_force_to").is_null() | (pl.col("in_force_to") >= day)
    )
    return set(allies.filter(in_force, pl.col("tier").is_in(tiers))["ccode"].to_list())


@pytest.mark.parametrize("name", [*LISTS, *TREATIES])
def test_every_list_says_what_it_rests_on(name: str) -> None:
    account = yaml.safe_load((REFERENCE / f"{name}.yml").read_text("utf-8"))
    assert account["coder"] == "alliance-asymmetry"
    assert account["basis"]
    assert account["source"]
    assert account["confidence"]
    assert list(account["columns"]) == reference(name).columns
    for correction in account["corrections"]:
        assert set(correction) == {"row", "draft", "now", "reason"}


@pytest.mark.parametrize(
    ("coalition", "as_of", "n_listed"),
    [
        ("iraq_2003", date(2003, 3, 18), 30),
        ("iraq_2003", date(2003, 3, 21), 45),
        ("iraq_2003", date(2003, 3, 26), 48),
        ("iraq_2003", date(2003, 3, 27), 49),
        ("daesh", date(2014, 12, 31), 54),
        ("daesh", date(2016, 1, 31), 62),
        ("daesh", date(2016, 4, 30), 63),
    ],
)
def test_each_version_of_a_list_has_its_published_length(
    support: pl.DataFrame, coalition: str, as_of: date, n_listed: int
) -> None:
    version = support.filter(pl.col("coalition") == coalition, pl.col("as_of") == as_of)
    assert version["is_listed"].sum() == n_listed


def test_angola_leaves_the_list_and_comes_back(support: pl.DataFrame) -> None:
    angola = support.filter(pl.col("ccode") == 540, pl.col("coalition") == "iraq_2003")
    assert angola.select("as_of", "is_listed", "support_level").rows() == [
        (date(2003, 3, 21), False, 0),
        (date(2003, 3, 26), True, 1),
        (date(2003, 3, 27), True, 1),
    ]


def test_solomon_islands_are_listed_but_support_nothing(support: pl.DataFrame) -> None:
    row = support.filter(pl.col("ccode") == 940).row(-1, named=True)
    assert (row["is_listed"], row["support_level"]) == (True, 0)


def test_strikes_count_from_the_first_strike(support: pl.DataFrame) -> None:
    daesh = support.filter(pl.col("coalition") == "daesh")
    strikers = {
        as_of.isoformat(): set(
            daesh.filter(pl.col("as_of") == as_of, pl.col("support_level") == 4)["ccode"]
        )
        for as_of in (date(2014, 12, 31), date(2016, 1, 31))
    }
    first = {20, 200, 210, 211, 220, 390, 663, 670, 692, 696, 900}
    assert strikers == {"2014-12-31": first, "2016-01-31": first | {640}}
    turkey = daesh.filter(pl.col("ccode") == 640).sort("as_of")["support_level"].to_list()
    assert turkey == [1, 4, 4, 4]


def test_who_has_left_iraq_stays_with_level_zero(support: pl.DataFrame) -> None:
    spain = support.filter(pl.col("coalition") == "mnf_i", pl.col("ccode") == 230).sort("as_of")
    assert spain["is_listed"].to_list() == [True, False, False, False, False, False]
    assert spain["support_level"].to_list() == [3, 0, 0, 0, 0, 0]


def test_a_list_with_a_wrong_number_of_names_is_refused() -> None:
    frames = references(LISTS)
    frames["coalition_iraq_2003"] = frames["coalition_iraq_2003"].filter(pl.col("ccode") != "955")
    with pytest.raises(ValueError, match="iraq_2003 2003-03-27 should name 49 states"):
        build_coalition_support(**frames)


def test_a_cell_that_is_no_date_is_named() -> None:
    frames = references(TREATIES)
    frames["rio_parties"] = frames["rio_parties"].with_columns(
        pl.lit("2004-13").alias("in_force_to")
    )
    with pytest.raises(ValueError, match=r"rio_parties\.csv, row 1, in_force_to: '2004-13'"):
        build_treaty_allies(**frames, coverage=coverages(TREATIES))


def test_t1_aspirants_of_2003_are_no_allies_in_the_invasion(allies: pl.DataFrame) -> None:
    assert not core_on(allies, date(2003, 3, 20)) & set(VILNIUS_SEVEN)
    assert set(VILNIUS_SEVEN) <= core_on(allies, date(2004, 3, 29))


@pytest.mark.parametrize(
    ("ccode", "first"),
    [
        (350, date(1952, 2, 18)), (640, date(1952, 2, 18)), (260, date(1955, 5, 6)),
        (230, date(1982, 5, 30)), (316, date(1999, 3, 12)), (310, date(1999, 3, 12)),
        (290, date(1999, 3, 12)), (339, date(2009, 4, 1)), (344, date(2009, 4, 1)),
        (341, date(2017, 6, 5)), (343, date(2020, 3, 27)), (375, date(2023, 4, 4)),
        (380, date(2024, 3, 7)), (740, date(1952, 4, 28)), (732, date(1954, 11, 17)),
        (840, date(1952, 8, 27)), (900, date(1952, 4, 29)), (713, date(1955, 3, 3)),
        (800, date(1955, 2, 19)),
    ],
)  # fmt: skip
def test_core_allies_begin_with_entry_into_force(
    allies: pl.DataFrame, ccode: int, first: date
) -> None:
    starts = allies.filter(pl.col("ccode") == ccode, pl.col("tier") == "core")["in_force_from"]
    assert starts.min() == first
    assert (starts >= allies.filter(pl.col("ccode") == ccode)["signed_on"].min()).all()


def test_germany_goes_over_from_260_to_255_without_a_gap(allies: pl.DataFrame) -> None:
    assert {260, 255} & core_on(allies, date(1990, 10, 2)) == {260}
    assert {260, 255} & core_on(allies, date(1990, 10, 3)) == {255}


def test_japan_is_an_ally_on_every_day_of_1960_and_once(allies: pl.DataFrame) -> None:
    japan = allies.filter(pl.col("ccode") == 740).sort("in_force_from")
    assert japan["in_force_to"].to_list() == [date(1960, 6, 22), None]
    assert japan["in_force_from"].to_list()[1] == date(1960, 6, 23)


@pytest.mark.parametrize(
    ("ccode", "last", "tier"),
    [
        (920, date(1986, 8, 11), "core"),
        (713, date(1979, 12, 31), "core"),
        (40, date(1962, 3, 28), "treaty"),
        (70, date(2004, 9, 5), "treaty"),
        (145, date(2014, 10, 16), "treaty"),
        (93, date(2014, 9, 19), "treaty"),
        (101, date(2015, 5, 13), "treaty"),
        (130, date(2016, 2, 18), "treaty"),
    ],
)
def test_who_left(allies: pl.DataFrame, ccode: int, last: date, tier: str) -> None:
    row = allies.filter(pl.col("ccode") == ccode).row(0, named=True)
    assert (row["in_force_to"], row["tier"]) == (last, tier)


def test_rio_came_into_force_with_the_fourteenth_deposit() -> None:
    rio = reference("rio_parties")
    deposits = sorted(rio["deposited_on"].to_list())
    assert deposits[13] == "1948-12-03"
    assert rio.filter(pl.col("deposited_on") == "1948-12-03")["ccode"].to_list() == ["94"]
    assert rio["in_force_from"].min() == "1948-12-03"


def test_compacts_are_guarantees_and_nothing_else(allies: pl.DataFrame) -> None:
    cofa = allies.filter("is_cofa").sort("ccode")
    assert cofa["ccode"].to_list() == [983, 986, 987]
    assert set(cofa["tier"]) == {"guarantee"}
    assert cofa["in_force_from"].dt.year().to_list() == [1986, 1994, 1986]


def test_core_counts_thirty_four_allies_in_2022(allies: pl.DataFrame) -> None:
    assert len(core_on(allies, date(2022, 7, 1))) == 34
    assert len(core_on(allies, date(2022, 7, 1), ("core", "treaty"))) == 50


def test_what_no_tier_counts_is_lost_with_its_reason() -> None:
    losses = build_treaty_allies(**references(TREATIES), coverage=coverages(TREATIES)).losses
    by_reason = dict(losses.group_by("reason").agg(pl.col("n_rows").sum()).iter_rows())
    assert by_reason == {"hegemon_itself": 2, "in_no_tier": 18}


def test_a_state_that_the_list_of_states_lacks_is_counted() -> None:
    treaties = build_treaty_allies(
        **references(TREATIES, without=740), coverage=coverages(TREATIES)
    )
    assert treaties.tables["core.treaty_allies"].filter(pl.col("ccode") == 740).is_empty()
    lost = treaties.losses.filter(pl.col("reason") == "not_in_system")
    assert lost.select("ccode", "n_rows").rows() == [(740, 2)]
    lists = build_coalition_support(**references(LISTS, without=740))
    assert lists.losses["ccode"].to_list() == [740]


@pytest.mark.parametrize(
    ("day", "n_core"),
    [
        (date(1946, 12, 31), 4), (date(1949, 1, 1), 7), (date(1955, 6, 4), 7),
        (date(1955, 6, 5), 9), (date(1968, 9, 14), 9), (date(1990, 9, 25), 8),
        (date(1994, 4, 20), 9), (date(1999, 4, 21), 5), (date(2006, 8, 16), 6),
        (date(2012, 6, 29), 5), (date(2024, 12, 3), 5), (date(2024, 12, 4), 6),
    ],
)  # fmt: skip
def test_core_allies_of_russia_by_day(others: pl.DataFrame, day: date, n_core: int) -> None:
    assert len(core_on(others.filter(pl.col("ccode_hegemon") == 365), day)) == n_core


def test_uzbekistan_left_the_collective_security_treaty_twice(others: pl.DataFrame) -> None:
    spells = others.filter(pl.col("ccode_hegemon") == 365, pl.col("ccode") == 704)
    core = spells.filter(pl.col("tier") == "core").sort("in_force_from")
    assert core.select("in_force_from", "in_force_to").rows() == [
        (date(1994, 4, 20), date(1999, 4, 20)),
        (date(2006, 8, 16), date(2012, 6, 28)),
    ]


def test_wartime_treaties_of_the_great_powers_are_no_core(others: pl.DataFrame) -> None:
    russia = others.filter(pl.col("ccode_hegemon") == 365)
    assert {200, 220, 375} & core_on(russia, date(1950, 1, 1)) == set()
    assert {200, 220, 375} <= core_on(russia, date(1950, 1, 1), ("treaty",))


def test_allies_of_china_are_two_at_most(others: pl.DataFrame) -> None:
    china = others.filter(pl.col("ccode_hegemon") == 710)
    assert core_on(china, date(1970, 1, 1)) == {365, 731}
    assert core_on(china, date(2024, 1, 1)) == {731}


def test_observers_and_consultation_are_flags(others: pl.DataFrame) -> None:
    partners = others.filter(pl.col("tier") == "partner", pl.col("ccode_hegemon") == 365)
    assert {345, 652, 750} <= set(partners["ccode"])
    assert core_on(others, date(1975, 1, 1)) & {750} == set()
