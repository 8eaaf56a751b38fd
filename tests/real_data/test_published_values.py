"""Published and independently computed values, read from the built tables."""

from typing import Any

import pytest

USA, CANADA, MEXICO, UK, FRANCE = 2, 20, 70, 200, 220


def similarity(home: Any, session: int, partner: int) -> tuple[Any, ...]:
    (row,) = home.rows(
        "SELECT n_joint, agreement, s_sq, pi_sq, kappa_sq, tau_b FROM metrics.vote_similarity"
        f" WHERE vote_set = 'final_only' AND session = {session}"
        f" AND ccode1 = {USA} AND ccode2 = {partner}"
    )
    return tuple(row)


@pytest.mark.parametrize(
    ("session", "partner", "n_joint", "measures"),
    [
        (2, 200, 38, (0.8158, 0.6842, 0.6197, 0.6247, 0.5830)),
        (2, 365, 38, (0.3026, -0.3553, -0.5328, -0.4837, -0.4843)),
        (58, 200, 76, (0.5987, 0.3092, 0.1499, 0.2905, 0.4038)),
        (58, 220, 76, (0.5461, 0.2039, 0.0360, 0.2285, 0.3461)),
        (58, 255, 76, (0.5329, 0.2039, 0.0233, 0.2296, 0.3749)),
        (58, 740, 76, (0.4474, 0.0658, -0.1452, 0.1668, 0.3765)),
        (58, 732, 76, (0.4474, 0.0658, -0.1836, 0.1353, 0.2751)),
        (58, 640, 74, (0.3851, -0.1149, -0.2998, 0.0612, 0.1333)),
        (58, 365, 76, (0.3355, -0.2434, -0.4551, 0.0145, 0.0174)),
        (58, 710, 75, (0.1933, -0.5267, -0.7418, -0.1172, -0.4345)),
        (58, 666, 75, (0.8467, 0.7933, 0.6532, 0.6589, 0.6061)),
        (58, 290, 74, (0.5203, 0.1554, -0.0044, 0.2114, 0.3447)),
    ],
)
def test_similarity_of_dyads_with_the_united_states(
    mirror_home: Any, session: int, partner: int, n_joint: int, measures: tuple[float, ...]
) -> None:
    found = similarity(mirror_home, session, partner)
    assert found[0] == n_joint
    assert found[1:] == pytest.approx(measures, abs=5e-5)


def test_usa_and_mexico_1946_as_published(mirror_home: Any) -> None:
    """fpsim's documentation prints τ-b, κ and π; the other measures are from worked values."""
    ((n_joint, agreement, s_sq, kappa_abs, kappa_sq, pi_sq, pi_nominal, tau_b),) = mirror_home.rows(
        "SELECT n_joint, agreement, s_sq, kappa_abs, kappa_sq, pi_sq, pi_nominal, tau_b"
        " FROM metrics.vote_similarity"
        f" WHERE vote_set = 'final_only' AND session = 1 AND ccode1 = {USA} AND ccode2 = {MEXICO}"
    )
    assert n_joint == 38
    assert tau_b == pytest.approx(0.01431261, abs=5e-9)
    assert kappa_sq == pytest.approx(-0.01222707, abs=5e-9)
    assert pi_nominal == pytest.approx(-0.02775801, abs=5e-9)
    assert agreement == pytest.approx(0.565789, abs=5e-7)
    assert s_sq == pytest.approx(0.197368, abs=5e-7)
    assert kappa_abs == pytest.approx(-0.016207, abs=5e-7)
    assert pi_sq == pytest.approx(-0.017783, abs=5e-7)


CINC = {
    2: {
        1913: 0.219911,
        1938: 0.170771,
        1945: 0.383864,
        1946: 0.363988,
        1950: 0.284443,
        1960: 0.215444,
        1970: 0.180969,
        1980: 0.133115,
        1990: 0.141448,
        2000: 0.142893,
        2003: 0.152068,
        2007: 0.149722,
        2012: 0.139219,
        2016: 0.133254,
        2022: 0.123566,
    },
    365: {1950: 0.180598, 1980: 0.168693, 1990: 0.129461, 2000: 0.051421, 2022: 0.038197},
    710: {1950: 0.118495, 2000: 0.162239, 2012: 0.220364, 2022: 0.234097},
}


