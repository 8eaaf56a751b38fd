"""The ally effect with and without threat, against pyfixest on the same rows."""

import numpy as np
import polars as pl
import pyfixest as pf
import pytest

from transforms.metrics.exchange.before_treatment import with_covariates
from transforms.metrics.exchange.exchange_under_threat import (
    PAIRS,
    SCORE_TABLE,
    TABLE,
    Pair,
    build_exchange_under_threat,
    effects_of_pair,
    rows_of_pair,
)

LEADER, I16 = 2, pl.Int16
ENTRY = {20: 1980, 200: 1980, 220: 1985, 230: 1992, 235: 1975}
STATES = [*ENTRY, *range(300, 330)]
SESSIONS = range(25, 55)
LAST = 1993


def ally_tier():
    rows = [(LEADER, c, y, ENTRY.get(c, 3000) <= y) for c in STATES for y in range(1960, 2001)]
    names = {"ccode_hegemon": I16, "ccode": I16, "year": I16, "tier_core": pl.Boolean}
    return pl.DataFrame(rows, schema=names, orient="row")


def gaps():
    rng = np.random.default_rng(2)
    rows = [
        (LEADER, c, s, "all", control, ENTRY.get(c, 3000) <= s + 1945, cluster_of(c))
        for c in STATES
        for s in SESSIONS
        for control in ("popular", "contested", "consensual")
        if rng.random() < 0.95
    ]
    names = {"leader": I16, "ccode": I16, "session": I16, "vote_subset": pl.String}
    names |= {"control_class": pl.String, "is_ally": pl.Boolean, "cluster": pl.String}
    frame = pl.DataFrame(rows, schema=names, orient="row")
    ally = frame["is_ally"].cast(pl.Float64).to_numpy()
    noise = rng.normal(size=(2, len(frame)))
    return frame.with_columns(
        pl.Series("gap", -0.4 + 0.1 * ally + 0.1 * noise[0]),
        pl.Series("gap_logit", -2 + ally + noise[1]),
        pl.Series("weight", rng.uniform(3, 20, len(frame))),
        pl.lit(None, pl.String).alias("null_reason"),
    )


def cluster_of(ccode):
    return f"{ENTRY[ccode]}-01-01" if ccode in ENTRY else f"state {ccode}"


def threats():
    rng = np.random.default_rng(3)
    rows = [
        (LEADER, c, y, *rng.integers(0, 5, 4).tolist(), int(rng.random() < 0.1))
        for c in STATES
        for y in range(1965, LAST + 1)
    ]
    counts = ["n_threats", "n_rivals", "n_bordering", "n_disputes", "n_distance_missing"]
    names = dict.fromkeys(["ccode_hegemon", "ccode", "year", *counts], I16)
    frame = pl.DataFrame(rows, schema=names, orient="row")
    values = pl.Series("external_threat", rng.exponential(1, len(frame)))
    is_known = pl.Series(rng.random(len(frame)) < 0.95)
    return frame.with_columns(pl.when(is_known).then(values).alias("external_threat"))


def regimes():
    rows = [(c, y, (c % 7) / 7 + (y % 3) / 30) for c in STATES for y in range(1940, 1972)]
    rows += [(235, y, 0.5) for y in range(1972, 1976)]
    rows = [r for r in rows if r[0] != 329]
    names = {"ccode": I16, "year": I16, "polyarchy": pl.Float64}
    return pl.DataFrame(rows, schema=names, orient="row")


def trade():
    rows = [(c, y, 10.0 * (c % 5) + 1, 20.0 + y) for c in STATES for y in range(1950, 1995)]
    dollars = dict.fromkeys(["imports_million_usd", "exports_million_usd"], pl.Float64)
    return pl.DataFrame(rows, schema={"ccode": I16, "year": I16, **dollars}, orient="row")


@pytest.fixture(scope="module")
def panel():
    return with_covariates(gaps(), regimes(), trade(), ally_tier(), leader=LEADER)


def test_covariates_are_of_the_year_before_the_alliance_and_not_too_old(panel):
    known = dict(panel.select("ccode", "polyarchy_before").unique().iter_rows())
    assert known[235] == 0.5  # 1974: the year before 1975
    assert known[20] is None  # the last value, of 1971, is more than five years before 1979
    assert known[300] == pytest.approx((300 % 7) / 7 + (1970 % 3) / 30)  # first session 25: 1970
    assert known[329] is None
    of_trade = dict(panel.select("ccode", "log_trade_before").unique().iter_rows())
    total = {c: np.log(10.0 * (c % 5) + 1 + 20 + 1979) for c in STATES}
    assert of_trade[20] == pytest.approx(total[20] - np.mean(list(total.values())))


def as_frame(rows):
    return rows.with_columns(ally=pl.col("is_ally").cast(pl.Float64), era=pl.col("session") > 45)


