"""Worlds for C10, edition 2 (`metrics.support_returns`): goods that follow support, or do not.

The gaps of agreement are the real ones (`metrics.legitimation_gap`), and so are the states and
years with troops, projects and bases and the level of each state. What is drawn is how troops move:
the logarithm of their expectation is the state's level + a shock of the year + a deviation that
fades (autocorrelation .85, and less the more troops there are), so that they come home slowly; the
number is Poisson. Construction and bases are drawn alike. `size` is the sum of what ten points of
the gap add in each of the five years after.

* absent: goods do not follow support;
* confounded, `common cause`: nor do they, but what a state faces (autocorrelation .95) brings
  troops (.5 log points per standard deviation) and support (.04) at once;
* confounded, `goods first`: support follows troops, .02 per log point of the year before;
* present: goods follow.

Truth: `size`.
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
from transforms.calibration.worlds.alliance_gaps import LEADER
from transforms.calibration.worlds.partner_preponderance import fading
from transforms.contingency_tables import Floats
from transforms.metrics.exchange.estimate_rows import SCORE, SCORE_KEY, score_rows, table_of
from transforms.metrics.exchange.lagged_sums import (
    LAGS,
    POINTS,
    Cell,
    base_effect,
    cell_rows,
    sum_of_lags,
)
from transforms.metrics.exchange.security_goods import bases_of, construction_of, troops_of
from transforms.metrics.exchange.support_returns import CELLS, KEY, MIN_STATES, VALUES, described
from transforms.rollcall_matrix import SESSION_OFFSET

DEVIATION_SD, PER_LOG, LEAST_SD = 1.2, 0.07, 0.2  # less for each log point of the level
PERSISTENCE, YEAR_SD = 0.85, 0.2
FACED_PERSISTENCE, FACED_GOODS, FACED_SUPPORT = 0.95, 0.5, 0.04
RETURNED_SUPPORT = 0.02
COMMON_CAUSE, GOODS_FIRST = "common cause", "goods first"
YEAR_OF_BASES = 2018


@dataclass(frozen=True)
class Good:
    """Rows of one good, with the places of their states and years, and logs of states' means."""

    rows: pl.DataFrame
    state: Values
    year: Values
    level: Floats


@dataclass(frozen=True)
class Exchange:
    """What the worlds are drawn on.

    Attributes:
        gaps: `metrics.legitimation_gap`, popular control votes.
        support: Gap less the state's mean, states × years from the first; 0 where there is none.
        state: Place of the state of each row of gaps.
        year: Place of its year.
        spread: Of the deviations of troops, by state.
        goods: Name to rows.
        bases: Allies with their bases and gaps.
        ally_tier: `marts.ally_tier`.
        cells: What is estimated.
    """

    gaps: pl.DataFrame
    support: Floats
    state: Values
    year: Values
    spread: Floats
    goods: dict[str, Good]
    bases: pl.DataFrame
    ally_tier: pl.DataFrame
    cells: tuple[Cell, ...]


def exchange(real: Tables, *, cells: tuple[Cell, ...]) -> Exchange:
    """Arranges the published tables.

    Args:
        real: The tables and lists.
        cells: What is estimated.
    """
    gaps = real["legitimation_gap"].filter(
        pl.col("leader") == LEADER,
        pl.col("vote_subset") == "all",
        pl.col("control_class") == "popular",
    )
    frames = troops_of(
        real["us_troops"], real["capabilities"], real["wartime_deployments"], leader=LEADER
    )
    frames["construction"] = construction_of(real["us_construction"], leader=LEADER)
    voted = gaps.select("ccode", year=pl.col("session") + SESSION_OFFSET)
    keys = pl.concat([voted, *(rows.select("ccode", "year") for rows in frames.values())])
    ccodes = keys["ccode"].unique().sort()
    years = keys["year"].to_numpy()
    first, last = int(years.min()), int(years.max())
    state, year = ccodes.search_sorted(gaps["ccode"]).to_numpy(), voted["year"].to_numpy() - first
    support = np.zeros((len(ccodes), last - first + 1))
    centred = pl.col("gap") - pl.col("gap").mean().over("ccode")
    support[state, year] = gaps.select(centred.fill_null(0.0).alias("s"))["s"].to_numpy()
    found = {name: _good(rows, ccodes, first) for name, rows in frames.items()}
    level = np.zeros(len(ccodes))
    level[found["troops"].state] = found["troops"].level
    return Exchange(
        gaps=gaps,
        support=support,
        state=state,
        year=year,
        spread=np.maximum(DEVIATION_SD - PER_LOG * level, LEAST_SD),
        goods=found,
        bases=bases_of(
            real["us_bases"], gaps, real["ally_tier"], leader=LEADER, year=YEAR_OF_BASES
        ),
        ally_tier=real["ally_tier"],
        cells=cells,
    )


