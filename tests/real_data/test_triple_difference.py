"""The triple difference on real votes: plain SQL and frames, dummies and pyfixest."""

from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyfixest as pf
import pytest

from benchmarks.claim_figures import US, WARSAW_PACT_ENTRANTS, support, triple, waves

Frame = Any

TODAY = {
    ("two_way", "popular", "share", "all"): (0.049207, 0.017882),
    ("two_way", "consensual", "share", "all"): (0.069985, 0.021362),
    ("two_way", "contested", "share", "all"): (-0.006611, 0.025163),
    ("two_way", "popular", "logit", "all"): (0.175247, 0.117868),
    ("state_era", "popular", "share", "all"): (0.012487, 0.023027),
    ("two_way", "popular", "share", "without_pact_entrants"): (0.035787, 0.024172),
}
CLASSES = {"popular": (0.5, 1.01, 10), "consensual": (0.8, 1.01, 10), "contested": (0.5, 0.8, 3)}


@pytest.fixture(scope="module")
def database(mirror_home: Any) -> Any:
    with duckdb.connect(str(mirror_home.warehouse), read_only=True) as found:
        yield found


@pytest.fixture(scope="module")
def votes(database: Any) -> pl.DataFrame:
    return support(database, US).filter(pl.col("session") != 19)


@pytest.fixture(scope="module")
def gaps(database: Any, votes: pl.DataFrame) -> dict[str, Frame]:
    """Class of control votes to state-sessions."""
    found = {}
    for name, (low, below, least) in CLASSES.items():
        rows = waves(triple(votes, low, below, least, least_unpopular=least), database)
        found[name] = rows.with_columns(
            ally=pl.col("is_core").cast(pl.Float64),
            era=pl.col("ccode") * 2 + (pl.col("session") > 45),
        ).to_pandas()
    return found


def published(mirror_home: Any, **cell: str) -> tuple[float, ...]:
    key = {"regressor": "ally", "design": "two_way", "vote_subset": "all"}
    key |= {"control_class": "popular", "scale": "share", "sample": "all"} | cell
    where = " AND ".join(f"{name} = '{value}'" for name, value in key.items())
    (row,) = mirror_home.rows(
        f"SELECT estimate, std_error, n FROM metrics.triple_difference WHERE leader = 2 AND {where}"
    )
    return tuple(map(float, row))


@pytest.mark.parametrize("cell", TODAY)
def test_effects_are_those_of_pyfixest_on_rows_of_our_own(
    mirror_home: Any, gaps: dict[str, Frame], cell: tuple[str, str, str, str]
) -> None:
    design, control, scale, sample = cell
    frame = gaps[control]
    if sample == "without_pact_entrants":
        frame = frame[~frame["ccode"].isin(WARSAW_PACT_ENTRANTS)]
    unit = "era" if design == "state_era" else "ccode"
    y = "g" if scale == "share" else "g_logit"
    fit = pf.feols(
        f"{y} ~ ally | {unit} + session",
        frame,
        {"CRV1": "wave"},
        weights="weight",
        fixef_rm="none",
    )
    found = published(mirror_home, design=design, control_class=control, scale=scale, sample=sample)
    expected = fit.coef()["ally"], fit.se()["ally"], len(frame)
    assert found == pytest.approx(expected, abs=2e-6)
    assert found[:2] == pytest.approx(TODAY[cell], abs=1e-6)


def test_waves_are_eighteen_and_clusters_177(mirror_home: Any, gaps: dict[str, Frame]) -> None:
    clusters = set(gaps["popular"]["wave"])
    assert len(clusters) == 177
    assert sum(not name.startswith("state") for name in clusters) == 18