TERMS = {
    "none": "ally + threat",
    "regime": "ally + threat + i(session, polyarchy_before)",
    "trade": "ally + threat + i(session, log_trade_before)",
}


@pytest.mark.parametrize("covariates", TERMS)
@pytest.mark.parametrize("design", ["two_way", "state_era"])
@pytest.mark.parametrize(("scale", "outcome"), [("share", "gap"), ("logit", "gap_logit")])
def test_effects_are_those_of_pyfixest(panel, covariates, design, scale, outcome):
    pair = Pair(covariates=covariates, design=design)
    rows, _ = rows_of_pair(panel, threats(), pair)
    found = effects_of_pair(rows, pair)
    unit = "ccode" if design == "two_way" else "ccode^era"
    frame = as_frame(rows).to_pandas()
    for quantity, terms in (("adjusted", TERMS[covariates]), ("unadjusted", "ally")):
        text = f"{outcome} ~ {terms} | {unit} + session"
        fit = pf.feols(text, frame, vcov={"CRV1": "cluster"}, weights="weight", fixef_rm="none")
        effect = found[scale, quantity]
        assert effect is not None
        assert effect.estimate == pytest.approx(fit.coef()["ally"], abs=1e-8)
        assert effect.std_error == pytest.approx(fit.se()["ally"], rel=1e-5)


def test_threat_is_that_of_the_years_before_and_what_is_missing_is_counted(panel):
    threat = threats()
    rows, counts = rows_of_pair(panel, threat, Pair(lag=3))
    assert rows["session"].min() == 25
    assert rows["session"].max() == LAST + 3 - 1945
    one = rows.row(0, named=True)
    ((value,),) = (
        threat.filter(pl.col("ccode") == one["ccode"], pl.col("year") == one["session"] + 1945 - 3)
        .select("external_threat")
        .rows()
    )
    assert one["threat"] == value
    assert counts["n_distances_missing"] == rows["n_distance_missing"].sum()
    in_years = panel.filter(
        pl.col("control_class") == "popular", pl.col("session") <= LAST + 3 - 1945
    )
    assert counts["n_threats_missing"] == in_years.height - rows.height > 0


def test_a_number_of_rivals_is_unknown_where_the_sum_is(panel):
    by_sum, _ = rows_of_pair(panel, threats(), Pair())
    by_count, _ = rows_of_pair(panel, threats(), Pair(threat="n_rivals"))
    assert by_count.height == by_sum.height
    assert by_count["threat"].max() == pytest.approx(np.log(5))


def test_combinations_are_of_the_two_effects(panel):
    rows, _ = rows_of_pair(panel, threats(), Pair())
    found = effects_of_pair(rows, Pair())
    with_threat, without = found["share", "adjusted"], found["share", "unadjusted"]
    assert with_threat is not None
    assert without is not None
    difference, half = found["share", "accounted_for"], found["share", "beyond_half"]
    assert difference is not None
    assert half is not None
    assert difference.estimate == pytest.approx(without.estimate - with_threat.estimate)
    assert half.estimate == pytest.approx(with_threat.estimate - without.estimate / 2)
    # random threats account for next to nothing, and that is known well
    assert difference.std_error < with_threat.std_error / 3


def test_threat_that_is_the_alliance_leaves_no_effect(panel):
    """Where nothing but the alliance moves threat, it cannot be told from it."""
    threat = threats().with_columns(
        pl.struct("ccode", "year")
        .map_elements(
            lambda x: float(ENTRY.get(x["ccode"], 3000) <= x["year"] + 1), return_dtype=pl.Float64
        )
        .alias("external_threat")
    )
    rows, _ = rows_of_pair(panel, threat, Pair())
    found = effects_of_pair(rows, Pair())
    assert found["share", "adjusted"] is None
    assert found["share", "unadjusted"] is not None
    assert ("share", "beyond_half") not in found


def test_the_tables_have_a_row_for_each_figure_and_scores_of_effects():
    tables = build_exchange_under_threat(
        legitimation_gap=gaps(),
        external_threat=threats(),
        regimes=regimes(),
        trade=trade(),
        ally_tier=ally_tier(),
    ).tables
    assert set(tables) == {"metrics.exchange_under_threat", "metrics.exchange_under_threat_score"}
    table, scores = tables[TABLE], tables[SCORE_TABLE]
    assert table.height == len(PAIRS) * 2 * 4
    assert set(scores["quantity"]) == {"adjusted", "unadjusted"}
    key = [name for name in scores.columns if name not in ("cluster", "score")]
    sums = scores.group_by(key).agg(pl.len(), pl.col("score").sum()).join(table, on=key)
    assert (sums["len"] == sums["n_clusters"]).all()
    # the score at 0 has the sign of the estimate
    assert ((sums["score"] > 0) == (sums["estimate"] > 0)).all()
