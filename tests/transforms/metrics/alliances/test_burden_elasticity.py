"""`metrics.burden_elasticity`: against pyfixest on the same rows, and worlds with a known slope."""

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest
from scipy import stats

from transforms.metrics.alliances.burden_elasticity import (
    CHANGE,
    SCORES,
    TABLE,
    build_burden_elasticity,
    elasticity,
)


def members(slope: float, seed: int = 0, *, later: float = 0.0) -> pl.DataFrame:
    """Two alliances of ten states, four of them in both, over six years from 1986."""
    rng = np.random.default_rng(seed)
    size, taste = rng.normal(25, 1.5, 16), rng.normal(0, 0.3, 16)
    in_alliance = {3000: range(10), 3001: range(6, 16)}
    noise = rng.normal(0, 0.1, (16, 6))
    rows = [
        {
            **{"atopid": atopid, "year": 1986 + 2 * t, "ccode": 101 + i, "ratio": 5.0},
            "log_product": size[i] + 0.1 * t,
            "log_burden": (slope + later * (t > 2)) * size[i] + taste[i] + noise[i, t] + 0.2 * t,
            "is_leader": bool(size[i] == max(size[j] for j in states)),
        }
        for atopid, states in in_alliance.items()
        for i in states
        for t in range(6)
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize("design", ["within_alliance_year", "within_alliance", "within_year"])
def test_estimate_and_error_are_those_of_pyfixest(design: str) -> None:
    rows = members(0.2).with_columns(w=1 / pl.len().over("ccode", "year"))
    frame = pd.DataFrame(rows.to_dict(as_series=False))
    frame["ay"] = frame["atopid"] * 10_000 + frame["year"]
    effects = {"within_alliance_year": "ay", "within_alliance": "atopid", "within_year": "year"}
    fit = pf.feols(
        f"log_burden ~ log_product | {effects[design]}", frame, {"CRV1": "ccode"}, weights="w"
    )
    found, scores = elasticity(rows.drop("w"), design)
    assert found["estimate"] == pytest.approx(fit.coef()["log_product"], abs=1e-8)
    assert found["std_error"] == pytest.approx(fit.se()["log_product"], rel=1e-6)
    assert (found["n"], found["n_clusters"], len(scores)) == (120, 16, 16)


def test_t_has_the_effective_number_of_states() -> None:
    rows = members(0.2).with_columns(w=1 / pl.len().over("ccode", "year"))
    key = ["atopid", "year"]
    centred = rows.with_columns(
        x=pl.col("log_product")
        - (pl.col("log_product") * pl.col("w")).sum().over(key) / pl.col("w").sum().over(key)
    )
    loads = centred.group_by("ccode").agg(((pl.col("w") * pl.col("x")) ** 2).sum())["w"].to_numpy()
    freedom = loads.sum() ** 2 / (loads**2).sum() - 1
    found, _ = elasticity(rows.drop("w"), "within_alliance_year")
    half = stats.t.ppf(0.975, freedom) * found["std_error"]
    assert found["ci_high"] - found["estimate"] == pytest.approx(half)
    assert freedom < 15


def test_a_year_of_a_state_counts_once_whatever_its_alliances() -> None:
    """The same alliance under another number changes neither the slope nor the error."""
    rows = members(0.2).filter(pl.col("atopid") == 3000)
    again = pl.concat([rows, rows.with_columns(atopid=pl.lit(3002, pl.Int64))])
    one, _ = elasticity(rows, "within_year")
    two, _ = elasticity(again, "within_year")
    assert two["estimate"] == pytest.approx(one["estimate"])


@pytest.mark.parametrize(
    ("design", "later", "truth"), [("within_alliance_year", 0.0, 0.3), (CHANGE, -0.2, -0.2)]
)
def test_intervals_hold_the_slope_and_the_change_of_it(
    design: str, later: float, truth: float
) -> None:
    held = 0
    for seed in range(40):
        found, _ = elasticity(members(0.3, seed, later=later), design)
        held += found["ci_low"] < truth < found["ci_high"]
    assert held >= 34  # of .95 fewer come in one of 100 such tests


def test_without_the_leader_the_largest_product_is_left_out() -> None:
    rows = members(0.2)
    found, scores = elasticity(rows, "without_leader")
    assert found["n"] == rows.filter(~pl.col("is_leader")).height
    assert len(scores) == rows.filter(~pl.col("is_leader"))["ccode"].n_unique()


def test_too_few_states_and_none_have_a_reason() -> None:
    rows = members(0.2)
    few = rows.filter(pl.col("ccode") < 105)
    assert elasticity(few, "within_year")[0]["null_reason"] == "n_below_min"
    assert elasticity(rows.clear(), "within_year")[0]["null_reason"] == "unit_not_in_source"


def test_only_alliances_whose_burdens_are_measured_count() -> None:
    keys = {"atopid": pl.Int32, "year": pl.Int16, "leader_ccode": pl.Int16}
    states = range(101, 107)
    asymmetry = pl.DataFrame(
        [
            {
                **{"atopid": a, "year": 1970, "variable": "cinc", "leader_share": 0.5},
                **{"has_defense_or_offense": True, "null_reason": None, "second_zero": False},
                **{"ratio_first_second": 4.0, "leader_ccode": 101},
            }
            for a in (1, 2)
        ],
        schema_overrides={**keys, "null_reason": pl.String},
    )
    promises = ("defense", "offense", "neutral", "consul", "nonagg")
    outcome = build_burden_elasticity(
        burden_sharing=pl.DataFrame(
            {"atopid": [1, 2], "year": [1970] * 2, "spearman_rho": [0.2, None]}
        )
        .with_columns(leader_ccode=101)
        .cast(keys),  # type: ignore[arg-type]
        capability_asymmetry=asymmetry,
        alliance_members=pl.DataFrame(
            {
                "atopid": [a for a in (1, 2) for _ in states],
                "ccode": [*states, *states],
                "year_from": [1970] * 12,
                "year_to": [1970] * 12,
                **dict.fromkeys(promises, [1] * 12),
            },
            schema_overrides={
                "atopid": pl.Int32,
                **dict.fromkeys(("ccode", "year_from", "year_to", *promises), pl.Int16),
            },
        ),
        military_expenditure=pl.DataFrame(
            {"ccode": states, "year": [1970] * 6, "milex_usd": [5.0, 0.0, 2.0, 1.0, 3.0, 2.0]},
            schema_overrides={"ccode": pl.Int16, "year": pl.Int16},
        ),
        gdp=pl.DataFrame(
            {"ccode": states, "year": [1970] * 6, "gdp_usd": [90.0, 60.0, 50.0, 40.0, 70.0, 30.0]},
            schema_overrides={"ccode": pl.Int16, "year": pl.Int16},
        ),
    )
    found = outcome.tables[TABLE].filter(design="within_alliance_year", q=3, period="1960-1991")
    assert found["n"].to_list() == [5]  # one of six spends nothing
    names = set(outcome.tables[SCORES]["cluster"])
    assert names == {f"state {c}" for c in states if c != 102}
