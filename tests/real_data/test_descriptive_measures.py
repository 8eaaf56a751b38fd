"""Check values of the descriptive measures, computed from the real files through the steps."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome
from transforms.metrics.alliances.institutionalization import CODES
from transforms.metrics.alliances.obligation_balance import MEMBER_ITEMS

ATOP = "ATOP 5.1 (.csv)/atop5_1"
NATO, RIO, ANZUS, PHILIPPINES = 3180, 3150, 3215, 3210
JAPAN, SOUTH_KOREA, TAIWAN, PANAMA, ISRAEL = 3375, 3240, 3270, 3795, 3925
PAKISTAN, TURKEY, IRAN, ICELAND_1944 = 3355, 3360, 3365, 2571
SPAIN = {1963: 3480, 1970: 3635, 1976: 3750}


# --- concentration --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def concentration(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.system_concentration")


@pytest.mark.parametrize(
    ("year", "n_majors", "majors", "everyone"),
    [(1816, 5, 0.3296, 0.3458), (2016, 7, 0.4619, 0.2827)],
)
def test_concentration_of_the_system(concentration, year, n_majors, majors, everyone):
    rows = {r["state_set"]: r for r in concentration.filter(year=year).iter_rows(named=True)}
    assert rows["majors"]["n_states"] == n_majors
    assert rows["majors"]["concentration"] == pytest.approx(majors, abs=5e-5)
    assert rows["all"]["concentration"] == pytest.approx(everyone, abs=5e-5)


def test_every_year_has_both_sets(concentration):
    assert concentration.height == 2 * (2022 - 1816 + 1)
    assert concentration["null_reason"].null_count() == concentration.height


def test_china_leads_by_cinc_from_1995_on(concentration):
    everyone = concentration.filter(state_set="all")
    assert everyone.filter(leader_ccode=710)["year"].min() == 1995
    others = everyone.filter(pl.col("year") >= 1995, pl.col("leader_ccode") != 710)
    assert others.select("year", "leader_ccode").rows() == [(2002, 2)]


# --- the grid -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asymmetry(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.capability_asymmetry")


@pytest.fixture(scope="module")
def grid(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.asymmetry_grid")


def test_alliance_years_of_the_grid_are_those_of_the_table(grid, asymmetry):
    pacts = asymmetry.filter(
        "has_defense_or_offense", pl.col("year").is_between(1946, 1991), variable="cinc"
    )
    cell = grid.filter(
        unit="alliance_year", variable="cinc", q=3, leader_share_rule="none", period="1946-1991"
    ).row(0, named=True)
    assert cell["n"] == pacts["ratio_first_second"].count()
    assert cell["n_asymmetric"] == pacts["is_asymmetric"].sum()


def test_the_units_disagree(grid):
    """Up after 1945 by alliance-year and cohort; by state up and down again."""
    at_three = grid.filter(variable="cinc", q=3, leader_share_rule="none")

    def shares(unit):
        return at_three.filter(unit=unit).sort("period")["share"].round(3).to_list()

    assert shares("alliance_year") == [0.431, 0.640, 0.744]
    assert shares("formation_cohort") == [0.469, 0.583, 0.710]
    assert shares("dyad_year") == [0.598, 0.642, 0.673]
    assert shares("leader_specific") == [0.672, 0.784, 0.849]
    assert shares("state_weighted") == [0.319, 0.717, 0.583]


# --- obligations ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def balance(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.obligation_balance")


@pytest.mark.parametrize(
    ("atopid", "hard", "terrres"),
    [
        (JAPAN, 1, 1),
        (SOUTH_KOREA, 0, 1),
        (TAIWAN, 0, 1),
        (PHILIPPINES, 0, 0),
        (ANZUS, 0, 0),
        (NATO, 0, 0),
        (RIO, 0, 0),
        (SPAIN[1970], 0, 1),
        (SPAIN[1976], 0, 1),
        (PANAMA, 1, 1),
        (ISRAEL, 1, 0),
        (PAKISTAN, 1, 0),
        (TURKEY, 1, 0),
        (IRAN, 1, 0),
    ],
)
def test_balance_of_american_alliances(balance, atopid, hard, terrres):
    rows = balance.filter(atopid=atopid)
    assert set(rows["leader_ccode"]) == {2}
    assert set(rows.filter(item="hard")["balance"]) == {hard}
    assert set(rows.filter(item="terrres")["balance"]) == {terrres}
    assert set(rows["one_way_pledge"]) == {hard == 1}


def test_spain_1963_promises_defence_in_this_release(balance):
    """An older list has a hard balance of +1 here; ATOP 5.1 codes defence = 1 for both."""
    rows = balance.filter(atopid=SPAIN[1963])
    found = {item: rows.filter(item=item)["balance"].item() for item in ("hard", "terrres")}
    assert found == {"hard": 0, "terrres": 1}


def test_iceland_1944_differs_in_defence_not_in_hard(balance):
    rows = {r["item"]: r["balance"] for r in balance.filter(atopid=ICELAND_1944).to_dicts()}
    assert (rows["defense"], rows["offense"], rows["hard"]) == (1, 0, 0)


def test_only_phases_that_cannot_be_compared_have_no_leader(balance):
    reasons = dict(balance.filter(item="hard").group_by("null_reason").len().rows())
    assert reasons == {
        None: 835,
        "out_of_coverage": 3,
        "single_member": 1,
        "capability_missing": 10,
    }


def test_each_item_that_is_read_varies_between_members_of_some_phase(mirror_home):
    phases = mirror_home.table("core.alliance_members").group_by("atopid", "phase")
    varies = phases.agg(pl.col(i).drop_nulls().n_unique() > 1 for i in MEMBER_ITEMS)
    counts = {item: varies[item].sum() for item in MEMBER_ITEMS}
    assert all(counts.values()), counts
    assert (counts["terrres"], counts["defense"], counts["noothall"]) == (56, 40, 1)


def test_columns_of_the_whole_treaty_never_vary_between_members(mirror_home):
    whole = [
        *("asymm", "base", "milaid", "contrib", "intcom", "subord", "milcon", "organ1"),
        *("organ2", "ecaid", "interv", "compag", "specthrt"),
    ]
    assert not set(whole) & set(MEMBER_ITEMS)
    rows = mirror_home.table("staging.stg_atop__members")
    varies = rows.group_by("atopid", "phase").agg(pl.col(c).n_unique() > 1 for c in whole)
    assert {c: varies[c].sum() for c in whole} == dict.fromkeys(whole, 0)


def test_diplomatic_aid_is_rare_and_nearly_never_one_sided(mirror_home):
    every = mirror_home.table("metrics.obligation_by_role")
    roles = every.filter(item="dipaid", scope="defense_or_offense")
    counts = {(r["formed"], r["role"]): (r["n_promised"], r["n_phases"]) for r in roles.to_dicts()}
    assert counts["before_1945", "leader"] == (6, 126)
    assert counts["before_1945", "any_partner"] == (5, 126)
    assert counts["from_1945", "leader"] == counts["from_1945", "any_partner"] == (5, 167)


# --- institutions ---------------------------------------------------------------------------


def test_institutionalisation(mirror_home):
    codes = mirror_home.table("metrics.institutionalization")
    assert codes.height == mirror_home.table("core.alliances").height == 849
    assert codes["null_reason"].count() == 14
    # ATOP's own codes have 0 where one of the two parts of formality is missing
    one_code = codes.filter(formal_basis="one_code")
    assert (one_code.height, one_code["formal"].sum()) == (12, 0)
    assert codes["formal"].null_count() == 1
    nato = codes.filter(atopid=NATO, phase=2).row(0, named=True)
    assert [nato[c] for c in CODES] == [1, 1, 2, 1, 1, 2]
    counted = dict(codes.group_by("milinst").len().rows())
    assert counted == {0: 592, 1: 158, 2: 93, None: 6}


# --- security hierarchy ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def hierarchy(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.security_hierarchy")


PER_INHABITANT = {
    1995: {395: 0.007423, 95: 0.002937, 692: 0.001069, 255: 0.000897, 732: 0.000799},
    1955: {395: 0.026975, 95: 0.014738, 260: 0.005142, 732: 0.003516, 740: 0.002133},
}


@pytest.mark.parametrize("year", PER_INHABITANT)
def test_troops_per_inhabitant(hierarchy, year):
    hosts = hierarchy.filter(ccode_from=2, year=year)
    for ccode, expected in PER_INHABITANT[year].items():
        found = hosts.filter(ccode_to=ccode)["troops_per_capita"].item()
        assert found == pytest.approx(expected, abs=5e-7), ccode


def test_the_most_troops_per_inhabitant_of_1995(hierarchy):
    most = hierarchy.filter(ccode_from=2, year=1995).sort("troops_per_capita", nulls_last=True)
    assert most.drop_nulls("troops_per_capita")["ccode_to"].to_list()[:-6:-1] == list(
        PER_INHABITANT[1995]
    )


@pytest.mark.parametrize(
    ("ccode", "year", "n"),
    [(200, 1955, 6), (220, 1985, 5), (220, 2003, 5), (640, 2003, 1)]
    + [(c, 2003, 0) for c in (740, 732, 840, 900, 20)],
)
def test_independent_alliances(hierarchy, ccode, year, n):
    row = hierarchy.filter(ccode_from=2, ccode_to=ccode, year=year).row(0, named=True)
    assert (row["is_defense_partner"], row["n_independent_alliances"]) == (True, n)
    assert row["independence_index"] == pytest.approx(1 / (1 + n))


def test_defence_partners_of_the_leaders(hierarchy):
    partners = hierarchy.filter("is_defense_partner").group_by("ccode_from", "year").len()
    counts = {(c, y): n for c, y, n in partners.rows()}
    assert (counts[2, 1955], counts[2, 1985], counts[2, 2018]) == (42, 53, 66)
    assert (counts[365, 1955], counts[365, 2018], counts[710, 2018]) == (12, 7, 1)


def test_wars_are_marked(hierarchy):
    marked = hierarchy.filter("is_occupation_or_war", ccode_from=2).select("ccode_to", "year")
    assert {(645, 2003), (700, 2010), (817, 1968), (732, 1953)} <= set(marked.rows())
    assert not {(732, 1955), (255, 1995), (395, 1995), (690, 2005)} & set(marked.rows())


# --- burden sharing -------------------------------------------------------------------------


def test_burdens_of_nato(mirror_home):
    burdens = mirror_home.table("metrics.burden_sharing")
    reasons = dict(burdens.group_by("null_reason").len().rows())
    assert reasons == {
        None: 531,
        "single_member": 10,
        "out_of_coverage": 2667,
        "n_below_min": 12137,
        "capability_missing": 262,
    }
    nato = {r["year"]: r for r in burdens.filter(atopid=NATO).iter_rows(named=True)}
    # the members of the table of 1964 in today's figures (there ρ = .49); Iceland has none
    assert (nato[1964]["n_members"], nato[1964]["n_observed"]) == (15, 14)
    assert nato[1964]["spearman_rho"] == pytest.approx(0.6220, abs=5e-5)
    assert nato[1969]["spearman_rho"] == pytest.approx(0.2264, abs=5e-5)
    assert {r["leader_ccode"] for r in nato.values()} == {2, None}
