"""Effects of being a client, against pyfixest on the same rows; trends and exits."""

import math
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pyfixest as pf
import pytest

from transforms.coverage import Coverage
from transforms.metrics.exchange.allies import with_changed_status, with_cluster
from transforms.metrics.exchange.client_disputes import dispute_effect, dyad_years
from transforms.metrics.exchange.client_network import build_client_network
from transforms.metrics.exchange.co_movement import CELLS, Cell, cell_rows, co_movement, described
from transforms.metrics.exchange.predictability import (
    SCORE_TABLE,
    TABLE,
    build_predictability,
)

LEADER, SESSIONS = 2, range(30, 62)
ENTRY = {20: 1980, 200: 1980, 220: 1985, 230: 1992, 235: 2000}
STATES = [*ENTRY, *range(300, 325)]
I16 = pl.Int16


def ally_tier():
    rows = [
        (
            LEADER,
            c,
            y,
            *[ENTRY.get(c, 3000) <= y] * 3,
            ENTRY.get(c, 3000) <= y if y < 2005 else None,
            # a second treaty is no entry
            date(1990 if (c, y >= 1990) == (20, True) else ENTRY[c], 4, 1) if c in ENTRY else None,
        )
        for c in STATES
        for y in range(1970, 2010)
    ]
    names = ["tier_core", "tier_treaty", "tier_guarantee", "tier_atop"]
    keys = {"ccode_hegemon": I16, "ccode": I16, "year": I16}
    return pl.DataFrame(
        rows,
        schema=keys | dict.fromkeys(names, pl.Boolean) | {"in_force_from": pl.Date},
        orient="row",
    )


def states():
    regions = ["europe" if c < 310 else "asia" for c in STATES]
    return pl.DataFrame({"ccode": STATES, "region": regions}, schema_overrides={"ccode": I16})


@pytest.fixture(scope="module")
def panel():
    rng = np.random.default_rng(4)
    rows = [
        (LEADER, c, s, vote_class, scale)
        for c in STATES
        for s in SESSIONS
        for vote_class in ("all", "unpopular")
        for scale in ("share", "logit")
        if rng.random() < 0.9
    ]
    keys = {
        "leader": I16,
        "ccode": I16,
        "session": I16,
        "vote_class": pl.String,
        "scale": pl.String,
    }
    frame = pl.DataFrame(rows, schema=keys, orient="row")
    frame = frame.with_columns(
        pl.Series("change_product", rng.normal(0.01, 0.02, len(frame))),
        pl.Series("weight", rng.uniform(5, 40, len(frame))),
        pl.lit(None, pl.String).alias("null_reason"),
    )
    return with_changed_status(frame, ally_tier(), leader=LEADER, tier="core")


@pytest.fixture(scope="module")
def with_waves(panel):
    return with_cluster(panel.join(states(), on="ccode"), ally_tier(), leader=LEADER)


def test_states_of_one_day_are_one_cluster_and_others_their_own(with_waves):
    of_state = dict(with_waves.select("ccode", "cluster").unique().iter_rows())
    assert of_state[20] == of_state[200] == "1980-04-01"
    assert of_state[300] == "state 300"


FORMULA = {
    "two_way": "ccode + session",
    "unweighted": "ccode + session",
    "state_era": "ccode^era + session",
    "region_session": "ccode + region^session",
    "session_only": "session",
}


@pytest.mark.parametrize("design", FORMULA)
def test_the_effect_of_being_an_ally_is_that_of_pyfixest(with_waves, design):
    rows = cell_rows(with_waves, ally_tier(), Cell(design=design), leader=LEADER)
    frame = rows.with_columns(
        ally=pl.col("is_ally").cast(pl.Float64), era=pl.col("session") > 45
    ).to_pandas()
    weights = None if design == "unweighted" else "weight"
    text = f"change_product ~ ally | {FORMULA[design]}"
    fit = pf.feols(text, frame, vcov={"CRV1": "cluster"}, weights=weights)
    found = co_movement(rows, design)
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["ally"], abs=1e-9)
    assert found.std_error == pytest.approx(fit.se()["ally"], rel=1e-6)


