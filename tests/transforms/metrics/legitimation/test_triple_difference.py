"""`metrics.triple_difference` on a simulated panel: against pyfixest, and by what must be so."""

from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pyfixest as pf
import pytest

from transforms.metrics.legitimation.gap_rows import gap_rows
from transforms.metrics.legitimation.staggered_designs import (
    callaway_santanna,
    honest_did,
    stacked,
    stacked_exit,
    stacks,
    staggered_rows,
)
from transforms.metrics.legitimation.triple_difference import build_triple_difference

SESSIONS = range(1, 31)
JOIN = {20: 8, 210: 8, 220: 8, 211: 14, 290: 14, 310: 14, 316: 22, 349: 22, 350: 22}
ALWAYS = (200, 390)
LEAVE = {211: 24}
NEVER = (205, 225, 305, 375, 380, 365, 369, 370, *range(500, 520))
STATES = (*JOIN, *ALWAYS, *NEVER)
EFFECT = 0.1


def is_ally(ccode, session):
    joined = ccode in ALWAYS or session >= JOIN.get(ccode, 99)
    return joined and session < LEAVE.get(ccode, 99)


@pytest.fixture(scope="module")
def panel():
    """State-sessions with known effects, gaps and unequal weights."""
    rng = np.random.default_rng(17)
    level, shock = rng.normal(0, 0.1, len(STATES)), rng.normal(0, 0.05, 40)
    rows = []
    for at, ccode in enumerate(STATES):
        wave = f"19{JOIN[ccode] + 45:02d}-04-04" if ccode in JOIN else f"state {ccode}"
        for session in SESSIONS:
            if ccode not in JOIN and rng.random() < 0.1:
                continue
            ally = is_ally(ccode, session)
            g = level[at] + shock[session] + EFFECT * ally + rng.normal(0, 0.05)
            rows.append((ccode, session, ally, wave, g, rng.uniform(5, 40)))
    return pd.DataFrame(rows, columns=["ccode", "session", "is_ally", "cluster", "gap", "weight"])


@pytest.fixture(scope="module")
def gaps(panel):
    """The panel as if every subset and class had the same gaps."""
    classes = [("all", c) for c in ("popular", "consensual", "contested")]
    classes += [("important", c) for c in ("popular", "consensual", "contested")]
    classes += [("important_unpopular", "popular"), ("hegemon_specific", "popular")]
    base = pl.from_pandas(panel).with_columns(
        pl.col("ccode", "session").cast(pl.Int16),
        (2 * pl.col("gap")).alias("gap_logit"),
        pl.lit(0.5).alias("agreement_unpopular"),
        pl.lit(12, pl.Int32).alias("n_unpopular"),
        pl.lit(12, pl.Int32).alias("n_control"),
    )
    tables = [
        base.with_columns(
            pl.lit(2, pl.Int16).alias("leader"),
            pl.lit(subset).alias("vote_subset"),
            pl.lit(control).alias("control_class"),
        )
        for subset, control in classes
    ]
    tables += [
        base.with_columns(
            pl.lit(leader, pl.Int16).alias("leader"),
            pl.lit("us_opposed").alias("vote_subset"),
            pl.lit("popular").alias("control_class"),
        )
        for leader in (200, 220)
    ]
    return pl.concat(tables)