@pytest.mark.parametrize("ccode", CINC)
def test_composite_index_of_great_powers(mirror_home: Any, ccode: int) -> None:
    found = dict(
        mirror_home.rows(f"SELECT year, cinc FROM core.capabilities WHERE ccode = {ccode}")
    )
    for year, value in CINC[ccode].items():
        assert found[year] == pytest.approx(value, abs=5e-7), year


@pytest.mark.parametrize(
    ("year", "variable", "leader_share"),
    [
        (1950, "cinc", 0.6565),
        (1950, "milex", 0.7280),
        (1950, "milper", 0.4233),
        (1990, "cinc", 0.4462),
        (1990, "milex", 0.5797),
        (1990, "milper", 0.3447),
    ],
)
def test_leader_share_in_nato(
    mirror_home: Any, year: int, variable: str, leader_share: float
) -> None:
    ((leader, share),) = mirror_home.rows(
        "SELECT leader_ccode, leader_share FROM metrics.capability_asymmetry"
        f" WHERE atopid = 3180 AND year = {year} AND variable = '{variable}'"
    )
    assert leader == USA
    assert share == pytest.approx(leader_share, abs=5e-5)


def test_cinc_of_1816(mirror_home: Any) -> None:
    ((three,),) = mirror_home.rows(
        "SELECT sum(cinc) FROM (SELECT cinc FROM core.capabilities WHERE year = 1816"
        " ORDER BY cinc DESC LIMIT 3)"
    )
    ((total,),) = mirror_home.rows("SELECT sum(cinc) FROM core.capabilities WHERE year = 1816")
    assert total == pytest.approx(1.0535, abs=5e-5)
    assert three == pytest.approx(0.618, abs=0.05)


def test_two_chinas_in_session_26_are_two_actors(mirror_home: Any) -> None:
    assert similarity(mirror_home, 26, 710)[0] == 47
    assert similarity(mirror_home, 26, 713)[0] == 8


def test_american_partners_by_year(mirror_home: Any) -> None:
    found = dict(
        mirror_home.rows(
            "SELECT year, count(DISTINCT ccode_to) FROM core.obligations"
            f" WHERE ccode_from = {USA} AND defense = 1 GROUP BY year"
        )
    )
    assert {y: found[y] for y in (1945, 1985, 2016, 2017, 2018)} == {
        1945: 44,
        1985: 53,
        2016: 66,
        2017: 66,
        2018: 66,
    }


def test_new_zealand_leaves_the_core_tier(mirror_home: Any) -> None:
    found = dict(
        mirror_home.rows(
            "SELECT year, tier_core FROM marts.ally_tier WHERE ccode_hegemon = 2 AND ccode = 920"
        )
    )
    assert (found[1986], found[1987]) == (True, False)


def test_aspirants_of_2003_are_not_yet_core_allies(mirror_home: Any) -> None:
    vilnius_seven = "(355, 366, 367, 368, 360, 317, 349)"
    found = mirror_home.rows(
        "SELECT year, bool_or(tier_core), bool_and(tier_core), bool_or(tier_atop)"
        f" FROM marts.ally_tier WHERE ccode_hegemon = 2 AND ccode IN {vilnius_seven}"
        " AND year IN (2002, 2003, 2004) GROUP BY year ORDER BY year"
    )
    assert found == [
        (2002, False, False, False),
        (2003, False, False, True),
        (2004, True, True, True),
    ]


def test_sources_of_votes_agree_where_both_have_a_resolution(mirror_home: Any) -> None:
    """On the mirror by construction: its Library file is derived from the same votes."""
    ((n_matched, n_equal, n_compared),) = mirror_home.rows(
        "SELECT sum(n_matched), sum(n_votes_equal), sum(n_votes_compared)"
        " FROM marts.vote_source_agreement"
    )
    assert n_matched > 1000
    assert n_equal == n_compared


@pytest.mark.parametrize(("ccode", "ratio"), [(290, 21.8), (740, 3.2), (640, 10.5)])
def test_capability_ratio_to_allies_of_the_united_states(
    mirror_home: Any, ccode: int, ratio: float
) -> None:
    rows = mirror_home.rows(
        "SELECT round(ratio, 1), tier_core FROM ally_capabilities"
        f" WHERE ccode_hegemon = 2 AND year = 2003 AND ccode = {ccode}"
    )
    assert rows == [(ratio, True)]
