"""marts.ally_tier and marts.alliance_year over a world of a few states and treaties."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql, run_mart, tables_read_by

FOREVER = date(2024, 12, 31)
TREATIES_KNOWN_TO = date(2026, 12, 31)
STATES = [
    (2, "United States", date(1816, 1, 1), FOREVER),
    (40, "Cuba", date(1909, 1, 28), FOREVER),
    (345, "Yugoslavia", date(1878, 7, 13), date(2006, 6, 3)),
    (345, "Serbia", date(2006, 6, 3), FOREVER),
    (365, "Russia", date(1816, 1, 1), FOREVER),
    (666, "Israel", date(1948, 5, 14), FOREVER),
    (713, "Taiwan", date(1949, 12, 8), FOREVER),
    (731, "North Korea", date(1948, 9, 9), FOREVER),
    (920, "New Zealand", date(1920, 1, 10), FOREVER),
    (983, "Marshall Islands", date(1991, 9, 17), FOREVER),
]
DATED = [
    # ccode, treaty, from, to, tier, is_cofa
    (920, "anzus_1951", date(1952, 4, 29), date(1986, 8, 11), "core", False),
    (713, "taiwan_1954", date(1955, 3, 3), date(1979, 12, 31), "core", False),
    (40, "rio_1947", date(1948, 12, 9), date(1962, 3, 28), "treaty", False),
    (983, "rmi_1983", date(1986, 10, 21), None, "guarantee", True),
]
OF_RUSSIA = [
    # from the year before the list of Russia is known
    (920, "wartime", date(1945, 1, 1), date(1947, 5, 1), "treaty", False),
    (731, "consultation", date(1970, 1, 1), date(1975, 1, 1), "partner", False),
    (731, "mutual", date(1961, 9, 10), date(1996, 9, 10), "core", False),
    (731, "clause", date(1960, 1, 1), None, "treaty", False),
    (40, "consultation", date(1980, 1, 1), None, "partner", False),
]
RUSSIA_KNOWN_TO = date(2025, 12, 31)
PLEDGES = [
    # from, to, year, atopid, defense, from, to, on 31 December
    (2, 920, 1985, 3215, 1, date(1951, 9, 1), date(1986, 9, 17), True),
    (2, 920, 1986, 3215, 1, date(1951, 9, 1), date(1986, 9, 17), False),
    (2, 713, 1980, 3270, 1, date(1954, 12, 2), date(1980, 1, 1), False),
    (920, 2, 1985, 3215, 1, date(1951, 9, 1), date(1986, 9, 17), True),
    (2, 666, 1985, 3925, 0, date(1981, 11, 30), date(1991, 12, 26), True),
    (365, 731, 1961, 3440, 1, date(1961, 7, 6), date(1996, 9, 10), True),
    (365, 345, 2018, 9001, 1, date(2000, 1, 1), None, True),
]
TO_ANOTHER = (365, 731, 1962, 9002, 1, date(1962, 1, 1), date(1962, 12, 31), True)
"""A promise of defence that the treaty owes to another partner than this one."""


def spells() -> pl.DataFrame:
    names = ("ccode", "state_name", "valid_from", "valid_to")
    at_end = pl.col("valid_to") == FOREVER
    return pl.DataFrame(STATES, schema=names, orient="row").with_columns(
        counts_to=pl.when(at_end).then(date(2100, 12, 31)).otherwise("valid_to")
    )


@pytest.fixture(scope="module")
def tier(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    treaty = pl.concat(
        pl.DataFrame(
            rows,
            schema=["ccode", "treaty", "in_force_from", "in_force_to", "tier", "is_cofa"],
            orient="row",
        ).with_columns(
            ccode_hegemon=pl.lit(hegemon, dtype=pl.Int16),
            ccode=pl.col("ccode").cast(pl.Int16),
            counts_to=pl.col("in_force_to").fill_null(known_to),
        )
        for hegemon, rows, known_to in (
            (2, DATED, TREATIES_KNOWN_TO),
            (365, OF_RUSSIA, RUSSIA_KNOWN_TO),
        )
    )
    pledge_names = ("ccode_from", "ccode_to", "year", "atopid", "defense", "in_force_from")
    pledges = pl.DataFrame(
        [(*pledge, None) for pledge in PLEDGES] + [(*TO_ANOTHER, "consul defense")],
        schema=[*pledge_names, "in_force_to", "is_in_force_on_31_dec", "not_owed"],
        orient="row",
        schema_overrides={"not_owed": pl.String},
    )
    return built(
        tmp_path_factory.mktemp("tier"),
        "marts.ally_tier",
        {
            "core.states": spells(),
            "core.treaty_allies": treaty,
            "core.obligations": pledges,
        },
    )


def built(folder: Path, table: str, inputs: dict[str, pl.DataFrame]) -> pl.DataFrame:
    assert set(tables_read_by(mart_sql(table))) == set(inputs)
    paths = {name: folder / f"{name}.parquet" for name in inputs}
    for name, frame in inputs.items():
        short = {"ccode", "ccode_from", "ccode_to", "year"} & set(frame.columns)
        frame.with_columns(pl.col(short).cast(pl.Int16)).write_parquet(paths[name])
    return contracts()[table].conform(run_mart(table, paths))


def one(tier: pl.DataFrame, ccode: int, year: int, hegemon: int = 2) -> dict[str, object]:
    chosen = tier.filter(
        pl.col("ccode_hegemon") == hegemon, pl.col("ccode") == ccode, pl.col("year") == year
    )
    return chosen.row(0, named=True)


def sets_of(row: dict[str, object]) -> list[object]:
    return [row[f"tier_{name}"] for name in ("core", "treaty", "atop", "guarantee")]


def test_new_zealand_is_an_ally_in_1986_by_any_day_and_not_after(tier: pl.DataFrame) -> None:
    assert sets_of(one(tier, 920, 1986)) == [True, True, True, True]
    assert one(tier, 920, 1986)["tier_core_on_31_dec"] is False
    assert one(tier, 920, 1986)["tier_atop_on_31_dec"] is False
    assert sets_of(one(tier, 920, 1987)) == [False, False, False, False]
    assert one(tier, 920, 1987)["in_force_basis"] is None


def test_cuba_is_out_of_the_treaty_tier_from_1963(tier: pl.DataFrame) -> None:
    assert sets_of(one(tier, 40, 1962)) == [False, True, False, True]
    assert sets_of(one(tier, 40, 1963)) == [False, False, False, False]


def test_taiwan_in_1980_is_an_ally_by_atop_alone_and_flagged(tier: pl.DataFrame) -> None:
    row = one(tier, 713, 1980)
    assert sets_of(row) == [False, False, True, False]
    assert (row["is_taiwan_after_1979"], row["in_force_basis"]) == (True, "atop")
    assert row["in_force_to"] == date(1980, 1, 1)
    assert one(tier, 713, 1979)["is_taiwan_after_1979"] is False
    assert one(tier, 713, 1979)["tier_core"] is True


def test_a_compact_is_a_guarantee_from_membership_in_the_system(tier: pl.DataFrame) -> None:
    row = one(tier, 983, 1991)
    assert sets_of(row) == [False, False, False, True]
    assert row["is_cofa"] is True
    assert row["in_force_from"] == date(1986, 10, 21)
    assert tier.filter(pl.col("ccode") == 983)["year"].min() == 1991


def test_atop_is_null_with_a_reason_after_its_last_year(tier: pl.DataFrame) -> None:
    row = one(tier, 920, 2019)
    assert (row["tier_atop"], row["tier_atop_null_reason"]) == (None, "out_of_coverage")
    assert row["tier_core"] is False
    assert one(tier, 920, 2018)["tier_atop"] is False
    assert one(tier, 920, 2018)["tier_atop_null_reason"] is None


def test_france_and_the_united_kingdom_have_the_atop_tier_alone(tier: pl.DataFrame) -> None:
    assert one(tier, 731, 1961, hegemon=365)["tier_treaty_null_reason"] is None
    assert tier_core_of(tier, 200) == tier_core_of(tier, 220) == set()


def tier_core_of(tier: pl.DataFrame, hegemon: int) -> set[object]:
    return set(tier.filter(pl.col("ccode_hegemon") == hegemon)["tier_core"])


def test_russia_has_dated_tiers_from_1946_to_the_end_of_its_list(tier: pl.DataFrame) -> None:
    # ATOP begins later in this world
    assert sets_of(one(tier, 920, 1946, hegemon=365)) == [False, True, None, True]
    for year in (1945, 2026):
        row = one(tier, 920, year, hegemon=365)
        assert sets_of(row)[0] is None
        assert row["tier_treaty_null_reason"] == "out_of_coverage"
    assert one(tier, 920, 2025, hegemon=365)["tier_core"] is False
    assert one(tier, 920, 2026)["tier_core"] is False


def test_a_tie_of_the_core_is_dated_by_the_core(tier: pl.DataFrame) -> None:
    row = one(tier, 731, 1970, hegemon=365)
    assert (row["in_force_from"], row["in_force_to"]) == (date(1961, 9, 10), date(1996, 9, 10))
    assert sets_of(row) == [True, True, False, True]
    later = one(tier, 731, 2000, hegemon=365)
    assert (later["in_force_from"], later["in_force_to"]) == (date(1960, 1, 1), None)
    assert (later["tier_core"], later["tier_treaty"]) == (False, True)


def test_a_partner_is_a_flag_and_no_tie(tier: pl.DataFrame) -> None:
    row = one(tier, 40, 1985, hegemon=365)
    assert (row["is_partner"], row["tier_guarantee"], row["in_force_basis"]) == (True, False, None)
    assert one(tier, 731, 1972, hegemon=365)["is_partner"] is True
    assert one(tier, 731, 1976, hegemon=365)["is_partner"] is False


def test_what_the_hegemon_owes_to_others_is_no_tie(tier: pl.DataFrame) -> None:
    assert one(tier, 731, 1961, 365)["tier_atop"]
    row = one(tier, 731, 1962, 365)
    assert row["tier_atop"] is False
    assert row["tier_atop_on_31_dec"] is False


def test_only_what_the_hegemon_promises_counts(tier: pl.DataFrame) -> None:
    assert one(tier, 666, 1985)["tier_atop"] is False
    assert one(tier, 666, 1985)["is_israel"] is True
    assert not tier.filter(pl.col("ccode_hegemon") == 920).height


def test_no_state_is_its_own_ally_and_two_spells_make_one_row(tier: pl.DataFrame) -> None:
    assert not tier.filter(pl.col("ccode_hegemon") == pl.col("ccode")).height
    assert one(tier, 345, 2018, hegemon=365)["tier_atop"] is True
    serbia = tier.filter(pl.col("ccode") == 345, pl.col("year") == 2006)
    assert sorted(serbia["ccode_hegemon"]) == [2, 365]


def test_each_tier_holds_the_one_before(tier: pl.DataFrame) -> None:
    us = tier.filter(pl.col("ccode_hegemon") == 2)
    assert us.filter(pl.col("tier_core") & ~pl.col("tier_treaty")).is_empty()
    assert us.filter(pl.col("tier_treaty") & ~pl.col("tier_guarantee")).is_empty()


MEMBERS = [
    # atopid, phase, ccode, entered, exited, defense, offense, neutral, nonagg, consul
    (9001, 1, 2, date(1949, 4, 4), date(1951, 6, 19), 1, 0, 0, 0, 1),
    (9001, 1, 920, date(1949, 4, 4), date(1951, 6, 19), 1, 0, 0, 0, 1),
    (9001, 2, 2, date(1951, 6, 19), date(1953, 12, 31), 1, 0, 0, 0, 1),
    (9001, 2, 920, date(1951, 6, 19), date(1952, 3, 1), 0, 0, 0, 0, 1),
    (9001, 2, 713, date(1951, 7, 1), date(1953, 12, 31), 0, 0, 0, 0, 1),
    (9001, 2, 983, date(1953, 2, 1), date(1953, 12, 31), 0, 0, 0, 0, 1),
    (9002, 0, 365, date(2016, 1, 1), None, 0, 0, 0, 1, 0),
    (9002, 0, 345, date(2016, 1, 1), None, 0, 0, 0, 1, 0),
    # two phases side by side, of which the later one ends
    (9003, 1, 2, date(2008, 2, 1), None, 0, 0, 0, 0, 1),
    (9003, 1, 920, date(2008, 2, 1), None, 0, 0, 0, 0, 1),
    (9003, 2, 2, date(2008, 3, 1), date(2008, 7, 25), 0, 0, 0, 0, 1),
    (9003, 2, 713, date(2008, 3, 1), date(2008, 7, 25), 0, 0, 0, 0, 1),
]


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    promises = ["defense", "offense", "neutral", "nonagg", "consul"]
    members = pl.DataFrame(
        MEMBERS,
        schema=["atopid", "phase", "ccode", "entered_on", "exited_on", *promises],
        orient="row",
    ).with_columns(
        pl.col(*promises, "phase").cast(pl.Int16),
        year_from=pl.col("entered_on").dt.year().cast(pl.Int16),
        year_to=pl.col("exited_on").dt.year().fill_null(2018).cast(pl.Int16),
    )
    phases = [(9001, 1, False, 0, 0), (9001, 2, False, 0, 1), (9002, 0, True, 0, 0)]
    phases += [(9003, 1, True, 0, 0), (9003, 2, True, 0, 0)]
    return built(
        tmp_path_factory.mktemp("years"),
        "marts.alliance_year",
        {
            "core.alliance_members": members,
            "core.alliances": pl.DataFrame(
                phases, schema=["atopid", "phase", "is_bilateral", "wartime", "asymm"], orient="row"
            ),
            "core.states": spells(),
        },
    )


def test_members_are_counted_once_in_a_year_of_two_phases(years: pl.DataFrame) -> None:
    row = years.filter(pl.col("year") == 1951).row(0, named=True)
    assert (row["phase"], row["n_members"], row["n_entered"], row["n_exited"]) == (2, 3, 1, 0)
    assert row["member_names"] == "United States; Taiwan; New Zealand"
    assert row["member_ccodes"] == "2 713 920"
    assert (row["n_defense"], row["is_one_way_pledge"], row["atop_class"]) == (1, True, "defense")


def test_entries_exits_and_members_outside_the_system(years: pl.DataFrame) -> None:
    nato = years.filter(pl.col("atopid") == 9001)
    columns = ("year", "n_members", "n_cow_members", "n_entered", "n_exited")
    assert nato.select(columns).rows() == [
        (1949, 2, 2, 2, 0),
        (1950, 2, 2, 0, 0),
        (1951, 3, 3, 1, 0),
        (1952, 3, 3, 0, 1),
        (1953, 3, 2, 1, 3),
    ]


def test_an_alliance_ends_with_the_source_and_uses_the_latest_name(years: pl.DataFrame) -> None:
    pact = years.filter(pl.col("atopid") == 9002)
    assert pact["year"].to_list() == [2016, 2017, 2018]
    assert set(pact["member_names"]) == {"Serbia; Russia"}
    assert set(pact["atop_class"]) == {"nonaggression"}
    assert pact["is_in_force_on_31_dec"].all()
    assert pact["n_exited"].sum() == 0


def test_a_phase_that_goes_on_beside_one_that_ended_is_in_force(years: pl.DataFrame) -> None:
    of_2008 = years.filter(atopid=9003, year=2008).row(0, named=True)
    assert (of_2008["phase"], of_2008["n_members"]) == (2, 3)
    assert of_2008["is_in_force_on_31_dec"]