@pytest.fixture(scope="module")
def inputs(gaps):
    years = [(ccode, session + 1945) for ccode in STATES for session in SESSIONS]
    tier = pl.DataFrame(
        {
            "ccode_hegemon": [2] * len(years),
            "ccode": [c for c, _ in years],
            "year": [y for _, y in years],
            "tier_core": [is_ally(c, y - 1945) for c, y in years],
        },
        schema_overrides={"ccode_hegemon": pl.Int16, "ccode": pl.Int16, "year": pl.Int16},
    ).with_columns(
        (pl.col("tier_core") | (pl.col("ccode") > 515)).alias("tier_treaty"),
        (pl.col("tier_core") | (pl.col("ccode") > 515)).alias("tier_guarantee"),
        (pl.col("tier_core") | (pl.col("ccode") > 510)).alias("tier_atop"),
    )
    support = gaps.filter(pl.col("leader") == 2, pl.col("vote_subset") == "all").filter(
        pl.col("control_class") == "popular"
    )
    support = support.select(
        pl.lit(2, pl.Int16).alias("ccode_hegemon"),
        "ccode",
        "session",
        pl.lit("unpopular").alias("vote_class"),
        pl.lit(20, pl.Int32).alias("n_votes_of_class"),
        pl.lit(10, pl.Int32).alias("n_with_hegemon"),
        pl.lit(2, pl.Int32).alias("n_abstained"),
        pl.lit(20, pl.Int32).alias("n_roll_calls"),
    )
    capabilities = pl.DataFrame(
        [
            (ccode, year, 0.2 if ccode == 2 else 0.001 * (1 + at % 7))
            for at, ccode in enumerate((2, *STATES))
            for year in range(1946, 1976)
        ],
        schema=["ccode", "year", "cinc"],
        orient="row",
    )
    hierarchy = pl.DataFrame(
        [(2, c, y, 1e-4 * (y % 5) * (c % 3), True, 2) for c, y in years],
        schema=[
            *("ccode_from", "ccode_to", "year", "troops_per_capita", "is_defense_partner"),
            "n_independent_alliances",
        ],
        orient="row",
    )
    obligations = pl.DataFrame(
        {"ccode_from": [2], "ccode_to": [20], "year": [1960], "defense": [1]}
    ).with_columns(not_owed=pl.lit(None, pl.String))
    kinds = dict.fromkeys((205, 225, 305, 375, 380), "never_ally")
    kinds |= dict.fromkeys((20, 200, 210, 211, 220, 350, 390), "state") | {500: "other"}
    western = pl.DataFrame(
        [(str(c), kind, "20" if c == 225 else None) for c, kind in kinds.items()],
        schema={"ccode": pl.String, "kind": pl.String, "from_session": pl.String},
        orient="row",
    )
    return {
        "legitimation_gap": gaps,
        "ally_tier": tier,
        "states": pl.DataFrame(
            {"ccode": STATES, "region": ["europe" if c < 400 else "africa" for c in STATES]}
        ),
        "capabilities": capabilities,
        "un_members": pl.DataFrame(
            {"ccode": STATES, "valid_from": [date(1946 + (c % 3) * 20, 1, 1) for c in STATES]}
        ),
        "hegemon_support": support,
        "security_hierarchy": hierarchy,
        "obligations": obligations,
        "western_group": western,
        "communist_ruled": pl.DataFrame({"ccode": ["290", "310", "316", "349", "365", "369"]}),
    }


@pytest.fixture(scope="module")
def built(inputs):
    tables = build_triple_difference(**inputs).tables
    return tables["metrics.triple_difference"], tables["metrics.triple_difference_score"]


def row_of(built, **cell):
    key = {"leader": 2, "regressor": "ally", "design": "two_way", "vote_subset": "all"}
    key |= {"control_class": "popular", "scale": "share", "sample": "all"} | cell
    (row,) = built[0].filter(*(pl.col(k) == v for k, v in key.items())).to_dicts()
    return row


@pytest.mark.parametrize(
    ("design", "effects"),
    [
        ("two_way", "ccode + session"),
        ("state_era", "era + session"),
        ("region_session", "ccode + region_session"),
    ],
)
def test_fixed_effects_are_those_of_pyfixest(built, panel, design, effects):
    frame = panel.assign(
        ally=panel["is_ally"] * 1.0,
        era=panel["ccode"] * 2 + (panel["session"] > 45),
        region_session=(panel["ccode"] < 400) * 100 + panel["session"],
    )
    fit = pf.feols(f"gap ~ ally | {effects}", frame, {"CRV1": "cluster"}, weights="weight")
    row = row_of(built, design=design)
    assert row["estimate"] == pytest.approx(fit.coef()["ally"], abs=1e-6)
    assert row["std_error"] == pytest.approx(fit.se()["ally"], rel=1e-4)
    assert row["n_switchers"] == len(JOIN)


