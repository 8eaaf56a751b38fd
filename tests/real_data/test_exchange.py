"""Security for support on the real files, recomputed by SQL, pandas and pyfixest."""

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest

from benchmarks.claim_figures import support, triple

US = 2

# Every second decided roll call of a session is in the first half.
HALVES = """
    WITH own AS (
        SELECT v.rcid, v.session, v.choice AS led
        FROM core.votes v JOIN core.roll_calls r USING (rcid)
        WHERE r.in_final_only AND v.ccode = 2 AND v.choice IN ('yes', 'no') AND v.is_sovereign
    ),
    dealt AS (
        SELECT *, (row_number() OVER (PARTITION BY session ORDER BY rcid) - 1) % 2 AS half FROM own
    )
    SELECT v.ccode, d.session, d.half, count(*) AS n,
           avg(CASE WHEN v.choice = d.led THEN 1 WHEN v.choice = 'abstain' THEN 0.5 ELSE 0 END) AS a
    FROM core.votes v JOIN dealt d USING (rcid)
    WHERE v.is_sovereign AND v.choice IN ('yes', 'no', 'abstain') AND v.ccode <> 2
    GROUP BY ALL
"""
CORE = "SELECT ccode, year - 1945 FROM marts.ally_tier WHERE ccode_hegemon = 2 AND tier_core"
ENTRY = """
    SELECT ccode, CAST(min(in_force_from) AS VARCHAR) FROM core.treaty_allies
    WHERE ccode_hegemon = 2 AND tier = 'core' GROUP BY ccode
"""


@pytest.fixture(scope="module")
def changes(mirror_home: Any) -> pd.DataFrame:
    """One row per state and session: the product of both halves' changes."""
    names = ["ccode", "session", "half", "n", "a"]
    cells = pd.DataFrame(mirror_home.rows(HALVES), columns=names)
    wide = cells.pivot_table(index=["ccode", "session"], columns="half", values=["n", "a"])
    wide.columns = [f"{name}{half}" for name, half in wide.columns]
    wide = wide.reset_index()
    before = wide.assign(session=wide["session"] + 1)
    rows = wide.merge(before, on=["ccode", "session"], suffixes=("", "_before"))
    rows = rows[rows[["n0", "n1", "n0_before", "n1_before"]].min(axis=1) >= 5].copy()
    for k in (0, 1):
        change = rows[f"a{k}"] - rows[f"a{k}_before"]
        weight = 1 / (1 / rows[f"n{k}"] + 1 / rows[f"n{k}_before"])
        total = (change * weight).groupby(rows["session"]).transform("sum")
        rows[f"d{k}"] = change - total / weight.groupby(rows["session"]).transform("sum")
    rows["q"] = rows["d0"] * rows["d1"]
    n, m = rows["n0"] + rows["n1"], rows["n0_before"] + rows["n1_before"]
    rows["weight"] = n * m / (n + m)
    core = set(mirror_home.rows(CORE))
    rows["ally"] = [float(key in core) for key in zip(rows["ccode"], rows["session"], strict=True)]
    was = [float((c, s - 1) in core) for c, s in zip(rows["ccode"], rows["session"], strict=True)]
    entry = dict(mirror_home.rows(ENTRY))
    rows["wave"] = [entry.get(ccode, f"state {ccode}") for ccode in rows["ccode"]]
    return rows[rows["ally"] == was]


def published(mirror_home: Any, design: str, sample: str) -> tuple[float, ...]:
    (row,) = mirror_home.rows(
        "SELECT estimate, std_error, n, equivalence_bound FROM metrics.predictability"
        " WHERE leader = 2 AND outcome = 'co_movement' AND tier = 'core' AND vote_class = 'all'"
        f" AND scale = 'share' AND design = '{design}' AND sample = '{sample}'"
    )
    return tuple(map(float, row))


TODAY = {
    ("two_way", "unchanged"): (-0.001662, 0.000437),
    ("two_way", "without_1989_1992"): (-0.000779, 0.000409),
    ("state_era", "unchanged"): (-0.001480, 0.000917),
}


