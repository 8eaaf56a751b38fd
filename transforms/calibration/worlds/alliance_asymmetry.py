"""Worlds for C1a, edition 2 (`metrics.asymmetric_rise`): drawn ratios of the real alliances.

Reads `metrics.capability_asymmetry`, `core.alliance_members`, `core.obligations`,
`core.capabilities` and `core.gdp` for the real units of five kinds: which alliances there were in
which year, who led them, and for how long. The generating model of the log ratio of a unit is the
sum of a mean, a lasting part of its leader, of its alliance and of its pair of states, and of an
error of the variable (spending, personnel); all are normal. The spreads are of the size that CINC
shows: alliances of one leader resemble each other about as much as its ratios differ. `size` is
added after 1945.

* absent: ratios have the same law in both periods;
* confounded, `one leader`: so they have, but for the United States, whose own alliances became
  asymmetric because it grew: one leader of sixty;
* confounded, `lasting`: after 1945 asymmetric alliances last longer than others, so that
  alliance-years, but not alliances, become asymmetric;
* present: ratios of all leaders rise.

Truth: the difference of the log odds that the law has. With a confounder it is that of the law
without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from scipy import stats

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
from transforms.metrics.asymmetry.asymmetric_rise import CELL, VARIABLES, cells_of, measured_units
from transforms.metrics.asymmetry.asymmetry_units import UNITS
from transforms.metrics.claims.cell_tables import estimates_frame, of_all_alliances, scores_frame
from transforms.metrics.claims.leaders import LEADERS

MEAN, LEADER_SD, ALLIANCE_SD, PAIR_SD, ERROR_SD = 1.1, 1.0, 1.1, 1.0, 0.5
LAST_BEFORE = 1945
ONE_LEADER, LASTING = "one leader", "lasting"
GROWTH = 2.0  # of the log ratios of one leader
LASTING_SLOPE = 1.0  # of the log ratio, per standard deviation of the log of years in force
RATIO = 3


@dataclass(frozen=True)
class Alliances:
    """The real units, and to what each belongs.

    Attributes:
        units: Measured units with their leaders, of those kinds and variables that are estimated.
        blocks: Kind of unit and variable, first row and one more than the last.
        leader: Place of the leader of each row.
        alliance: Place of its alliance.
        pair: Place of its states in its alliance.
        kind: Place of alliance and variable.
        is_later: Whether it lies after 1945.
        is_hegemon: Whether the United States leads.
        duration: Log years in force of its alliance, standardised.
    """

    units: pl.DataFrame
    blocks: tuple[tuple[str, str, int, int], ...]
    leader: Values
    alliance: Values
    pair: Values
    kind: Values
    is_later: Values
    is_hegemon: Values
    duration: Values


def alliances(real: Tables, blocks: tuple[tuple[str, str], ...]) -> Alliances:
    """What the worlds are drawn on.

    Args:
        real: The published tables.
        blocks: Kinds of unit and variables that are estimated.
    """
    led = measured_units(**real)
    parts = [led.filter(pl.col("unit") == unit, pl.col("variable") == v) for unit, v in blocks]
    ends = np.cumsum([0, *(part.height for part in parts)]).tolist()
    units = pl.concat(parts)
    years = units.filter(pl.col("unit") == "alliance_year").group_by("atopid").agg(
        pl.col("year").n_unique().log().alias("duration")
    )  # fmt: skip
    joined = units.join(years, on="atopid", how="left", maintain_order="left")
    duration = joined["duration"].fill_null(strategy="mean").to_numpy()
    return Alliances(
        units=units,
        blocks=tuple((*b, ends[k], ends[k + 1]) for k, b in enumerate(blocks)),
        leader=_place(units, "leader"),
        alliance=_place(units, "atopid"),
        pair=_place(units, "atopid", "key1", "key2"),
        kind=_place(units, "atopid", "variable"),
        is_later=(units["year"] > LAST_BEFORE).to_numpy(),
        is_hegemon=(units["leader"] == LEADERS[0]).to_numpy(),
        duration=(duration - duration.mean()) / duration.std(),
    )


def _place(rows: pl.DataFrame, *columns: str) -> Values:
    ranks = rows.select(pl.struct(columns).rank("dense").alias("k"))["k"]
    return (ranks - 1).cast(pl.Int64).to_numpy()


def make_ratios(scenario: Scenario, rng: np.random.Generator, on: Alliances) -> Tables:
    """A world for C1a."""
    log_ratio = MEAN + sum(
        rng.normal(0.0, spread, int(place.max()) + 1)[place]
        for spread, place in (
            *((LEADER_SD, on.leader), (ALLIANCE_SD, on.alliance)),
            *((PAIR_SD, on.pair), (ERROR_SD, on.kind)),
        )
    )
    log_ratio = log_ratio + scenario.size * on.is_later
    if scenario.variant == ONE_LEADER:
        log_ratio = log_ratio + GROWTH * (on.is_later & on.is_hegemon)
    if scenario.variant == LASTING:
        log_ratio = log_ratio + LASTING_SLOPE * on.is_later * on.duration
    drawn = on.units.with_columns(pl.Series("ratio", np.exp(log_ratio)))
    estimates, scores = [], []
    for unit, variable, first, last in on.blocks:
        rows = drawn[first:last]
        for cell, found, of_leader in cells_of(rows, unit, variable):
            estimates.append({**cell, **found})
            scores += of_leader
    return {
        "asymmetric_rise": estimates_frame(of_all_alliances(estimates), CELL),
        "asymmetric_rise_score": scores_frame(of_all_alliances(scores), CELL),
    }


def truths_of_ratios(scenario: Scenario, _: Alliances) -> Mapping[str, Mapping[str, float]]:
    """Log odds after 1945 minus before."""
    spread = float(np.sqrt(LEADER_SD**2 + ALLIANCE_SD**2 + PAIR_SD**2 + ERROR_SD**2))
    later, before = (
        stats.norm.sf((np.log(RATIO) - MEAN - effect) / spread) for effect in (scenario.size, 0.0)
    )
    odds_ratio = later / (1 - later) * (1 - before) / before
    return {"C1a": {PRIMARY: float(np.log(odds_ratio))}}


READS = tuple(
    ["metrics.capability_asymmetry"]
    + [f"core.{name}" for name in ("alliance_members", "obligations", "capabilities", "gdp")]
)
FAMILIES = tuple(
    Family(
        name,
        ("C1a",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED, variant=ONE_LEADER),
            Scenario(CONFOUNDED, variant=LASTING),
            *present(0.5, 1.0, 2.0),
        ),
        make_ratios,
        truths_of_ratios,
        "log ratio after 1945 above that before",
        part=part,
        edition=2,
        reads=READS,
        basis=partial(alliances, blocks=blocks),
        is_primary_only=len(blocks) == 1,
    )
    for name, part, blocks in (
        ("ratios_primary", 1.0, (("alliance_year", "cinc"),)),
        ("ratios", 0.25, tuple((unit, v) for unit in UNITS for v in VARIABLES)),
    )
)