def test_every_design_finds_the_effect(built):
    designs = ("imputation", "sun_abraham", "callaway_santanna", "stacked", "path_permutation")
    for design in designs:
        row = row_of(built, design=design)
        assert row["estimate"] == pytest.approx(EFFECT, abs=0.03), design
        assert 0 < row["ci_low"] < row["estimate"] < row["ci_high"], design
    assert row_of(built, scale="logit")["estimate"] == pytest.approx(2 * row_of(built)["estimate"])


def test_scores_are_zero_where_the_estimate_is(built):
    """Their sum over the regressor's squares is the estimate, so their signs are alike."""
    table, scores = built
    keys = [name for name in scores.columns if name not in ("cluster", "score")]
    sums = scores.group_by(keys).agg(pl.col("score").sum(), pl.len())
    both = table.join(sums, on=keys)
    assert both.height == sums.height
    assert (both["score"].sign() == both["estimate"].sign()).all()
    assert (both["len"] == both["n_clusters"]).all()
    assert "imputation" not in set(scores["design"])


def test_leaving_a_wave_out_leaves_its_states_out(built):
    rows = built[0].filter(
        pl.col("design") == "leave_one_wave_out",
        pl.col("scale") == "share",
        pl.col("vote_subset") == "all",
    )
    waves = rows.filter(pl.col("sample") == "without_a_wave")
    assert set(waves["wave_left_out"]) == {"1953-04-04", "1959-04-04", "1967-04-04"}
    assert set(waves["n_switchers"]) == {6}
    ends = dict(
        rows.filter(pl.col("sample") != "without_a_wave").select("sample", "estimate").iter_rows()
    )
    assert ends["lowest"] == waves["estimate"].min()
    assert ends["highest"] == waves["estimate"].max()


def test_western_states_are_compared_within_sessions(built, panel):
    mine = panel[panel["ccode"].isin([20, 200, 210, 211, 220, 350, 390]) & panel["is_ally"]]
    never = panel[panel["ccode"].isin([205, 225, 305, 375, 380])]
    never = never[(never["ccode"] != 225) | (never["session"] >= 20)]
    frame = pd.concat([mine, never]).assign(ally=lambda d: d["is_ally"] * 1.0)
    fit = pf.feols("gap ~ ally | session", frame, weights="weight")
    row = row_of(built, regressor="western_ally", design="session", sample="western")
    assert row["estimate"] == pytest.approx(fit.coef()["ally"], abs=1e-7)
    assert (row["n_states"], row["n_switchers"]) == (12, 5)
    assert row["inference"] == "label_permutation"
    wide = row_of(built, regressor="western_ally", design="session", sample="western_wide")
    assert wide["n_states"] == 13


def test_size_is_that_of_the_first_session_and_centred_on_allies(built, panel):
    cinc = {ccode: 0.001 * (1 + at % 7) for at, ccode in enumerate((2, *STATES))}
    frame = panel.assign(ally=panel["is_ally"] * 1.0)
    z = np.log(0.2 / frame["ccode"].map(cinc))
    mean = z.groupby(frame["ccode"]).first()[[*JOIN, *ALWAYS]].mean()
    frame["x"] = frame["ally"] * (z - mean)
    fit = pf.feols("gap ~ x + ally | ccode + session", frame, {"CRV1": "cluster"}, weights="weight")
    row = row_of(built, regressor="ally_by_size")
    assert row["estimate"] == pytest.approx(fit.coef()["x"], abs=1e-6)
    assert row["std_error"] == pytest.approx(fit.se()["x"], rel=1e-4)


