"""Alliances built from the real ATOP files, against published and hand-counted figures."""

from datetime import date

import polars as pl
import pytest

from flows.engine.coverage import coverages
from tests.built_homes import BuiltHome
from tests.transforms.trunk import REFERENCE
from transforms.core.alliance_members import build_alliance_members

PROMISES = ["defense", "offense", "neutral", "nonagg", "consul"]


@pytest.fixture(scope="module")
def staged(mirror_home: BuiltHome) -> dict[str, pl.DataFrame]:
    names = (
        "staging.stg_atop__members",
        "staging.stg_atop__phases",
        "staging.stg_atop__state_years",
    )
    return {name: mirror_home.table(name) for name in names}


@pytest.fixture(scope="module")
def states(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("core.states")


@pytest.fixture(scope="module")
def core(mirror_home: BuiltHome) -> dict[str, pl.DataFrame]:
    names = ("core.alliance_members", "core.alliances", "core.obligations")
    return {name: mirror_home.table(name) for name in names}


@pytest.fixture(scope="module")
def dyads(core: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return (
        core["core.obligations"]
        .group_by("ccode_from", "ccode_to", "year")
        .agg(pl.col(PROMISES).max())
    )


@pytest.fixture(scope="module")
def tier(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("marts.ally_tier")


def test_no_row_is_lost_but_the_one_that_is_no_state(staged: dict[str, pl.DataFrame]) -> None:
    heights = {name.split("__")[1]: frame.height for name, frame in staged.items()}
    assert heights == {"members": 2510, "phases": 849, "state_years": 11_923}
    outcome = build_alliance_members(
        atop_members=staged["staging.stg_atop__members"], coverage=coverages(("atop",))
    )
    assert outcome.tables["core.alliance_members"].height == 2509
    assert outcome.losses.select("reason", "n_rows").rows() == [("not_a_cow_code", 1)]


def test_three_states_left_and_came_back(core: dict[str, pl.DataFrame]) -> None:
    again = core["core.alliance_members"].filter(pl.col("spell") == 2)
    assert again.select("atopid", "ccode").rows() == [(3015, 651), (3205, 651), (3740, 345)]


def test_phases_name_the_members_that_the_member_file_has(
    staged: dict[str, pl.DataFrame], core: dict[str, pl.DataFrame]
) -> None:
    listed = staged["staging.stg_atop__phases"].select(
        "atopid", "phase", n=pl.col("member_codes").str.split(" ").list.n_unique()
    )
    counted = core["core.alliances"].select("atopid", "phase", "n_members")
    both = listed.join(counted, on=("atopid", "phase"), how="full", validate="1:1")
    assert both.height == 849
    assert both.filter(pl.col("n").ne_missing(pl.col("n_members"))).is_empty()


def test_directed_dyad_years_are_as_many_as_in_atops_dyadic_file(dyads: pl.DataFrame) -> None:
    assert dyads.height == 273_296


def test_state_years_equal_atops_own(
    staged: dict[str, pl.DataFrame], core: dict[str, pl.DataFrame]
) -> None:
    given = (
        core["core.obligations"]
        .group_by(pl.col("ccode_from").alias("ccode"), "year")
        .agg(pl.col(PROMISES).max(), pl.col("atopid").n_unique().alias("n_alliances"))
    )
    published = staged["staging.stg_atop__state_years"]
    assert given.join(published, on=("ccode", "year"), how="anti").is_empty()
    both = published.join(given, on=("ccode", "year"), how="left", suffix="_built")
    differs = pl.any_horizontal(
        pl.col(c).ne_missing(pl.col(f"{c}_built")) for c in (*PROMISES, "n_alliances")
    )
    # France 1874-83 was bound to a partner that is no COW state.
    assert both.filter(differs).select("ccode", "year").rows() == [
        (220, year) for year in range(1874, 1884)
    ]


@pytest.mark.parametrize(
    ("year", "n"), [(1945, 44), (1955, 42), (1985, 53), (2014, 65), (2016, 66), (2018, 66)]
)
def test_states_that_the_united_states_promise_defence(
    dyads: pl.DataFrame, year: int, n: int
) -> None:
    owed = dyads.filter(ccode_from=2, year=year, defense=1)
    assert owed.height == n


@pytest.mark.parametrize(
    ("year", "partners"), [(1955, {740}), (1985, {666, 740, 770}), (2003, {740, 770})]
)
def test_one_way_pledges_of_the_united_states(
    dyads: pl.DataFrame, year: int, partners: set[int]
) -> None:
    given = set(dyads.filter(ccode_from=2, year=year, defense=1)["ccode_to"])
    received = set(dyads.filter(ccode_to=2, year=year, defense=1)["ccode_from"])
    assert given - received == partners


@pytest.mark.parametrize(
    ("year", "edges", "us", "russia"), [(1955, 404, 42, 12), (2018, 1707, 66, 7)]
)
def test_network_of_defence_ties(
    dyads: pl.DataFrame, year: int, edges: int, us: int, russia: int
) -> None:
    ties = {
        (min(pair), max(pair))
        for pair in dyads.filter(year=year, defense=1).select("ccode_from", "ccode_to").iter_rows()
    }
    assert len(ties) == edges
    assert sum(2 in pair for pair in ties) == us
    assert sum(365 in pair for pair in ties) == russia


def test_one_way_pledges_of_the_world_where_member_rows_allow_it(dyads: pl.DataFrame) -> None:
    # ATOP's dyadic file has 492 of 137,762: it resolves by hand the rows with obvary = 1, on
    # which 745 of these dyad-years rest alone.
    defence = dyads.filter(defense=1)
    reverse = defence.select(ccode_from="ccode_to", ccode_to="ccode_from", year="year")
    one_way = defence.join(reverse, on=("ccode_from", "ccode_to", "year"), how="anti")
    assert (defence.height, one_way.height) == (137_975, 429)


def test_dyad_years_that_rest_on_varying_obligations(core: dict[str, pl.DataFrame]) -> None:
    by_dyad = core["core.obligations"].filter(defense=1).group_by("ccode_from", "ccode_to", "year")
    assert by_dyad.agg(pl.col("obvary").min()).filter(obvary=1).height == 745


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ("in_force_on_date", [[108, 26], [34, 22]]),
        ("any_day_2003", [[107, 20], [35, 28]]),
    ],
)
def test_support_for_the_invasion_of_iraq_by_atop_alliance(
    mirror_home: BuiltHome, states: pl.DataFrame, rule: str, table: list[list[int]]
) -> None:
    day = date(2003, 3, 20)
    support = mirror_home.table("core.coalition_support").filter(
        pl.col("is_listed"), coalition="iraq_2003", as_of=date(2003, 3, 27)
    )
    listed = set(support["ccode"])
    ties = mirror_home.table("core.obligations").filter(ccode_from=2, year=2003, defense=1)
    if rule == "in_force_on_date":
        ties = ties.filter(pl.col("in_force_from") <= day)
    allies = set(ties["ccode_to"])
    system = set(states.filter(pl.lit(day).is_between("valid_from", "valid_to"))["ccode"])
    sample = system - {2, 645}
    assert len(sample) == 190
    # Rows: not allied, allied; columns: not named, named.
    counted = [[0, 0], [0, 0]]
    for ccode in sample:
        counted[ccode in allies][ccode in listed] += 1
    assert counted == table


def test_core_allies_are_later_than_atop_dates_them(tier: pl.DataFrame) -> None:
    vilnius = [317, 349, 355, 360, 366, 367, 368]
    rows = tier.filter(pl.col("ccode").is_in(vilnius), ccode_hegemon=2)
    assert rows.filter(year=2003)["tier_atop"].all()
    assert not rows.filter(year=2003)["tier_core"].any()
    assert rows.filter(year=2004)["tier_core"].all()


def test_tiers_of_the_united_states_by_year(tier: pl.DataFrame) -> None:
    counts = (
        tier.filter(pl.col("year").is_in([1955, 1986, 1987, 2018, 2020]), ccode_hegemon=2)
        .group_by("year")
        .agg(pl.col(f"tier_{t}").sum() for t in ("core", "treaty", "atop", "guarantee"))
        .sort("year")
    )
    assert counts.rows() == [
        (1955, 21, 41, 42, 41),
        (1986, 21, 42, 53, 42),
        (1987, 20, 41, 52, 41),
        (2018, 33, 49, 66, 52),
        (2020, 34, 50, 0, 53),
    ]
    later = tier.filter(pl.col("year") > 2018)
    assert later["tier_atop"].null_count() == later.height
    carried = tier.filter("is_membership_carried_forward")
    assert sorted(set(carried["year"])) == [2025, 2026]  # the list of states ends in 2024
    assert carried.filter(ccode_hegemon=2, year=2026)["tier_core"].sum() == 36  # Finland and Sweden


def test_nato_by_year(mirror_home: BuiltHome) -> None:
    years = mirror_home.table("marts.alliance_year")
    nato = dict(years.filter(atopid=3180).select("year", "n_members").iter_rows())
    # 26 in 2003: ATOP counts the seven that had only signed.
    assert [nato[y] for y in (1949, 1951, 1952, 1990, 2003, 2018)] == [12, 14, 14, 17, 26, 29]
    assert years.height == 15_607


@pytest.mark.parametrize(
    ("name", "dated_by"),
    [
        ("coalition_iraq_2003", "listed_from"),
        ("coalition_mnf_i", "troops_from"),
        ("coalition_daesh", "listed_from"),
        ("nato_accessions", "in_force_from"),
        ("rio_parties", "in_force_from"),
        ("soviet_russian_alliances", "in_force_from"),
        ("chinese_alliances", "in_force_from"),
    ],
)
def test_hand_coded_states_are_states_of_their_time(
    states: pl.DataFrame, name: str, dated_by: str
) -> None:
    rows = pl.read_csv(REFERENCE / f"{name}.csv", infer_schema=False)
    year = pl.col(dated_by).str.slice(0, 4).cast(pl.Int32)
    coded = rows.select(pl.col("ccode").cast(pl.Int16), year.alias("year"))
    # a state of the last year that the list of states covers is taken to go on
    last = pl.col("valid_to").dt.year()
    goes_on = pl.when(last < last.max()).then(last)
    span = states.select(
        "ccode", first=pl.col("valid_from").dt.year(), last=goes_on.fill_null(9999)
    )
    found = coded.join(span, on="ccode").filter(pl.col("year").is_between("first", "last"))
    strangers = coded.join(found, on=("ccode", "year"), how="anti")
    # Czechoslovakia signed in 1943 by its government in exile.
    exiled = [(315, 1943)] if name == "soviet_russian_alliances" else []
    assert strangers.rows() == exiled


ONLY_IN_ATOP = {
    # signed in 1992 or 1993 and dated then by ATOP; in force in 1994
    (365, 371): {1992, 1993}, (365, 702): {1992}, (365, 370): {1993},
    # and the charter of the CIS
    (365, 373): {1993, *range(2000, 2019)}, (365, 372): {1993, *range(2000, 2010)},
    # successors of a state that ended
    (365, 316): {1993}, (365, 317): {1993},
}  # fmt: skip
"""Hegemon and partner to the years in which ATOP alone has a promise of defence."""


@pytest.mark.parametrize("hegemon", [365, 710])
def test_dated_tiers_differ_from_atop_where_it_is_listed(tier: pl.DataFrame, hegemon: int) -> None:
    rows = tier.filter(pl.col("year").is_between(1946, 2018), ccode_hegemon=hegemon)
    both = rows.select("ccode", "year", "tier_treaty", "tier_atop").filter(
        pl.col("tier_treaty") != pl.col("tier_atop")
    )
    alone: dict[tuple[int, int], set[int]] = {}
    for ccode, year, _, in_atop in both.iter_rows():
        assert in_atop, (ccode, year)
        alone.setdefault((hegemon, ccode), set()).add(year)
    assert alone == {key: years for key, years in ONLY_IN_ATOP.items() if key[0] == hegemon}


def test_core_allies_of_russia_by_year(tier: pl.DataFrame) -> None:
    russia = tier.filter(pl.col("tier_core"), ccode_hegemon=365)
    count = dict(russia.group_by("year").len().iter_rows())
    years = (1950, 1955, 1970, 1993, 1994, 2000, 2007, 2013, 2018, 2025)
    assert [count.get(year, 0) for year in years] == [7, 9, 9, 2, 9, 5, 6, 5, 5, 6]
    later = tier.filter(ccode_hegemon=365, year=2026)
    assert later["tier_core"].null_count() == later.height