def test_samples_leave_out_what_they_say(with_waves):
    def rows_in(sample, tier="core"):
        return cell_rows(with_waves, ally_tier(), Cell(sample=sample, tier=tier), leader=LEADER)

    unchanged, every = rows_in("unchanged"), rows_in("changed_too")
    entered = every.join(unchanged, on=["ccode", "session"], how="anti")
    assert {(c, s + 1945) for c, s in entered.select("ccode", "session").iter_rows()} <= set(
        ENTRY.items()
    )
    assert entered.height >= 3
    years = set((rows_in("without_1989_1992")["session"] + 1945).to_list())
    assert not years & {1989, 1990, 1991, 1992}
    assert {1988, 1993} <= years
    assert rows_in("from_1991")["session"].min() == 46
    assert rows_in("unchanged", "atop")["session"].max() == 59  # known to 2004


def test_the_bound_is_a_quarter_of_the_mean_of_others(with_waves):
    rows = cell_rows(with_waves, ally_tier(), Cell(), leader=LEADER)
    others = rows.filter(~pl.col("is_ally"))
    mean = np.average(others["change_product"], weights=others["weight"])
    found = described(rows, co_movement(rows))
    assert found["mean_others"] == pytest.approx(mean, abs=1e-9)
    assert found["equivalence_bound"] == pytest.approx(mean / 4, abs=1e-9)
    assert found["n_switchers"] == 5
    assert found["n_states"] == len(STATES)
    below = rows.with_columns(pl.col("change_product") - 1)
    assert described(below, None)["equivalence_bound"] is None
    assert described(below, None)["null_reason"] == "no_variation"


