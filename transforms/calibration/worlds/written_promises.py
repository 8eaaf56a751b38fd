"""Worlds for C3, edition 2 (`metrics.written_balance`): drawn promises in the real phases.

Reads `metrics.obligation_balance` (which phases of which alliances there were, and who led them)
and `metrics.capability_asymmetry` (how unequal they were). Of each item both sides promise it, none
does, or they differ, with probabilities that are about the shares of the phases (`ITEM_SHARES`).
Where they differ on defence or offence, the leader is the one bound with a probability of ½ +
`size`; partners of one phase are bound alike. Leaders have styles: whether the sides differ, and
which of them is bound, resembles in all treaties of one leader (standard deviations of 1 on the
probit scale).

* absent: the leader is bound as often as the partners;
* confounded, `one wording`: so it is, but all phases of a leader have the wording of one treaty;
* confounded, `politics`: the leader is bound more often (by .4) and, as often as the sides differ
  on defence, the partners owe diplomatic support in writing: what they supply is not unwritten;
* present: the leader is bound more often, and diplomatic support is even.

Truth: 2·`size` times the probability that the sides differ on defence.
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
from transforms.contingency_tables import Floats
from transforms.metrics.alliances.written_balance import (
    CELL,
    asymmetric_phases,
    build_written_balance,
    mean_of_phases,
)
from transforms.metrics.claims.asymmetry_trend import AT_LEAST
from transforms.metrics.claims.cell_tables import estimates_frame, score_rows, scores_frame
from transforms.metrics.claims.leaders import LEADERS

ITEM_SHARES = {  # both promise, the sides differ
    "defense": (0.85, 0.14),
    "offense": (0.22, 0.01),
    "consul": (0.53, 0.0),
    "terrres": (0.05, 0.26),
    "dipaid": (0.04, 0.0),
    "pol": (0.11, 0.02),
}
HARD = ("defense", "offense")
OF_PARTNERS = ("terrres", "dipaid", "pol")
STYLE_SD = 1.0
ONE_WORDING, POLITICS = "one wording", "politics"
BOUND_IN_POLITICS = 0.4
RATIO = 3
PRIMARY_CELL = {
    "leader": LEADERS[0], "sample": "all", "statistic": "balance", "item": "defense", "q": RATIO,
    "formed": "all",
}  # fmt: skip


@dataclass(frozen=True)
class Phases:
    """The real phases.

    Attributes:
        rows: atopid, phase, leader_ccode, leader_year, n_partners: one row per phase.
        leader: Place of the leader of each.
        capability_asymmetry: `metrics.capability_asymmetry`, CINC; None for the primary alone.
    """

    rows: pl.DataFrame
    leader: Values
    capability_asymmetry: pl.DataFrame | None


def phases(real: Tables, *, whole: bool) -> Phases:
    """What the worlds are drawn on.

    Args:
        real: The published tables.
        whole: Whether all estimates are made, or the primary alone.
    """
    by_cinc = real["capability_asymmetry"].filter(pl.col("variable") == "cinc")
    found = asymmetric_phases(real["obligation_balance"], by_cinc).filter(pl.col("item") == HARD[0])
    if not whole:
        found = found.filter(pl.col("ratio") >= RATIO * AT_LEAST)
    kept = ["atopid", "phase", "leader_ccode", "leader_year", "n_partners"]
    rows = found.select(kept).sort("atopid", "phase")
    leader = np.unique(rows["leader_ccode"].to_numpy(), return_inverse=True)[1]
    return Phases(rows, leader, by_cinc if whole else None)


def make_written(scenario: Scenario, rng: np.random.Generator, on: Phases) -> Tables:
    """A world for C3."""
    promises = {item: _promises(item, scenario, rng, on.leader) for item in ITEM_SHARES}
    if on.capability_asymmetry is None:
        leader, partners = promises["defense"]
        codes = on.rows["leader_ccode"].cast(pl.Int64).to_numpy()
        found, scores = mean_of_phases(leader - partners, codes)
        names = [f"leader {code}" for code in np.unique(codes)] if scores is not None else []
        of_leader = score_rows(PRIMARY_CELL, names, scores) if scores is not None else []
        return {
            "written_balance": estimates_frame([{**PRIMARY_CELL, **found}], CELL),
            "written_balance_score": scores_frame(of_leader, CELL),
        }
    hard = [np.maximum(*(promises[item][side] for item in HARD)) for side in (0, 1)]
    balance = pl.concat(
        _rows(on, item, leader, partners)
        for item, (leader, partners) in {**promises, "hard": tuple(hard)}.items()
    )
    made = build_written_balance(
        obligation_balance=balance, capability_asymmetry=on.capability_asymmetry
    )
    return {name.partition(".")[2]: rows for name, rows in made.tables.items()}


def _promises(
    item: str, scenario: Scenario, rng: np.random.Generator, leader: Values
) -> tuple[Floats, Floats]:
    """Whether the leader, and whether the partners, promise an item: 0 or 1 per phase."""
    both, differ = ITEM_SHARES[item]
    leader_bound = 0.5 + scenario.size * (item in HARD)
    if scenario.variant == POLITICS:
        if item == "dipaid":
            differ = ITEM_SHARES["defense"][1]
        leader_bound += BOUND_IN_POLITICS * (item in HARD)
    if item in OF_PARTNERS:
        leader_bound = 0.0
    n_leaders = int(leader.max()) + 1
    styles = rng.normal(0.0, STYLE_SD, (2, n_leaders))
    drawn = rng.normal(0.0, 1.0, (3, len(leader)))
    if scenario.variant == ONE_WORDING:
        drawn = drawn[:, np.unique(leader, return_index=True)[1]][:, leader]
    differs, is_leader = (
        _style(share, styles[k], leader) > drawn[k]
        for k, share in enumerate((differ, leader_bound))
    )
    is_common = drawn[2] < stats.norm.ppf(both / max(1 - differ, both))
    return tuple(
        np.where(differs, side, is_common).astype(np.float64) for side in (is_leader, ~is_leader)
    )


def _style(share: float, style: Floats, leader: Values) -> Floats:
    """Probit of a share that is the mean over leaders of different styles."""
    return np.asarray(stats.norm.ppf(share) * np.sqrt(1 + STYLE_SD**2) + style[leader])


def _rows(on: Phases, item: str, leader: Floats, partners: Floats) -> pl.DataFrame:
    sign = -1.0 if item in OF_PARTNERS else 1.0
    return on.rows.with_columns(
        pl.lit(item).alias("item"),
        pl.Series("leader_value", leader),
        pl.Series("partner_mean", partners),
        pl.Series("balance", sign * (leader - partners)),
        pl.lit(None, pl.String).alias("null_reason"),
    )


def truths_of_written(scenario: Scenario, _: Phases) -> Mapping[str, Mapping[str, float]]:
    """The mean over phases that the probabilities give."""
    size = BOUND_IN_POLITICS if scenario.variant == POLITICS else scenario.size
    return {"C3": {PRIMARY: 2 * size * ITEM_SHARES["defense"][1]}}


FAMILIES = tuple(
    Family(
        name,
        ("C3",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED, variant=ONE_WORDING),
            Scenario(CONFOUNDED, variant=POLITICS),
            *present(0.2, 0.35, 0.5),
        ),
        make_written,
        truths_of_written,
        "probability above one half that the leader is bound, where the sides differ",
        part=part,
        edition=2,
        reads=("metrics.obligation_balance", "metrics.capability_asymmetry"),
        basis=partial(phases, whole=whole),
        is_primary_only=not whole,
    )
    for name, part, whole in (("written_primary", 1.0, False), ("written", 0.25, True))
)