@pytest.mark.parametrize(("design", "sample"), TODAY)
def test_steadiness_is_that_of_pyfixest_on_rows_of_our_own(
    mirror_home: Any, changes: pd.DataFrame, design: str, sample: str
) -> None:
    frame = changes
    if sample == "without_1989_1992":
        frame = frame[~(frame["session"] + 1945).between(1989, 1992)]
    frame = frame.assign(unit=frame["ccode"] * 2)
    if design == "state_era":
        frame["unit"] += frame["session"] > 45
    fit = pf.feols("q ~ ally | unit + session", frame, vcov={"CRV1": "wave"}, weights="weight")
    found = published(mirror_home, design, sample)
    assert found[:3] == pytest.approx((fit.coef()["ally"], fit.se()["ally"], len(frame)), abs=1e-8)
    assert found[:2] == pytest.approx(TODAY[design, sample], abs=1e-6)
    others = frame[frame["ally"] == 0]
    mean = (others["q"] * others["weight"]).sum() / others["weight"].sum()
    assert found[3] == pytest.approx(mean / 4, abs=1e-8)


def test_clients_of_the_united_states(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT n_clients, n_client_regions FROM metrics.client_network"
        " WHERE leader = 2 AND year IN (1950, 1985, 2005) ORDER BY year"
    )
    assert rows == [(11, 2), (21, 4), (30, 4)]
    left = mirror_home.rows(
        "SELECT year FROM metrics.client_network WHERE n_clients_left > 0 AND leader = 2"
        " ORDER BY year"
    )
    assert left == [(1980,), (1987,)]  # Taiwan and New Zealand, in the year after


def test_clients_do_not_dispute_with_each_other_less(mirror_home: Any) -> None:
    (row,) = mirror_home.rows(
        "SELECT estimate, std_error, n FROM metrics.predictability"
        " WHERE leader = 2 AND outcome = 'client_disputes'"
    )
    assert row == pytest.approx((-0.004599, 0.017634, 25181), abs=1e-6)


def test_votes_are_steadier_but_not_in_every_variant(mirror_home: Any) -> None:
    ((verdict, rule, n, agree),) = mirror_home.rows(
        "SELECT verdict, rule, n_grid, n_grid_as_expected FROM claims WHERE claim = 'C8'"
    )
    assert (verdict, rule, n, agree) == ("mixed", "grid_disagrees", 53, 15)


@pytest.fixture(scope="module")
def gaps(mirror_home: Any) -> pd.DataFrame:
    """The gap of agreement by plain code that the pipeline does not use."""
    with duckdb.connect(str(mirror_home.warehouse), read_only=True) as db:
        rows = support(db, US).filter(pl.col("session") != 19)
    frame = triple(rows, 0.5, 1.01, 10).to_pandas()
    entry = dict(mirror_home.rows(ENTRY))
    frame["wave"] = [entry.get(ccode, f"state {ccode}") for ccode in frame["ccode"]]
    frame["year"] = frame["session"] + 1945
    frame["ally"] = frame["is_core"].astype(float)
    return frame


def test_the_ally_effect_with_threat_is_that_of_pyfixest(
    mirror_home: Any, gaps: pd.DataFrame
) -> None:
    names = ["ccode", "year", "threat", "n_distance_missing"]
    sql = (
        "SELECT ccode, year + 1, external_threat, n_distance_missing FROM metrics.external_threat"
        " WHERE ccode_hegemon = 2 AND external_threat IS NOT NULL"
    )
    rows = gaps.merge(pd.DataFrame(mirror_home.rows(sql), columns=names), on=["ccode", "year"])
    rows["threat"] = rows["threat"].astype(float)
    expected = {}
    for quantity, terms in (("adjusted", "ally + threat"), ("unadjusted", "ally")):
        text = f"g ~ {terms} | ccode + session"
        fit = pf.feols(text, rows, {"CRV1": "wave"}, weights="weight", fixef_rm="none")
        expected[quantity] = (fit.coef()["ally"], fit.se()["ally"], len(rows))
    found = {
        row[0]: row[1:]
        for row in mirror_home.rows(
            "SELECT quantity, estimate, std_error, n, n_distances_missing"
            " FROM metrics.exchange_under_threat WHERE leader = 2 AND lag = 1"
            " AND threat = 'external_threat'"
            " AND covariates = 'none' AND control_class = 'popular' AND design = 'two_way'"
            " AND scale = 'share'"
        )
    }
    for quantity, figures in expected.items():
        assert found[quantity][:3] == pytest.approx(figures, abs=1e-7)
    assert found["adjusted"][3] == rows["n_distance_missing"].sum() == 21
    today = {"adjusted": 0.022221, "unadjusted": 0.024617, "beyond_half": 0.009912}
    for quantity, estimate in today.items():
        assert found[quantity][0] == pytest.approx(estimate, abs=1e-6)


