"""`metrics.asymmetric_rise`: log odds ratios by leader, by hand, by statsmodels and on a world."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from transforms.calibration.scenario import ABSENT, Scenario
from transforms.calibration.worlds.capability_asymmetry import make_rise
from transforms.metrics.asymmetry.asymmetric_rise import SCORES, TABLE, rise, trend
from transforms.metrics.asymmetry.units_by_leader import Units, units_of, with_leaders

SINCE = 1946
Rows = tuple[Units, NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Fourteen leaders with unequal numbers of units in both periods."""
    rng = np.random.default_rng(3)
    leader = np.repeat(np.arange(101, 115), rng.integers(4, 40, 14))
    year = rng.integers(1900, 1991, len(leader))
    year[year == 1945] = 1944
    effect = rng.normal(size=14)[leader - 101]
    after = year >= SINCE
    y = rng.random(len(leader)) < 1 / (1 + np.exp(-0.5 * after - effect))
    frame = pl.DataFrame(
        {
            "ratio": np.where(y, 5.0, 1.5),
            "weight": np.ones(len(y)),
            "year": year,
            "leader": leader,
        }
    )
    return units_of(frame, SINCE), y.astype(float), after.astype(float), leader


def test_the_estimate_is_the_logit_with_half_added_to_each_count(rows: Rows) -> None:
    part, y, after, _ = rows
    found, _ = rise(part, 3)
    cells = [float(np.sum((y == a) & (after == b))) + 0.5 for a in (1, 0) for b in (1, 0)]
    by_hand = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    assert found["estimate"] == pytest.approx(by_hand)
    assert (found["n"], found["n_clusters"]) == (len(y), 14)


def test_the_error_is_that_of_logits_without_each_leader(rows: Rows) -> None:
    """Fits of statsmodels on the rows and, for the half, one more row in each cell."""
    import statsmodels.api as sm

    part, y, after, leader = rows
    corners = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], float)

    def fit(kept: NDArray[np.bool_]) -> float:
        design = sm.add_constant(np.append(after[kept], corners[:, 1]))
        weights = np.append(np.ones(int(kept.sum())), np.full(4, 0.5))
        family = sm.families.Binomial()
        outcome = np.append(y[kept], corners[:, 0])
        return float(sm.GLM(outcome, design, family, freq_weights=weights).fit().params[1])

    full = fit(np.ones(len(y), bool))
    without = np.array([fit(leader != code) for code in np.unique(leader)])
    found, _ = rise(part, 3)
    error = np.sqrt(13 / 14 * np.sum((without - full) ** 2))
    assert found["estimate"] == pytest.approx(full, abs=1e-7)
    assert found["std_error"] == pytest.approx(error, abs=1e-6)
    assert found["ci_low"] < found["estimate"] < found["ci_high"]


def test_scores_are_those_of_a_logit_without_a_rise(rows: Rows) -> None:
    part, y, after, leader = rows
    _, scores = rise(part, 3)
    of_row = (after - after.mean()) * (y - y.mean())
    by_hand = [of_row[leader == code].sum() for code in np.unique(leader)]
    assert scores == pytest.approx(by_hand)


def test_the_trend_is_least_squares_per_decade(rows: Rows) -> None:
    part, y, _, leader = rows
    found, scores = trend(part, 3)
    decade = (part.year - 1945) / 10
    assert found["estimate"] == pytest.approx(np.polyfit(decade, y, 1)[0])
    without = [
        np.polyfit(decade[leader != code], y[leader != code], 1)[0] for code in np.unique(leader)
    ]
    error = np.sqrt(13 / 14 * np.sum((np.array(without) - found["estimate"]) ** 2))
    assert found["std_error"] == pytest.approx(error)
    assert np.sign(scores.sum()) == np.sign(found["estimate"])