def neighbours():
    """Pairs of states with consecutive codes, contiguous from 1950 on."""
    rows = [(a, b, date(1950, 1, 1), date(2016, 12, 31)) for a, b in pairwise(STATES)]
    rows.append((LEADER, 20, date(1920, 1, 1), date(2016, 12, 31)))
    schema = {"ccode1": I16, "ccode2": I16, "valid_from": pl.Date, "valid_to": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def some_disputes():
    rng = np.random.default_rng(9)
    rows = [(a, b, y) for a, b in pairwise(STATES) for y in range(1950, 2011) if rng.random() < 0.1]
    rows.append(rows[0])  # two disputes of one pair in one year
    return pl.DataFrame(rows, schema=dict.fromkeys(["ccode1", "ccode2", "year"], I16), orient="row")


@pytest.fixture(scope="module")
def dyads():
    return dyad_years(
        contiguity=neighbours(),
        disputes=some_disputes(),
        ally_tier=ally_tier(),
        leader=LEADER,
        last_year=2009,
    )


def test_dyads_are_neighbours_without_the_leader_to_the_last_year(dyads):
    assert dyads["year"].min() == 1950
    assert dyads["year"].max() == 2009
    assert dyads.height == 29 * 60
    assert LEADER not in dyads["ccode1"].to_list()
    first = dyads.filter(pl.col("ccode1") == 200, pl.col("ccode2") == 220)
    by_year = dict(first.select("year", "n_clients").iter_rows())
    assert [by_year[y] for y in (1979, 1980, 1984, 1985)] == [0, 1, 1, 2]
    assert set(first["cluster"]) == {"1985-04-01"}
    mixed = dyads.filter(pl.col("ccode1") == 235)
    assert set(mixed["cluster"]) == {"dyad 235-300"}


def test_the_effect_of_both_being_clients_is_that_of_pyfixest(dyads):
    frame = dyads.with_columns(
        both=(pl.col("n_clients") == 2).cast(pl.Float64),
        one=(pl.col("n_clients") == 1).cast(pl.Float64),
        y=pl.col("is_disputed").cast(pl.Float64),
    ).to_pandas()
    fit = pf.feols("y ~ both + one | ccode1^ccode2 + year", frame, vcov={"CRV1": "cluster"})
    found = dispute_effect(dyads)
    assert found is not None
    assert found.estimate == pytest.approx(fit.coef()["both"], abs=1e-9)
    assert found.std_error == pytest.approx(fit.se()["both"], rel=1e-6)


def hierarchy():
    rows = [(LEADER, c, y, 0.5, 0.01, c == 20) for c in STATES for y in range(1970, 2005)]
    names = dict.fromkeys(["ccode_from", "ccode_to", "year"], I16)
    indices = dict.fromkeys(["independence_index_without_eu", "troops_per_capita"], pl.Float64)
    schema = {**names, **indices, "is_occupation_or_war": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def network(tier=None):
    outcome = build_client_network(
        ally_tier=ally_tier() if tier is None else tier,
        states=states(),
        security_hierarchy=hierarchy(),
    )
    return outcome.tables["metrics.client_network"]


def test_clients_are_counted_by_year():
    found = {row["year"]: row for row in network().to_dicts()}
    assert [found[y]["n_clients"] for y in (1979, 1980, 1985, 1999, 2009)] == [0, 2, 3, 4, 5]
    assert found[1980]["n_clients_entered"] == 2
    assert found[1981]["n_clients_entered"] == 0
    assert found[1979]["independence_index_without_eu"] is None
    assert found[1980]["independence_index_without_eu"] == 0.5
    assert found[1980]["n_troops_known"] == 1  # 20's troops are there to fight
    assert found[2009]["n_independence_known"] == 0


def test_who_leaves_is_counted_once_and_who_ceases_to_exist_is_not():
    tier = ally_tier().with_columns(
        (pl.col("tier_core") & ~((pl.col("ccode") == 20) & (pl.col("year") >= 1990))).alias(
            "tier_core"
        )
    )
    tier = tier.filter(~((pl.col("ccode") == 200) & (pl.col("year") >= 1995)))
    found = {row["year"]: row for row in network(tier).to_dicts()}
    assert found[1990]["n_clients_left"] == 1
    assert found[1995]["n_clients_left"] == 0
    assert sum(row["n_clients_left"] for row in found.values()) == 1


@pytest.fixture(scope="module")
def built(panel):
    return build_predictability(
        vote_predictability=panel,
        client_network=network(),
        ally_tier=ally_tier(),
        states=states(),
        contiguity=neighbours(),
        disputes=some_disputes(),
        coverage={"disputes": Coverage(date(1816, 1, 1), date(2009, 12, 31))},
    ).tables


def test_every_cell_has_a_row_and_effects_have_scores(built):
    assert set(built) == {"metrics.predictability", "metrics.predictability_score"}
    table, scores = built[TABLE], built[SCORE_TABLE]
    assert table.height == len(CELLS) + 1 + 4 + 1
    assert set(scores["outcome"]) == {"co_movement", "client_disputes"}
    key = ["outcome", "tier", "vote_class", "scale", "design", "sample"]
    counts = scores.group_by(key).len().join(table, on=key)
    assert (counts["len"] == counts["n_clusters"]).all()


def test_exits_have_the_exact_interval_of_a_poisson_rate(built):
    (rate,) = built[TABLE].filter(pl.col("outcome") == "exit_rate").to_dicts()
    years = network()["n_clients"].sum()
    assert rate["estimate"] == 0
    assert rate["ci_low"] == 0
    assert rate["ci_high"] == pytest.approx(-math.log(0.025) / years, abs=1e-8)  # of no events


def test_trends_are_per_decade(built):
    (trend,) = built[TABLE].filter(pl.col("outcome") == "n_clients").to_dicts()
    series = network().sort("year")
    slope = np.polyfit(series["year"], series["n_clients"], 1)[0]
    assert trend["estimate"] == pytest.approx(10 * slope)
    (flat,) = built[TABLE].filter(pl.col("outcome") == "troops_per_capita").to_dicts()
    assert flat["null_reason"] == "no_variation"
