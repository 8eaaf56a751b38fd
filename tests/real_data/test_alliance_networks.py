"""Networks and portfolios of the real treaties, against published and hand-checked figures."""

from importlib.resources import files

import numpy as np
import polars as pl
import pytest

from tests.built_homes import BuiltHome
from transforms.core.obligations import PROMISES


def reference(name):
    return pl.read_csv(
        (files("transforms") / "reference" / f"{name}.csv").read_bytes(), infer_schema=False
    )


@pytest.fixture(scope="module")
def networks(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.alliance_network")


@pytest.fixture(scope="module")
def obligations(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("core.obligations")


@pytest.fixture(scope="module")
def portfolios(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.portfolio_similarity")


def one(networks, **where):
    return networks.row(by_predicate=pl.all_horizontal(pl.col(k) == v for k, v in where.items()),
                        named=True)  # fmt: skip


PUBLISHED = {
    1955: {"n_states": 84, "n_ties": 404, "degree_hub": 42, "k_core_hub": 20, "k_core_max": 20},
    2018: {"n_states": 195, "n_ties": 1707, "degree_hub": 66, "k_core_hub": 32, "k_core_max": 32},
}
CENTRALIZATION = {1955: (0.3996, 0.4944), 2018: (0.2526, 0.4657)}
# Ties among the partners: 301 of 861 and 874 of 2145, .350 and .407 (printed as .408, which is
# .40746 rounded twice).
SPOKES = {1955: (301, 0.3496), 2018: (874, 0.4075)}


@pytest.mark.parametrize("year", PUBLISHED)
def test_defence_network_of_the_world(networks, year):
    found = one(networks, year=year, graph="all", ccode_hub=2)
    assert {name: found[name] for name in PUBLISHED[year]} == PUBLISHED[year]
    by_degree, by_betweenness = CENTRALIZATION[year]
    assert found["degree_centralization"] == pytest.approx(by_degree, abs=5e-5)
    assert found["betweenness_centralization_noniso"] == pytest.approx(by_betweenness, abs=5e-5)
    n_spoke_ties, density = SPOKES[year]
    assert found["n_spoke_ties"] == n_spoke_ties
    assert found["spoke_density"] == pytest.approx(density, abs=5e-5)


@pytest.mark.parametrize(("year", "n"), [(1955, 12), (2018, 7)])
def test_partners_of_russia(networks, year, n):
    assert one(networks, year=year, graph="all", ccode_hub=365)["degree_hub"] == n


@pytest.mark.parametrize(
    ("region", "partners", "density"), [("asia_pacific", 8, 0.357), ("europe", 12, 1.0)]
)
def test_partners_of_the_united_states_by_region_1955(networks, region, partners, density):
    found = one(networks, year=1955, graph=region, ccode_hub=2)
    assert found["degree_hub"] == partners
    assert found["spoke_density"] == pytest.approx(density, abs=5e-4)


def test_asian_partners_of_the_united_states_1955(obligations):
    # Japan, Korea, Philippines, Thailand, Taiwan, Australia, New Zealand, Pakistan.
    listed = {740, 732, 840, 800, 713, 900, 920, 770}
    owed = obligations.filter(year=1955, defense=1, ccode_from=2)
    assert {code for code in owed["ccode_to"] if code >= 700} == listed


@pytest.mark.parametrize(("year", "n"), [(1955, 1), (1985, 3), (2003, 2)])
def test_one_way_pledges_of_the_united_states(networks, year, n):
    assert one(networks, year=year, graph="all", ccode_hub=2)["n_one_way_from_hub"] == n


def test_every_year_has_every_graph_and_hub(networks):
    assert networks.height == 203 * 7 * 5


def test_a_row_for_every_pair_in_every_year(portfolios):
    counted = dict(portfolios.group_by("ranks", "scope").len().select(
        pl.concat_str("ranks", "scope", separator=" "), "len").iter_rows())  # fmt: skip
    assert counted == {
        "valued global": 994_005,
        "binary global": 994_005,
        "valued region": 228_355,
        "binary region": 228_355,
    }
    assert portfolios["s_abs_cinc"].null_count() == 0
    assert set(portfolios["null_reason"]) == {None, "no_variation"}


def test_one_year_pair_by_pair(obligations, portfolios, mirror_home):
    """1914 computed once more, from the promises, with a plain loop."""
    table = portfolios.filter(year=1914, ranks="valued", scope="global")
    ccodes = sorted({*table["ccode1"], *table["ccode2"]})
    place = {code: i for i, code in enumerate(ccodes)}
    ranks = np.zeros((len(ccodes), len(ccodes)), int)
    for promise in obligations.filter(year=1914).iter_rows(named=True):
        if promise["ccode_from"] not in place or promise["ccode_to"] not in place:
            continue
        to_others = (promise["not_owed"] or "").split()
        owed = {name: promise[name] * (name not in to_others) for name in PROMISES}
        rank = 3 * max(owed["defense"], owed["offense"])
        rank = max(rank, 2 * max(owed["neutral"], owed["consul"]), owed["nonagg"])
        i, j = place[promise["ccode_from"]], place[promise["ccode_to"]]
        ranks[i, j] = ranks[j, i] = max(rank, ranks[i, j], ranks[j, i])
    np.fill_diagonal(ranks, 3)
    cinc = dict(
        mirror_home.table("core.capabilities").filter(year=1914).select("ccode", "cinc").iter_rows()
    )
    weights = np.array([cinc[code] for code in ccodes])
    for row in table.iter_rows(named=True):
        apart = np.abs(ranks[place[row["ccode1"]]] - ranks[place[row["ccode2"]]]) / 3
        assert row["s_abs"] == pytest.approx(1 - 2 * apart.mean(), abs=1e-12)
        assert row["s_sq"] == pytest.approx(1 - 2 * (apart**2).mean(), abs=1e-12)
        weighted = 1 - 2 * np.average(apart, weights=weights)
        assert row["s_abs_cinc"] == pytest.approx(weighted, abs=1e-11)


@pytest.fixture(scope="module")
def against_chance(mirror_home: BuiltHome) -> pl.DataFrame:
    return mirror_home.table("metrics.network_null")


def test_spokes_of_the_united_states_against_chance(against_chance):
    """The whole network is denser between spokes than by chance, its bilateral pacts are not."""
    of_usa = {"ccode_hub": 2, "statistic": "spoke_density"}
    found = one(against_chance, year=1955, graph="all", **of_usa)
    assert found["observed"] == pytest.approx(0.3496, abs=5e-5)
    assert found["null_mean"] == pytest.approx(0.2545, abs=0.004)
    assert found["p_value_opposite"] == 1 / 1001
    europe = one(against_chance, year=1955, graph="europe", **of_usa)
    assert (europe["observed"], europe["p_value_opposite"]) == (1.0, 1 / 1001)
    bilateral = one(against_chance, year=1985, graph="bilateral", **of_usa)
    assert bilateral["observed"] == 0.0
    # .0652 from 20,000 draws after seven times as many swaps
    assert bilateral["p_value"] == pytest.approx(0.0652, abs=0.025)


def test_a_hub_with_ties_to_all_leaves_nothing_to_chance(against_chance):
    asia = one(against_chance, year=1955, graph="asia_pacific", ccode_hub=2,
               statistic="spoke_density")  # fmt: skip
    assert asia["observed"] == pytest.approx(0.357, abs=5e-4)
    assert (asia["null_mean"], asia["null_reason"]) == (asia["observed"], "no_variation")
