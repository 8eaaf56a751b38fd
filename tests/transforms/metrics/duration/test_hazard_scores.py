"""Scores of hazards against the derivative of statsmodels' partial likelihood."""

import numpy as np
import polars as pl
import pytest
from statsmodels.duration.hazard_regression import PHReg

from transforms.calibration.scenario import ABSENT, Scenario
from transforms.calibration.worlds.alliance_duration import make_lives
from transforms.metrics.duration.estimates import Spells
from transforms.metrics.duration.hazard_scores import hazard_scores


@pytest.fixture(scope="module")
def spells() -> Spells:
    """Sixty alliances of twelve leaders, entered late, ends on whole half-years (ties)."""
    rng = np.random.default_rng(2)
    n = 60
    entry = np.round(rng.uniform(0, 3, n), 1)
    whole = pl.DataFrame(
        {
            "atopid": np.arange(n),
            "leader_ccode": rng.integers(100, 112, n),
            "ratio": np.where(rng.random(n) < 0.5, 5.0, 1.5),
            "entry": entry,
            "entry_measured": entry,
            "years": entry + 0.5 + np.round(2 * rng.exponential(5, n)) / 2,
            "counts": rng.random(n) < 0.7,
            "era": np.where(np.arange(n) < 30, "old", "new"),
        }
    )
    cut = whole.with_columns(start="entry", stop="years")
    return Spells(whole, cut)


def test_they_add_up_to_the_derivative_at_a_ratio_of_1(spells: Spells) -> None:
    rows = spells.whole
    model = PHReg(
        rows["years"].to_numpy(),
        (rows["ratio"].to_numpy() >= 3).astype(float)[:, None],
        status=rows["counts"].to_numpy().astype(float),
        entry=rows["entry"].to_numpy() + 1e-7,
        ties="efron",
    )
    derivative = float(model.score(np.zeros(1))[0])
    found = pl.DataFrame(list(hazard_scores(spells, ["asymmetric"])))
    sums = dict(found.group_by("estimator").agg(pl.col("score").sum()).iter_rows())
    assert sums["cox_time_fixed"] == pytest.approx(derivative, abs=1e-6)
    assert sums["cox_time_varying"] == pytest.approx(derivative, abs=1e-6)


def test_leaders_are_the_clusters_and_strata_have_their_own_risk_sets(spells: Spells) -> None:
    found = pl.DataFrame(list(hazard_scores(spells, ["asymmetric"])))
    names = {f"leader {c}" for c in spells.whole["leader_ccode"].unique().to_list()}
    assert set(found["cluster"]) == names
    by_era = found.filter(estimator="cox_stratified_era")["score"].sum()
    apart = 0.0
    for era in ("old", "new"):
        part = Spells(spells.whole.filter(era=era), spells.cut.filter(era=era))
        rows = pl.DataFrame(list(hazard_scores(part, ["asymmetric"])))
        apart += float(rows.filter(estimator="cox_time_fixed")["score"].sum())
    assert by_era == pytest.approx(apart)


def test_a_sample_without_ends_has_no_scores(spells: Spells) -> None:
    never = pl.lit(False).alias("counts")
    none = Spells(spells.whole.with_columns(never), spells.cut.with_columns(never))
    assert list(hazard_scores(none, ["asymmetric", "log_ratio"])) == []


def test_the_table_has_scores_of_estimates_alone() -> None:
    world = make_lives(Scenario(ABSENT), np.random.default_rng(4))
    estimates = world["alliance_duration"].drop_nulls("estimate")
    scores = world["alliance_duration_score"]
    key = ["sample", "estimator", "term"]
    assert scores.join(estimates, on=key, how="anti").is_empty()
    one = {"sample": "fulfilled_or_violated", "estimator": "cox_time_varying", "term": "asymmetric"}
    n_leaders = estimates.filter(**one)["n_clusters"].item()
    assert scores.filter(**one).height == n_leaders