def test_four_leaders_are_too_few_and_a_period_without_units_has_no_odds(rows: Rows) -> None:
    part = rows[0]
    few = units_of(
        pl.DataFrame({"ratio": [5.0, 1.0], "weight": 1.0, "year": [1900, 1950], "leader": [1, 2]}),
        SINCE,
    )
    assert rise(few, 3)[0]["null_reason"] == "n_below_min"
    only_after = units_of(
        pl.DataFrame({"ratio": [5.0], "weight": 1.0, "year": [1950], "leader": [1]}), SINCE
    )
    assert rise(only_after, 3)[0]["null_reason"] == "out_of_coverage"
    assert rise(part, 3)[0].get("null_reason") is None


def test_the_leader_is_the_alliance_s_or_the_larger_of_two_states() -> None:
    schema = {
        "unit": pl.String,
        "variable": pl.String,
        "year": pl.Int16,
        "key1": pl.Int32,
        "key2": pl.Int32,
    }
    units = pl.DataFrame(
        [
            ("alliance_year", "cinc", 1950, 3000, 0),
            ("dyad_year", "cinc", 1950, 20, 200),
            ("leader_specific", "cinc", 1950, 2, 20),
            ("state_weighted", "cinc", 1950, 20, 3000),
        ],
        schema=schema,
        orient="row",
    )
    asymmetry = pl.DataFrame(
        [("cinc", 1950, 2, 3000)],
        schema={
            "variable": pl.String,
            "year": pl.Int16,
            "leader_ccode": pl.Int16,
            "atopid": pl.Int32,
        },
        orient="row",
    )
    values = pl.DataFrame(
        [(20, 1950, "cinc", 0.01), (200, 1950, "cinc", 0.05)],
        schema={"ccode": pl.Int16, "year": pl.Int16, "variable": pl.String, "x": pl.Float64},
        orient="row",
    )
    led = with_leaders(units, asymmetry, values)
    assert dict(led.select("unit", "leader").iter_rows()) == {
        "alliance_year": 2,
        "dyad_year": 200,
        "leader_specific": 2,
        "state_weighted": 2,
    }


def test_in_a_world_without_a_rise_the_interval_holds_0_and_every_cell_is_there() -> None:
    from transforms.metrics.asymmetry.asymmetric_rise import build_asymmetric_rise

    tables = make_rise(Scenario(ABSENT), np.random.default_rng(8))
    asymmetry = tables["capability_asymmetry"]
    members = asymmetry.select("atopid", "year", "leader_ccode").unique().sort("atopid", "year")
    outcome = build_asymmetric_rise(
        capability_asymmetry=asymmetry,
        alliance_members=members.select(
            "atopid",
            ccode="leader_ccode",
            year_from="year",
            year_to="year",
            **{
                name: pl.lit(int(name == "defense"), pl.Int16)
                for name in ("defense", "offense", "neutral", "consul", "nonagg")
            },
        ),
        obligations=pl.DataFrame(
            schema={
                **dict.fromkeys(("ccode_from", "ccode_to", "year", "defense"), pl.Int16),
                "offense": pl.Int16,
                "is_cow_dyad": pl.Boolean,
                "not_owed": pl.String,
            }
        ),
        capabilities=pl.DataFrame(
            schema={
                **dict.fromkeys(("ccode", "year"), pl.Int16),
                **dict.fromkeys(("cinc", "milex_thousand", "milper_thousand"), pl.Float64),
            }
        ),
        gdp=pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64}),
    )
    estimates, scores = outcome.tables[TABLE], outcome.tables[SCORES]
    primary = estimates.filter(design="alliance_year", variable="cinc", q=3, period="from 1946")
    assert primary["ci_low"][0] < 0 < primary["ci_high"][0]
    assert set(estimates.filter(design="dyad_year")["null_reason"]) == {"out_of_coverage"}
    one = scores.filter(design="alliance_year", variable="cinc", q=3, period="from 1946")
    assert one.height == primary["n_clusters"][0]
    assert set(scores["design"]) == {
        *("alliance_year", "alliance_year_trend", "formation_cohort", "state_weighted")
    }