@pytest.fixture(scope="module")
def troops(mirror_home: Any, gaps: pd.DataFrame) -> pd.DataFrame:
    """Core allies' years with troops and the gaps of the five sessions before."""
    sql = (
        "SELECT t.ccode_to, t.year, t.troops_persons FROM core.us_troops t"
        " JOIN marts.ally_tier a ON a.ccode = t.ccode_to AND a.year = t.year"
        " WHERE a.ccode_hegemon = 2 AND a.tier_core AND t.troops_persons IS NOT NULL"
    )
    rows = pd.DataFrame(mirror_home.rows(sql), columns=["ccode", "year", "y"])
    for lag in range(1, 6):
        later = gaps.assign(year=gaps["year"] + lag)[["ccode", "year", "g"]]
        rows = rows.merge(later.rename(columns={"g": f"g{lag}"}), on=["ccode", "year"])
    entry = dict(mirror_home.rows(ENTRY))
    rows["wave"] = [entry[ccode] for ccode in rows["ccode"]]
    return rows.assign(y=rows["y"].astype(float))


def test_what_support_returns_is_that_of_pyfixest(mirror_home: Any, troops: pd.DataFrame) -> None:
    """No core ally was at war or occupied in these years, so that no row is left out for it."""
    text = "y ~ g1 + g2 + g3 + g4 + g5 | ccode + year"
    fit = pf.fepois(text, troops, vcov={"CRV1": "wave"}, iwls_tol=1e-12)
    total, ones = fit.coef().sum() / 10, np.ones(5)
    error = np.sqrt(ones @ fit._vcov @ ones) / 10
    (row,) = mirror_home.rows(
        "SELECT estimate, std_error, n FROM metrics.support_returns WHERE good = 'troops'"
        " AND direction = 'support_to_goods' AND estimator = 'ppml' AND design = 'static'"
        " AND tier = 'core' AND sample = 'wars_out'"
    )
    assert row == pytest.approx((total, error, len(troops)), rel=1e-5)
    assert row == pytest.approx((-0.050144, 0.086603, 840), abs=1e-6)


def test_returns_with_the_troops_of_the_year_before(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT estimator, estimate, std_error, n FROM metrics.support_returns"
        " WHERE good = 'troops' AND direction = 'support_to_goods'"
        " AND design = 'half_panel_jackknife' AND tier = 'core' AND sample = 'wars_out'"
        " ORDER BY estimator"
    )
    assert [row[0] for row in rows] == ["log_linear", "ppml"]
    assert rows[0][1:] == pytest.approx((-0.052462, 0.024686, 840), abs=1e-6)
    assert rows[1][1:] == pytest.approx((0.010319, 0.019492, 840), abs=1e-6)


def test_what_became_of_balancing_and_of_returns(mirror_home: Any) -> None:
    found = mirror_home.rows(
        "SELECT claim, verdict, rule, falsifiers_fired FROM claims"
        " WHERE claim IN ('C9', 'C10') ORDER BY claim"
    )
    assert found == [
        ("C10", "inconclusive", "nothing_shown", None),
        ("C9", "inconclusive", "nothing_shown", None),
    ]