def test_western_allies_exceed_western_non_allies(mirror_home: Any, gaps: dict[str, Frame]) -> None:
    """Least squares on dummies of sessions; and p from draws of labels, each by least squares."""
    never = [205, 225, 305, 375, 380]
    group = [20, 200, 210, 211, 212, 220, 230, 235, 255, 260, 325, 350, 385, 390, 395]
    group += [640, 900, 920]
    rows = gaps["popular"]
    kept = rows["ccode"].isin(never) | (rows["ccode"].isin(group) & rows["is_core"])
    rows = rows[kept & ((rows["ccode"] != 225) | (rows["session"] >= 57))].copy()
    states = sorted(rows["ccode"].unique())
    assert len(states) == 23

    def difference(labelled: Any) -> float:
        frame = rows.assign(x=1.0 - rows["ccode"].isin(labelled))
        by_session = frame.groupby("session")
        w = frame["weight"]
        mean = (frame["x"] * w).groupby(frame["session"]).sum() / by_session["weight"].sum()
        left = frame["x"] - frame["session"].map(mean)
        return float((w * left * frame["g"]).sum() / (w * left**2).sum())

    observed = difference(never)
    found = published(mirror_home, regressor="western_ally", design="session", sample="western")
    assert found[0] == pytest.approx(observed, abs=1e-8)
    assert found[0] == pytest.approx(0.114208, abs=1e-6)
    rng = np.random.default_rng(5)
    drawn = np.array([difference(rng.choice(states, 5, replace=False)) for _ in range(999)])
    p_drawn = 2 * (np.sum(drawn >= observed) + 1) / 1000
    ((p, n),) = mirror_home.rows(
        "SELECT p_value, inference FROM metrics.triple_difference WHERE leader = 2"
        " AND regressor = 'western_ally' AND design = 'session' AND vote_subset = 'all'"
        " AND control_class = 'popular' AND scale = 'share' AND sample = 'western'"
    )
    assert n == "label_permutation"
    assert p == pytest.approx(p_drawn, abs=0.015)


def test_size_is_that_of_capabilities_in_the_first_session(
    database: Any, mirror_home: Any, gaps: dict[str, Frame]
) -> None:
    cinc = database.sql("SELECT ccode, year, cinc FROM core.capabilities WHERE cinc > 0").df()
    value = cinc.set_index(["ccode", "year"])["cinc"].to_dict()
    rows = gaps["popular"].copy()
    first = rows[rows["is_core"]].groupby("ccode")["session"].min()
    z = {c: np.log(value[2, s + 1945] / value[c, s + 1945]) for c, s in first.items()}
    mean = np.mean(list(z.values()))
    rows["x"] = rows["ally"] * (rows["ccode"].map(z).fillna(mean) - mean)
    fit = pf.feols("g ~ x + ally | ccode + session", rows, {"CRV1": "wave"}, weights="weight")
    found = published(mirror_home, regressor="ally_by_size")
    assert found[:2] == pytest.approx((fit.coef()["x"], fit.se()["x"]), abs=1e-5)
    assert found[:2] == pytest.approx((-0.005518, 0.012779), abs=1e-6)


def test_steps_of_the_guarantee_are_those_of_the_tiers(
    database: Any, mirror_home: Any, gaps: dict[str, Frame]
) -> None:
    """States that ATOP alone tied when it ended are left out afterwards: their tie is not known."""
    tiers = database.sql("""
        SELECT ccode, year - 1945 AS session, CASE WHEN tier_core THEN 4 WHEN tier_treaty THEN 3
               WHEN tier_guarantee THEN 2 WHEN tier_atop THEN 1 ELSE 0 END AS step,
               tier_atop IS NULL AND NOT tier_guarantee AND last_value(tier_atop IGNORE NULLS)
                   OVER (PARTITION BY ccode ORDER BY year) AS is_unknown
        FROM marts.ally_tier WHERE ccode_hegemon = 2
    """).df()
    rows = gaps["popular"].merge(tiers, on=["ccode", "session"], how="left")
    rows = rows[~rows["is_unknown"].fillna(False).astype(bool)].copy()
    rows["step"] = rows["step"].fillna(0).astype(float)
    rows["tied"] = (rows["step"] > 0) * 1.0
    fit = pf.feols("g ~ step + tied | ccode + session", rows, {"CRV1": "wave"}, weights="weight")
    found = published(mirror_home, regressor="tier_steps")
    assert found[2] == len(rows)
    assert found[:2] == pytest.approx((fit.coef()["step"], fit.se()["step"]), abs=1e-5)
    assert found[:2] == pytest.approx((0.018765, 0.007689), abs=1e-6)


def test_how_many_variants_agree(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT claim, n_grid, n_grid_as_expected, n_grid_contradicting FROM claims"
        " WHERE claim IN ('C2a', 'C2b', 'C2f', 'C2g', 'C2h') ORDER BY claim"
    )
    assert rows == [
        ("C2a", 11, 4, 0),
        ("C2b", 11, 2, 0),
        ("C2f", 5, 2, 0),
        ("C2g", 3, 0, 1),
        ("C2h", 9, 0, 3),
    ]
