"""Worlds for C8, edition 2 (`metrics.predictability`): changes of agreement on the real calendar.

Reads `metrics.vote_predictability` (who voted how often in which session, and was an ally),
`marts.ally_tier` and `core.states`. What a state changes between two sessions
is drawn: mostly small, but a state, or all that joined on one day, turns at times (in 7 % of the
sessions, four times as far); states and sessions differ in how much they move. Both halves of the
roll calls have the same change and errors of their own, by their number of votes. Votes of the
class `unpopular`, and logits, show the same changes on their own scales.

* absent: allies move as much as others;
* confounded: so they do, but every state that became an ally turned in each session from 1989 to
  1992 in which it was none (the end of communist rule): the time before joining is restless;
* present: an ally's changes have 1 − `size` times the variance.

Truth: −`size` times the mean variance. Disputes between clients are not drawn, so that falsifier
says nothing: with it support is at most as frequent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.contingency_tables import Floats
from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.exchange.allies import with_cluster
from transforms.metrics.exchange.co_movement import (
    CELLS,
    END_OF_COLD_WAR,
    Cell,
    cell_rows,
    co_movement,
    described,
)
from transforms.metrics.exchange.estimate_rows import SCORE, SCORE_KEY, score_rows, table_of
from transforms.metrics.exchange.predictability import KEY, VALUES
from transforms.rollcall_matrix import SESSION_OFFSET

LEADER = PAPER_LEADER
SMALL_SD, TURN_SD, TURNS = 0.026, 0.1, 0.07
VARIANCE = SMALL_SD**2 + TURNS * TURN_SD**2
STATES_SD, SESSIONS_SD = 0.5, 0.5  # of log variances
VOTE_SD = 0.22  # of one vote around its share, less what like resolutions have in common
SCALE_OF = {("all", "share"): 1.0, ("unpopular", "share"): 1.2, ("all", "logit"): 5.0,
            ("unpopular", "logit"): 7.0}  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """Who voted in which session.

    Attributes:
        panel: Measured rows of `metrics.vote_predictability`, with region and cluster.
        rows_of: Cell to the places of its rows in the panel.
        pair: Place of each row's state and session among those of `state_of`.
        state_of: Place of the state of each pair.
        session_of: Place of its session.
        cluster_of: Place of its cluster and session among all of these.
        is_ally: Whether it was an ally.
        is_turning: Whether it was none from 1989 to 1992, but is one at some time.
        group: Place of each row's session, class and scale.
        scale: Size of a change on the row's scale.
        error: Standard deviation of the errors of both halves, rows × 2.
    """

    panel: pl.DataFrame
    rows_of: Mapping[Cell, Values]
    pair: Values
    state_of: Values
    session_of: Values
    cluster_of: Values
    is_ally: Values
    is_turning: Values
    group: Values
    scale: Floats
    error: Floats


def calendar(real: Tables, cells: tuple[Cell, ...]) -> Calendar:
    """What the worlds are drawn on.

    Args:
        real: The published tables.
        cells: The estimates that are made.
    """
    drawn = [(cell.vote_class, cell.scale) for cell in cells]
    regions = real["states"].select("ccode", "region").unique("ccode")
    known = real["vote_predictability"].filter(
        pl.col("leader") == LEADER,
        pl.col("null_reason").is_null(),
        pl.struct("vote_class", "scale").is_in(
            [{"vote_class": vote_class, "scale": scale} for vote_class, scale in drawn]
        ),
    )
    panel = (
        with_cluster(known, real["ally_tier"], leader=LEADER)
        .join(regions, on="ccode", how="left", validate="m:1")
        .sort("ccode", "session", "vote_class", "scale")
        .with_row_index("place")
    )
    places = {
        cell: cell_rows(panel, real["ally_tier"], cell, leader=LEADER)["place"].to_numpy()
        for cell in cells
    }
    pairs = panel.unique(["ccode", "session"], keep="first", maintain_order=True)
    ever = pl.col("is_ally").fill_null(False).any().over("ccode")
    at_the_turn = (pl.col("session") + SESSION_OFFSET).is_between(*END_OF_COLD_WAR)
    scales = [SCALE_OF[pair] for pair in panel.select("vote_class", "scale").iter_rows()]
    errors = [
        np.sqrt(1 / panel[f"n_{k}"].to_numpy() + 1 / panel[f"n_before_{k}"].to_numpy())
        for k in (0, 1)
    ]
    return Calendar(
        panel=panel,
        rows_of=places,
        pair=_place(panel, "ccode", "session"),
        state_of=_place(pairs, "ccode"),
        session_of=_place(pairs, "session"),
        cluster_of=_place(pairs, "cluster", "session"),
        is_ally=pairs["is_ally"].fill_null(False).to_numpy(),
        is_turning=pairs.select((ever & at_the_turn & ~pl.col("is_ally")).alias("t"))["t"]
        .fill_null(False)
        .to_numpy(),
        group=_place(panel, "session", "vote_class", "scale"),
        scale=np.array(scales),
        error=np.stack(errors, axis=1) * VOTE_SD * np.array(scales)[:, None],
    )


def _place(rows: pl.DataFrame, *columns: str) -> Values:
    """Place of each row's values among all values of the columns, in their order."""
    ranks = rows.select(pl.struct(columns).rank("dense").alias("k"))["k"]
    return (ranks - 1).cast(pl.Int64).to_numpy()


