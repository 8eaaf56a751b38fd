"""Sums of lags against pyfixest on the same rows, and what counts as a payment."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest

from transforms.coverage import Coverage
from transforms.metrics.exchange.lagged_sums import (
    FORWARD,
    REVERSE,
    Cell,
    cell_rows,
    sum_of_lags,
)
from transforms.metrics.exchange.security_goods import bases_of, construction_of, troops_of
from transforms.metrics.exchange.support_returns import (
    CELLS,
    SCORE_TABLE,
    TABLE,
    build_support_returns,
)

LEADER, I16 = 2, pl.Int16
ALLIES = list(range(200, 216))
STATES = [*ALLIES, *range(300, 306)]
SESSIONS = range(20, 75)
AT_WAR = (204, 1975, 1978)


def ally_tier():
    # 200 joins in 1980: rows before do not count
    rows = [
        (LEADER, c, y, c in ALLIES and (c != 200 or y >= 1980), c in ALLIES)
        for c in STATES
        for y in range(1960, 2021)
    ]
    names = {"ccode_hegemon": I16, "ccode": I16, "year": I16}
    schema = {**names, "tier_core": pl.Boolean, "tier_treaty": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def gaps():
    rng = np.random.default_rng(2)
    rows = [
        (
            LEADER,
            c,
            s,
            "all",
            "popular",
            f"wave {c // 2}",
            rng.normal(-0.4, 0.1),
            rng.uniform(5, 20),
        )
        for c in STATES
        for s in SESSIONS
    ]
    names = {"leader": I16, "ccode": I16, "session": I16, "vote_subset": pl.String}
    names |= {"control_class": pl.String, "cluster": pl.String}
    frame = pl.DataFrame(
        rows, schema={**names, "gap": pl.Float64, "weight": pl.Float64}, orient="row"
    )
    # one session without enough popular votes: no row has it among its lags
    return frame.with_columns(pl.when(pl.col("session") != 50).then("gap").alias("gap"))


def us_troops():
    rng = np.random.default_rng(3)
    rows = [
        (LEADER, c, y, int(rng.poisson(np.exp(rng.normal(4 + c % 5, 1)))) * (c != 300))
        for c in STATES
        for y in range(1960, 2021)
    ]
    schema = {"ccode_from": I16, "ccode_to": I16, "year": I16, "troops_persons": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def capabilities():
    rows = [(c, y, 1000.0 * (c % 9 + 1)) for c in STATES for y in range(1960, 2017)]
    schema = {"ccode": I16, "year": I16, "tpop_thousand": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def deployments():
    (host, first, last) = AT_WAR
    rows = [(LEADER, host, first, last), (365, 205, 1970, 1980)]
    names = ["ccode_from", "ccode_to", "year_from", "year_to"]
    return pl.DataFrame([tuple(map(str, r)) for r in rows], schema=names, orient="row")


@pytest.fixture(scope="module")
def troops():
    return troops_of(us_troops(), capabilities(), deployments(), leader=LEADER)


def rows_for(good, cell):
    return cell_rows(gaps(), good, ally_tier(), cell, leader=LEADER)


def test_troops_per_inhabitant_and_those_at_war(troops):
    one = {r["year"]: r for r in troops["troops"].filter(pl.col("ccode") == 204).to_dicts()}
    assert [one[y]["is_war"] for y in (1974, 1975, 1978, 1979)] == [False, True, True, False]
    assert one[1990]["is_war_host"]
    assert not troops["troops"].filter(pl.col("ccode") == 205)["is_war_host"].any()
    per_head = troops["troops_per_capita"].filter(pl.col("ccode") == 204, pl.col("year") == 1990)
    inhabitants = 1_000_000 * (204 % 9 + 1)
    assert per_head["good"].item() == pytest.approx(one[1990]["good"] * 100_000 / inhabitants)


def test_rows_have_five_lags_of_allies_and_no_war(troops):
    rows = rows_for(troops["troops"], Cell())
    assert set(rows["ccode"]) == set(ALLIES)
    assert rows.filter(pl.col("ccode") == 200)["session"].min() == 35
    assert not set(range(51, 56)) & set(rows["session"].to_list())
    assert rows["session"].min() == 25
    at_war = rows.filter(pl.col("ccode") == 204)["session"] + 1945
    assert not set(range(1975, 1979)) & set(at_war.to_list())
    assert 204 not in set(rows_for(troops["troops"], Cell(sample="war_hosts_out"))["ccode"])
    assert rows_for(troops["troops"], Cell(sample="wars_in")).height == rows.height + 4
    one = rows.filter(pl.col("ccode") == 210, pl.col("session") == 40).row(0, named=True)
    of_state = dict(gaps().filter(pl.col("ccode") == 210).select("session", "gap").iter_rows())
    for lag in range(1, 6):
        assert one[f"lag_{lag}"] == pytest.approx(of_state[40 - lag] / 0.1)


def fitted(rows, cell):
    """The sum of five coefficients and its error, by pyfixest."""
    frame = rows.to_pandas().assign(log=np.log1p(rows["outcome"].to_numpy()))
    lags = " + ".join(f"lag_{k}" for k in range(1, 6))
    terms = lags if cell.design == "static" else f"{lags} + before"
    outcome = "log" if cell.estimator == "log_linear" and cell.direction == FORWARD else "outcome"
    text = f"{outcome} ~ {terms} | ccode + session"
    if cell.estimator == "ppml":
        fit = pf.fepois(text, frame, vcov={"CRV1": "cluster"}, iwls_tol=1e-12)
    else:
        fit = pf.feols(text, frame, vcov={"CRV1": "cluster"}, weights="weight")
    chosen = np.array([name.startswith("lag_") for name in fit._coefnames], float)
    variance = chosen @ fit._vcov @ chosen
    return float(chosen @ fit.coef().to_numpy()), float(np.sqrt(variance))


@pytest.mark.parametrize("design", ["static", "lagged_outcome"])
@pytest.mark.parametrize(
    ("direction", "estimator"),
    [(FORWARD, "ppml"), (FORWARD, "log_linear"), (REVERSE, "log_linear")],
)
def test_sums_and_errors_are_those_of_pyfixest(troops, direction, estimator, design):
    cell = Cell(direction, "troops", estimator, design)
    rows = rows_for(troops["troops"], cell)
    found, expected = sum_of_lags(rows, cell), fitted(rows, cell)
    assert found is not None
    assert (found.estimate, found.std_error) == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_the_jackknife_is_of_halves_of_each_host(troops):
    cell = Cell(design="half_panel_jackknife")
    rows = rows_for(troops["troops"], cell)
    found = sum_of_lags(rows, cell)
    assert found is not None
    frame = rows.with_columns(
        place=pl.int_range(pl.len()).over("ccode"), size=pl.len().over("ccode")
    )
    is_first = pl.col("place") < pl.col("size") // 2
    halves = [frame.filter(is_first), frame.filter(~is_first)]
    dynamic = Cell(design="lagged_outcome")
    parts = [fitted(half, dynamic)[0] * half.height / rows.height for half in halves]
    assert found.estimate == pytest.approx(2 * fitted(rows, dynamic)[0] - sum(parts), abs=1e-6)


def test_the_effect_that_is_there_is_found(troops):
    """Hosts whose troops follow the gaps of five years: .04 log points per ten points and lag."""
    wide = gaps().with_columns((pl.col("gap") / 0.1).alias("value"))
    frame = troops["troops"].with_columns((pl.col("year") - 1945).cast(I16).alias("session"))
    total = pl.lit(0.0)
    for lag in range(1, 6):
        later = wide.select(
            "ccode", (pl.col("session") + lag).alias("session"), pl.col("value").alias(f"v{lag}")
        )
        frame = frame.join(later, on=["ccode", "session"], how="left")
        total = total + 0.04 * pl.col(f"v{lag}").fill_null(-4.0)
    paid = frame.with_columns((500 * total.exp()).alias("good")).select(troops["troops"].columns)
    noisy = paid.with_columns(
        pl.col("good") * pl.Series(np.random.default_rng(5).gamma(4, 0.25, paid.height))
    )
    found = sum_of_lags(rows_for(noisy, Cell()), Cell())
    assert found is not None
    assert found.ci_low < 0.2 < found.ci_high
    assert found.ci_low > 0


def us_bases():
    rows = [(LEADER, c, f"{k}") for c in (200, 201, 201, 300) for k in range(2)]
    names = {"ccode_from": I16, "ccode_to": I16, "base_name": pl.String}
    return pl.DataFrame(rows, schema=names, orient="row")


def test_bases_are_counted_for_the_allies_of_the_year():
    rows = bases_of(us_bases(), gaps(), ally_tier(), leader=LEADER, year=2010)
    assert rows["ccode"].to_list() == ALLIES
    assert rows["good"].to_list()[:3] == [2.0, 4.0, 0.0]
    before = gaps().filter(pl.col("ccode") == 201, pl.col("session").is_between(60, 64))
    assert rows["gap"][1] == pytest.approx(before["gap"].mean())


def test_construction_is_that_of_disclosed_projects():
    rows = pl.DataFrame(
        {"ccode_from": [2, 365], "ccode_to": [200, 200], "year": [2010, 2010]},
        schema=dict.fromkeys(["ccode_from", "ccode_to", "year"], I16),
    ).with_columns(construction_usd=pl.Series([1e6, 5e6]))
    found = construction_of(rows, leader=LEADER)
    assert found.select("ccode", "year", "good").rows() == [(200, 2010, 1e6)]


@pytest.fixture(scope="module")
def tables():
    projects = us_troops().filter(pl.col("ccode_to") < 205, pl.col("year") >= 2008)
    return build_support_returns(
        legitimation_gap=gaps(),
        us_troops=us_troops(),
        capabilities=capabilities(),
        us_construction=projects.rename({"troops_persons": "construction_usd"}).cast(
            {"construction_usd": pl.Float64}
        ),
        us_bases=us_bases(),
        ally_tier=ally_tier(),
        wartime_deployments=deployments(),
        coverage={"us_bases": Coverage(date(2015, 1, 1), date(2018, 12, 31))},
    ).tables


def test_every_cell_has_a_row_and_all_but_the_jackknife_scores(tables):
    assert set(tables) == {"metrics.support_returns", "metrics.support_returns_score"}
    table, scores = tables[TABLE], tables[SCORE_TABLE]
    assert table.height == len(CELLS)
    few = table.filter(pl.col("good") == "construction")
    assert set(few["null_reason"]) == {"n_below_min"}
    key = ["direction", "good", "estimator", "design", "tier", "sample"]
    with_scores = scores.select(key).unique()
    expected = table.filter(
        pl.col("estimate").is_not_null(), pl.col("design") != "half_panel_jackknife"
    )
    assert with_scores.height == expected.height
    counts = scores.group_by(key).len().join(table, on=key)
    assert (counts["len"] == counts["n_clusters"]).all()


def test_the_cross_section_is_a_poisson_regression(tables):
    (row,) = tables[TABLE].filter(pl.col("good") == "bases").to_dicts()
    rows = bases_of(us_bases(), gaps(), ally_tier(), leader=LEADER, year=2015).to_pandas()
    rows = pd.DataFrame(rows).assign(points=rows["gap"] / 0.1)
    fit = pf.fepois("good ~ points", rows, vcov={"CRV1": "cluster"}, iwls_tol=1e-12)
    assert row["estimate"] == pytest.approx(fit.coef()["points"], abs=1e-6)
    assert row["std_error"] == pytest.approx(fit.se()["points"], rel=1e-4)