def _good(rows: pl.DataFrame, ccodes: pl.Series, first: int) -> Good:
    mean = rows.select(pl.col("good").mean().over("ccode").log1p().alias("level"))["level"]
    return Good(
        rows=rows,
        state=np.searchsorted(ccodes.to_numpy(), rows["ccode"].to_numpy()),
        year=rows["year"].to_numpy().astype(np.int64) - first,
        level=mean.to_numpy(),
    )


def make_goods(scenario: Scenario, rng: np.random.Generator, on: Exchange) -> Tables:
    """A world for C10."""
    shape = on.support.shape
    moved, faced = (fading(rng, shape, p) for p in (PERSISTENCE, FACED_PERSISTENCE))
    shocks = rng.normal(0.0, YEAR_SD, (2, shape[1]))
    lagged = sum(_later(on.support, lag) for lag in LAGS) / (POINTS * len(LAGS))
    added = scenario.size * lagged + FACED_GOODS * faced * (scenario.variant == COMMON_CAUSE)
    log_troops = on.spread[:, None] * moved + shocks[0] + added
    log_building = fading(rng, shape, PERSISTENCE) + shocks[1] + added
    returned = np.zeros(shape)
    if scenario.variant == COMMON_CAUSE:
        returned = FACED_SUPPORT * faced
    if scenario.variant == GOODS_FIRST:
        returned = RETURNED_SUPPORT * _later(log_troops, 1)
    gaps = on.gaps.with_columns(pl.col("gap") + pl.Series(returned[on.state, on.year]))
    troops = _drawn(on.goods["troops"], log_troops, rng)
    goods = {
        "troops": troops,
        "troops_per_capita": _per_head(on.goods, troops),
        "construction": _drawn(on.goods["construction"], log_building, rng),
    }
    own = rng.normal(1.0, 1.0, on.bases.height)
    expected = np.exp(own + scenario.size * on.bases["gap"].to_numpy() / POINTS)
    bases = on.bases.with_columns(pl.Series("good", rng.poisson(expected).astype(np.float64)))
    rows, scores = [], []
    for cell in on.cells:
        if cell.good == "bases":
            chosen, effect = bases, base_effect(bases)
        else:
            chosen = cell_rows(gaps, goods[cell.good], on.ally_tier, cell, leader=LEADER)
            effect = sum_of_lags(chosen, cell)
        effect = effect if chosen["ccode"].n_unique() >= MIN_STATES else None
        key = {"leader": LEADER, **vars(cell)}
        rows.append({**key, **described(chosen, cell, effect)})
        if cell.design != "half_panel_jackknife":
            scores += score_rows(key, effect)
    return {
        "support_returns": table_of(rows, KEY, VALUES),
        "support_returns_score": table_of(scores, {**KEY, **SCORE_KEY}, SCORE),
    }


def _later(values: Floats, lag: int) -> Floats:
    """States × years, moved to later years; 0 before."""
    moved = np.zeros(values.shape)
    moved[:, lag:] = values[:, :-lag]
    return moved


def _drawn(good: Good, deviation: Floats, rng: np.random.Generator) -> pl.DataFrame:
    expected = np.expm1(good.level) * np.exp(deviation[good.state, good.year])
    return good.rows.with_columns(pl.Series("good", rng.poisson(expected).astype(np.float64)))


def _per_head(goods: dict[str, Good], troops: pl.DataFrame) -> pl.DataFrame:
    """Drawn troops per head: what the real ones are, times drawn by real."""
    key = ("ccode", "year")
    real = goods["troops"].rows.select(*key, was="good")
    drawn = troops.select(*key, now="good").join(real, on=key, how="inner", validate="1:1")
    share = pl.when(pl.col("was") > 0).then(pl.col("now") / pl.col("was")).otherwise(0.0)
    return (
        goods["troops_per_capita"]
        .rows.join(drawn.select(*key, share.alias("times")), on=key, how="inner", validate="1:1")
        .with_columns(pl.col("good") * pl.col("times"))
        .drop("times")
    )


def truths_of_goods(scenario: Scenario, _: Exchange) -> Mapping[str, Mapping[str, float]]:
    """The sum over five years."""
    return {"C10": {PRIMARY: scenario.size}}


FAMILIES = tuple(
    Family(
        name,
        ("C10",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED, variant=COMMON_CAUSE),
            Scenario(CONFOUNDED, variant=GOODS_FIRST),
            *present(0.1, 0.2, 0.4),
        ),
        make_goods,
        truths_of_goods,
        "log points of goods per ten points of the gap in five years",
        part=part,
        edition=2,
        reads=(
            *("metrics.legitimation_gap", "marts.ally_tier", "core.us_troops"),
            *("core.capabilities", "core.us_construction", "core.us_bases"),
        ),
        references=("wartime_deployments",),
        basis=partial(exchange, cells=cells),
        is_primary_only=len(cells) == 1,
    )
    for name, part, cells in (
        ("goods_for_support_primary", 1.0, (Cell(),)),
        ("goods_for_support", 0.2, CELLS),
    )
)