def test_steps_are_beyond_having_a_tie(built, panel):
    ccode = panel["ccode"]
    steps = np.select([panel["is_ally"], ccode > 515, ccode > 510], [4.0, 3.0, 1.0], 0.0)
    frame = panel.assign(steps=steps, tied=(steps > 0) * 1.0, ally=panel["is_ally"] * 1.0)
    row = row_of(built, regressor="tier_steps")
    assert row["null_reason"] == "no_variation"  # no step but 4 begins or ends here
    assert np.linalg.matrix_rank(frame.loc[ccode < 510, ["steps", "tied"]]) == 1


def test_placebos_are_of_votes_that_the_united_states_opposes(built):
    rows = built[0].filter(pl.col("leader") != 2)
    assert set(rows["vote_subset"]) == {"us_opposed"}
    assert set(rows["design"]) == {"two_way", "session"}
    levels = rows.filter(pl.col("scale") == "level")
    assert set(levels["design"]) == {"session"}


def rows_for(gaps, inputs):
    return gap_rows(
        gaps,
        inputs["states"].with_columns(pl.col("ccode").cast(pl.Int16)),
        leader=2,
        vote_subset="all",
        control_class="popular",
        scale="share",
    )


def test_who_leaves_and_who_always_was_is_apart(gaps, inputs):
    rows = staggered_rows(rows_for(gaps, inputs))
    assert not set(ALWAYS) & set(rows.ccode.tolist())
    assert rows.session[rows.ccode == 211].max() == LEAVE[211] - 1
    effect, n_leavers = stacked_exit(rows_for(gaps, inputs))
    assert n_leavers == 1
    assert effect is not None
    assert effect.estimate == pytest.approx(EFFECT, abs=0.06)


def test_the_stack_is_that_of_pyfixest(gaps, inputs):
    rows = staggered_rows(rows_for(gaps, inputs))
    parts = [
        pd.DataFrame(
            {
                "y": part.outcome,
                "w": part.weights,
                "ally": part.is_ally * 1.0,
                "unit": entry * 1000 + part.ccode,
                "period": entry * 1000 + part.session,
                "cluster": part.cluster,
            }
        )
        for entry, part in stacks(rows)
    ]
    frame = pd.concat(parts, ignore_index=True)
    fit = pf.feols("y ~ ally | unit + period", frame, {"CRV1": "cluster"}, weights="w")
    effect, n_joiners = stacked(rows)
    assert effect is not None
    assert n_joiners == len(JOIN)
    assert effect.estimate == pytest.approx(fit.coef()["ally"], abs=1e-6)
    assert effect.std_error == pytest.approx(fit.se()["ally"], rel=1e-4)


def test_callaway_and_santanna_by_hand(gaps, inputs):
    """Mean over waves, by their states, and sessions since joining of the difference of changes."""
    rows = staggered_rows(rows_for(gaps, inputs))
    frame = pd.DataFrame({"c": rows.ccode, "s": rows.session, "y": rows.outcome, "f": rows.first})
    wide = frame.pivot_table(index="c", columns="s", values="y")
    first = frame.groupby("c")["f"].first()
    effects, sizes = [], []
    for entry in (8, 14, 22):
        for session in range(entry, 31):
            change = wide[session] - wide[entry - 1]
            treated, never = change[first == entry].dropna(), change[first == 0].dropna()
            if len(treated):
                effects.append(treated.mean() - never.mean())
                sizes.append((first == entry).sum())
    found = callaway_santanna(rows)
    assert found is not None
    assert found.estimate == pytest.approx(np.average(effects, weights=sizes), abs=1e-8)


def test_bounds_on_trends_widen_with_them(gaps, inputs):
    rows = staggered_rows(rows_for(gaps, inputs))
    found = honest_did(rows)
    half, whole = found[0.5], found[1.0]
    assert half is not None
    assert whole is not None
    assert half.estimate == whole.estimate
    assert whole.ci_low < half.ci_low < half.estimate < half.ci_high < whole.ci_high
    assert half.estimate == pytest.approx(EFFECT, abs=0.05)
