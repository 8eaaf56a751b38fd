"""Published check values, computed from the real files through the steps of the build."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

ATOP = "ATOP 5.1 (.csv)/atop5_1"
NATO = 3180


NAMES = (
    *("capabilities", "gdp", "military_expenditure", "us_troops", "ideal_points_published"),
    *("major_powers", "alliance_members"),
)


@pytest.fixture(scope="module")
def outcomes(mirror_home: BuiltHome) -> dict[str, StepResult]:
    """Name of the core table to what its step made of the real files."""
    losses = mirror_home.losses()
    return {
        name: StepResult(
            {f"core.{name}": mirror_home.table(f"core.{name}")},
            losses.filter(to_table=f"core.{name}"),
        )
        for name in NAMES
    }


def table(outcomes, name):
    return outcomes[name].tables[f"core.{name}"]


def reasons(outcome):
    return dict(outcome.losses.group_by("reason").agg(pl.col("n_rows").sum()).rows())


def test_every_table_fits_its_contract_and_every_row_is_kept_or_accounted_for(outcomes):
    published = {
        "capabilities": 17_121,
        "gdp": 13_979,
        "military_expenditure": 174 * 76,
        "us_troops": 14_792 + 29_629,
        "ideal_points_published": 11_610,
    }
    for name, n_rows in published.items():
        outcome = outcomes[name]
        kept = contracts()[f"core.{name}"].conform(table(outcomes, name)).height
        assert kept + outcome.losses["n_rows"].sum() == n_rows, name
        assert "unknown_code" not in reasons(outcome), name


def reasons_of_troops(outcomes, staged):
    lost = outcomes["us_troops"].losses.filter(from_table=f"staging.{staged}")
    return dict(lost.group_by("reason").agg(pl.col("n_rows").sum()).rows())


def test_what_is_lost(outcomes):
    assert reasons(outcomes["capabilities"]) == {}
    assert reasons(outcomes["ideal_points_published"]) == {}
    assert reasons(outcomes["gdp"]) == {
        "aggregate_not_state": 2833,
        "code_not_valid_then": 16,
        "not_in_system": 1317,
    }
    assert reasons_of_troops(outcomes, "stg_us_troops__host_years") == {
        "added_to_same_state": 81,
        "afloat": 2,
        "home_country": 72,
        "not_in_system": 3097,
        "several_states": 56,
        "unknown_host": 16,
    }
    assert reasons_of_troops(outcomes, "stg_us_troops_quarterly__host_quarters") == {
        "added_to_same_state": 13,
        "home_country": 69,
        "in_legacy_series": 8080,
        "not_in_report": 2607,
        "not_in_system": 766,
        "other_quarter": 17_786,
    }
    assert reasons(outcomes["military_expenditure"]) == {
        "aggregate_not_state": 76,
        "code_not_valid_then": 295,
        "not_converted": 0,  # values without their row: tests/real_data/test_losses.py
        "not_in_system": 2157,
    }


CINC = {
    2: {1913: 0.219911, 1945: 0.383864, 1950: 0.284443, 1990: 0.141448, 2022: 0.123566},
    365: {1950: 0.180598, 1980: 0.168693, 1990: 0.129461, 2000: 0.051421, 2022: 0.038197},
    710: {1950: 0.118495, 2000: 0.162239, 2012: 0.220364, 2022: 0.234097},
}


@pytest.mark.parametrize(
    ("ccode", "year", "cinc"), [(c, y, x) for c, years in CINC.items() for y, x in years.items()]
)
def test_cinc(outcomes, ccode, year, cinc):
    got = table(outcomes, "capabilities").filter(ccode=ccode, year=year)["cinc"].item()
    assert got == pytest.approx(cinc, abs=5e-7)


TROOPS = {
    (260, 1955): 269_260,
    (260, 1985): 246_927,
    (255, 1995): 73_280,
    (740, 1955): 189_866,
    (740, 2016): 38_818,
    (732, 1953): 326_863,
    (732, 1955): 75_328,
    (732, 1995): 36_016,
    (645, 2003): 136_000,
    (260, 1990): 227_586,
    (713, 2021): 39,
}


@pytest.mark.parametrize(("key", "persons"), TROOPS.items())
def test_us_troops(outcomes, key, persons):
    ccode, year = key
    troops = table(outcomes, "us_troops")
    assert troops.filter(ccode_to=ccode, year=year)["troops_persons"].item() == persons


def test_the_rebuilt_series_carries_the_legacy_one_on(outcomes):
    troops = table(outcomes, "us_troops")
    assert dict(troops.group_by("source").agg(pl.len()).rows()) == {
        "us_troops": 11_468,
        "us_troops_quarterly": 308,
    }
    later = troops.filter(source="us_troops_quarterly")
    assert set(later["year"]) == {2024, 2025}
    assert later["navy_persons"].null_count() == later.height
    assert later.filter("is_count_halved").height == 40
    korea = troops.filter(pl.col("ccode_to") == 732, pl.col("year") >= 2022)
    assert korea.sort("year")["troops_persons"].to_list() == [25_372, 24_159, 23_111, 23_642]
    germany = troops.filter(pl.col("ccode_to") == 255, pl.col("year") >= 2023).sort("year")
    assert germany["troops_persons"].to_list() == [35_188, 34_738, 36_332]


def test_the_two_series_agree_where_they_meet(mirror_home: BuiltHome):
    quarters = mirror_home.table("staging.stg_us_troops_quarterly__host_quarters")
    years = mirror_home.table("staging.stg_us_troops__host_years")

    def rebuilt(year, quarter):
        found = quarters.filter(year=year, quarter=quarter)
        return [found.filter(host_code=c)["troops_persons"].item() for c in (260, 740)]

    def legacy(year):
        return [years.filter(year=year, host_code=c)["troops_persons"].item() for c in (255, 740)]

    assert rebuilt(2023, 3) == legacy(2023) == [35_188, 53_246]
    assert rebuilt(2008, 2) == legacy(2008) == [38_788, 42_496]
    assert rebuilt(2023, 1) == rebuilt(2023, 2) == [None, None]
    both = quarters.filter(year=2023, quarter=3).join(years, on=["host_code", "year"])
    counted = both.filter(pl.col("troops_persons").is_not_null())
    here, there = counted["troops_persons"], counted["troops_persons_right"]
    assert (counted.height, (here == there).sum()) == (159, 136)
    assert ((here == 2 * there) & (there > 0)).sum() == 21
    others = counted.filter((here != there) & (here != 2 * there))
    assert others.select("host_name", "troops_persons", "troops_persons_right").rows() == [
        ("China", 73, 58),  # with Hong Kong
        ("Guam", 6369, 6363),
    ]


PER_INHABITANT = {
    1995: {395: 0.007423, 95: 0.002937, 692: 0.001069, 255: 0.000897, 732: 0.000799},
    1955: {395: 0.026975, 95: 0.014738, 260: 0.005142, 732: 0.003516, 740: 0.002133},
}


@pytest.mark.parametrize("year", PER_INHABITANT)
def test_us_troops_per_inhabitant(outcomes, year):
    hosts = table(outcomes, "us_troops").rename({"ccode_to": "ccode"})
    people = table(outcomes, "capabilities").select("ccode", "year", "tpop_thousand")
    joined = hosts.join(people, on=["ccode", "year"]).filter(year=year)
    share = dict(
        joined.select("ccode", pl.col("troops_persons") / (pl.col("tpop_thousand") * 1000)).rows()
    )
    for ccode, expected in PER_INHABITANT[year].items():
        assert share[ccode] == pytest.approx(expected, abs=1e-6)


def test_a_zero_in_dollars_is_kept_only_without_armed_forces(outcomes):
    spending = table(outcomes, "military_expenditure")
    counts = dict(spending["milex_usd_status"].value_counts().rows())
    assert counts == {
        "published": 8380,
        "published_zero": 160,
        "not_converted": 244,
        "not_available": 1912,
    }
    assert spending.filter(pl.col("milex_usd") == 0).height == 160
    assert spending.filter(ccode=265, milex_usd_status="not_converted").height == 30
    assert spending.filter(ccode=395, year=2020)["milex_usd"].item() == 0
    germany = spending.filter(pl.col("ccode").is_in([255, 260]))
    assert germany.filter(pl.col("ccode") == 260)["year"].max() == 1989
    assert germany.filter(pl.col("ccode") == 255)["year"].min() == 1990


def test_ukraine_and_byelorussia_vote_before_they_are_states(outcomes):
    points = table(outcomes, "ideal_points_published")
    early = points.filter(~pl.col("is_sovereign"))
    assert {369, 370} <= set(early["ccode"])
    assert early.filter(pl.col("ccode").is_in([369, 370]))["year"].max() == 1990
    assert points.filter(year=2025, ccode=2)["is_sovereign"].item()


def test_major_powers_of_2016_are_seven_and_are_carried_forward(outcomes):
    powers = table(outcomes, "major_powers")
    assert powers["carried_forward_from_year"].null_count() == 14
    open_then = powers.filter(year_to=2016)["ccode"]
    carried = powers.filter(pl.col("carried_forward_from_year") == 2016)["ccode"]
    assert sorted(open_then) == sorted(carried) == [2, 200, 220, 255, 365, 710, 740]


@pytest.fixture(scope="module")
def asymmetry(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.capability_asymmetry")


LEADER_SHARES = {
    1950: {"cinc": 0.6565, "milex": 0.7280, "milper": 0.4233},
    1990: {"cinc": 0.4462, "milex": 0.5797, "milper": 0.3447},
}


@pytest.mark.parametrize("year", LEADER_SHARES)
def test_leader_share_of_nato(asymmetry, year):
    nato = asymmetry.filter(atopid=NATO, year=year)
    got = dict(nato.select("variable", "leader_share").rows())
    for variable, share in LEADER_SHARES[year].items():
        assert got[variable] == pytest.approx(share, abs=5e-5)
    assert set(nato["leader_ccode"].drop_nulls()) == {2}


def test_nato_is_asymmetric_by_ratio_although_the_leaders_share_fell(asymmetry):
    nato = asymmetry.filter(atopid=NATO, variable="cinc")
    ratio = dict(nato.select("year", "ratio_first_second").rows())
    assert ratio[1980] == pytest.approx(4.10, abs=5e-3)
    assert ratio[1990] == pytest.approx(4.83, abs=5e-3)
    assert nato.filter(year=1980)["leader_share"].item() == pytest.approx(0.478, abs=5e-4)


def test_nato_of_1990_counts_germany_twice_and_says_so(outcomes, asymmetry, mirror_home):
    row = asymmetry.filter(atopid=NATO, year=1990, variable="cinc").row(0, named=True)
    assert (row["n_members"], row["has_successor_pair"]) == (17, True)
    members = table(outcomes, "alliance_members")
    once = build_capability_asymmetry(
        alliance_members=members.filter((pl.col("atopid") == NATO) & (pl.col("ccode") != 260)),
        capabilities=table(outcomes, "capabilities"),
        gdp=table(outcomes, "gdp"),
        major_powers=table(outcomes, "major_powers"),
        states=mirror_home.table("core.states"),
    ).tables["metrics.capability_asymmetry"]
    share = once.filter(year=1990, variable="cinc")["leader_share"].item()
    assert share == pytest.approx(0.4889, abs=5e-5)


def test_every_null_has_a_reason_and_every_reason_a_null(asymmetry):
    measured = asymmetry["null_reason"].is_null()
    assert (asymmetry["hhi"].is_not_null() == measured).all()
    ratio_missing = asymmetry.filter(measured)["ratio_first_second"].is_null()
    assert (ratio_missing == asymmetry.filter(measured)["second_zero"]).all()
    assert asymmetry.group_by("atopid", "year").len()["len"].unique().to_list() == [4]


def test_state_year_counts_us_defence_partners(mirror_home):
    mart = mirror_home.table("marts.state_year")
    assert mart.height == 17_511 + 195  # and 2025, with the members of 2024
    assert mart.select("ccode", "year").is_unique().all()
    usa = dict(mart.filter(ccode=2).select("year", "n_defense_partners").rows())
    assert (usa[1945], usa[1985]) == (44, 53)
    assert {usa[2016], usa[2017], usa[2018]} == {66}
    assert usa[2019] is None
    assert mart["cinc"].is_not_null().sum() == 17_121