def make_changes(scenario: Scenario, rng: np.random.Generator, on: Calendar) -> Tables:
    """A world for C8."""
    change = _signal(scenario, rng, on)[on.pair] * on.scale
    halves = change[:, None] + rng.normal(0.0, 1.0, on.error.shape) * on.error
    weight = on.panel["weight"].to_numpy()
    total = np.bincount(on.group, weight)
    means = [np.bincount(on.group, weight * half) / total for half in halves.T]
    own = halves - np.stack(means, axis=1)[on.group]
    product = own[:, 0] * own[:, 1]
    panel = on.panel.with_columns(pl.Series("change_product", product))
    rows, scores = [], []
    for cell, places in on.rows_of.items():
        chosen = panel[places]
        effect = co_movement(chosen, cell.design)
        key = {"leader": LEADER, "outcome": "co_movement", **vars(cell)}
        rows.append({**key, **described(chosen, effect)})
        scores += score_rows(key, effect)
    return {
        "predictability": table_of(rows, KEY, VALUES),
        "predictability_score": table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
    }


def _signal(scenario: Scenario, rng: np.random.Generator, on: Calendar) -> Floats:
    """What each state changed since the session before."""
    n = len(on.state_of)
    turns = rng.random(n) < TURNS / 2
    turns |= (rng.random(int(on.cluster_of.max()) + 1) < TURNS / 2)[on.cluster_of]
    if scenario.kind == CONFOUNDED:
        turns |= on.is_turning
    states = _of_mean_one(rng, int(on.state_of.max()) + 1, STATES_SD)[on.state_of]
    sessions = _of_mean_one(rng, int(on.session_of.max()) + 1, SESSIONS_SD)[on.session_of]
    less = 1 - scenario.size * on.is_ally
    drawn = rng.normal(0.0, 1.0, (2, n)) * np.sqrt(states * sessions * less)
    return np.asarray(SMALL_SD * drawn[0] + TURN_SD * turns * drawn[1])


def _of_mean_one(rng: np.random.Generator, n: int, spread: float) -> Floats:
    return np.exp(rng.normal(-(spread**2) / 2, spread, n))


def truths_of_changes(scenario: Scenario, _: Calendar) -> Mapping[str, Mapping[str, float]]:
    """The difference of variances."""
    return {"C8": {PRIMARY: -scenario.size * VARIANCE}}


FAMILIES = tuple(
    Family(
        name,
        ("C8",),
        (Scenario(ABSENT), Scenario(CONFOUNDED), *present(0.25, 0.5, 1.0)),
        make_changes,
        truths_of_changes,
        "share of the variance that an ally's changes lack",
        part=part,
        edition=2,
        reads=(
            *("metrics.vote_predictability", "marts.ally_tier"),
            "core.states",
        ),
        basis=partial(calendar, cells=cells),
        is_primary_only=len(cells) == 1,
    )
    for name, part, cells in (
        ("steadiness_primary", 1.0, (Cell(),)),
        ("steadiness", 0.25, CELLS),
    )
)
