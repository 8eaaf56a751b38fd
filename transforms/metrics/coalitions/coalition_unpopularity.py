"""`metrics.coalition_unpopularity`, `metrics.coalition_effect`: is support owed when unpopular?

`coalition_effect`: for each coalition the log odds ratio of giving support, allies of the leader
against states that were neither allies nor aspirants (`firth_aspirant`) or against all others
(`firth_bivariate`), Firth's half unit added to each count. Support is a contingent in the operation
(the Gulf 1991, Kosovo 1999, Libya 2011), or a name on the list (Iraq 2003, ISIS 2014). A coalition
without a documented list has no estimate (unit_not_in_source).

`coalition_unpopularity`: the slope of these log odds ratios on the ranks of unpopularity in the
Security Council (`transforms/reference/coalition_unpopularity.yml`), least squares, each coalition
the same. p is exact: ranks are permuted among the coalitions, and p is the share of permutations
whose slope is at least as large in absolute value. The interval has the slopes that this test does
not reject; with five coalitions there are 120 permutations and p is .017 at the least, with four
the interval has no ends (n_below_min). Hardly any power, and the coalitions differ in much besides:
Kosovo and Libya were operations of NATO, in which others could hardly take part.

References: Firth 1993 (Biometrika 80: 27-38); Rosenbaum 2002 (Observational Studies, ch. 2) for
intervals from permutation tests.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from math import factorial

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.core.coalition_support import day
from transforms.inference.cluster_jackknife import Interval
from transforms.inference.firth_two_groups import firth_log_odds_ratio
from transforms.metrics.claims.cell_tables import DECIMALS, Row, estimate_row, estimates_frame
from transforms.metrics.coalitions.alliance_ties import TIERS, Ties
from transforms.metrics.coalitions.events import IRAQ_LIST, ISIS_LIST, UNITED_STATES, Event
from transforms.metrics.coalitions.samples import Population, Sample
from transforms.metrics.coalitions.specifications import why_not
from transforms.step_result import StepResult

TABLE, EFFECTS = "metrics.coalition_unpopularity", "metrics.coalition_effect"

CELL = {"tier": pl.String, "specification": pl.String}
EFFECT_CELL = {"coalition": pl.String, **CELL}
EFFECT_VALUES = {
    "unpopularity_rank": pl.Int16,
    "n_ally_support": pl.Int16,
    "n_ally_none": pl.Int16,
    "n_other_support": pl.Int16,
    "n_other_none": pl.Int16,
}
SPECIFICATIONS = ("firth_aspirant", "firth_bivariate")
LISTED = {IRAQ_LIST[0]: IRAQ_LIST, ISIS_LIST[0]: ISIS_LIST}
MIN_COALITIONS = 3
ALPHA = 0.05
ROUNDING = 1e-9
FARTHEST = 50.0
"""Log points per rank beyond which no end of the interval is searched."""
HALVINGS = 60


@dataclass(frozen=True)
class Operation:
    """One coalition.

    Attributes:
        name: Its code.
        began_on: Day on which states and ties are read.
        left_out: States on whose territory it was fought, and the leader.
        rank: Of its unpopularity, from 1.
        supporters: States that gave support; None without a documented list.
    """

    name: str
    began_on: date
    left_out: frozenset[int]
    rank: int
    supporters: frozenset[int] | None


def build_coalition_unpopularity(
    *,
    coalition_support: pl.DataFrame,
    states: pl.DataFrame,
    treaty_allies: pl.DataFrame,
    obligations: pl.DataFrame,
    ally_tier: pl.DataFrame,
    nato_aspirants: pl.DataFrame,
    coalition_operations: pl.DataFrame,
    coalition_unpopularity: pl.DataFrame,
) -> StepResult:
    """Estimates the effect of alliance in each coalition, and its slope on unpopularity.

    Args:
        coalition_support: `core.coalition_support`: the lists of Iraq and of ISIS.
        states: `core.states`.
        treaty_allies: `core.treaty_allies`.
        obligations: `core.obligations`.
        ally_tier: `marts.ally_tier`.
        nato_aspirants: Hand-coded: states that aspired to NATO.
        coalition_operations: Hand-coded: contingents, each with its document.
        coalition_unpopularity: Hand-coded: ranks, each with its document.

    Returns:
        Both tables. Nothing is lost.
    """
    operations = operations_of(coalition_support, coalition_operations, coalition_unpopularity)
    population = Population(states, Ties(treaty_allies, obligations, ally_tier, nato_aspirants))
    table = effects_frame(
        (tier, specification, operation, sample_of(population, operation, tier))
        for operation, tier, specification in product(operations, TIERS, SPECIFICATIONS)
    )
    slopes = [
        {"leader": UNITED_STATES, "tier": tier, "specification": specification, **slope_of(rows)}
        for (tier, specification), rows in _by_cell(table)
    ]
    return StepResult({TABLE: estimates_frame(slopes, CELL), EFFECTS: table})


def effects_frame(
    samples: Iterable[tuple[str, str, Operation, Sample | None]],
) -> pl.DataFrame:
    """`metrics.coalition_effect`.

    Args:
        samples: Tier, specification, coalition, and the states that could support it.
    """
    effects = [
        {
            **{"leader": UNITED_STATES, "coalition": operation.name, "tier": tier},
            **{"specification": specification, "unpopularity_rank": operation.rank},
            **_effect(sample, specification, operation),
        }
        for tier, specification, operation, sample in samples
    ]
    return estimates_frame(effects, EFFECT_CELL, EFFECT_VALUES)


def operations_of(
    coalition_support: pl.DataFrame, contingents: pl.DataFrame, ranks: pl.DataFrame
) -> list[Operation]:
    """All coalitions, in the order of the list of ranks.

    Args:
        coalition_support: `core.coalition_support`.
        contingents: Hand-coded: `coalition_operations`.
        ranks: Hand-coded: `coalition_unpopularity`.
    """
    listed = coalition_support.filter("is_listed")
    began = day(ranks, "began_on", "coalition_unpopularity")
    found = []
    for row, on in zip(ranks.iter_rows(named=True), began, strict=True):
        name = row["coalition"]
        if name in LISTED:
            of_list = listed.filter(coalition=name, as_of=LISTED[name][1])
            codes = of_list["ccode"].to_list()
        else:
            codes = contingents.filter(pl.col("coalition") == name)["ccode"].to_list()
        supporters = frozenset(int(c) for c in codes) if codes else None
        left_out = frozenset({UNITED_STATES, *map(int, row["target_ccodes"].split())})
        found.append(Operation(name, on, left_out, int(row["unpopularity_rank"]), supporters))
    return found


def sample_of(population: Population, operation: Operation, tier: str) -> Sample | None:
    """States that could support a coalition; None where the tier does not cover its date.

    Args:
        population: States and ties.
        operation: The coalition.
        tier: Ally tier.
    """
    supporters = operation.supporters or frozenset()
    event = Event(
        coalition=operation.name,
        as_of=operation.began_on,
        list_version="as_published",
        event_date=operation.began_on,
        baseline_year=operation.began_on.year - 1,
        left_out=operation.left_out,
        levels=dict.fromkeys(supporters, 1),
        supporters=supporters,
    )
    return population.sample(event, tier, "in_force_on_date")


def _effect(sample: Sample | None, specification: str, operation: Operation) -> Row:
    if sample is None:
        return {"n": 0, "null_reason": "out_of_coverage"}
    n = len(sample.ccodes)
    if operation.supporters is None:
        return {"n": n, "null_reason": "unit_not_in_source"}
    base = ~sample.ally & ~(sample.aspirant & (specification == SPECIFICATIONS[0]))
    if reason := why_not(sample):
        return {"n": n, "null_reason": reason}
    counts = sample.of_groups(sample.ally, base)
    found = firth_log_odds_ratio(counts)
    interval = Interval(found.std_error, found.ci_low, found.ci_high, found.p_value)
    return {
        **estimate_row(found.estimate, interval, n, n, "firth_profile"),
        "n_ally_support": counts.first_yes,
        "n_ally_none": counts.first_no,
        "n_other_support": counts.second_yes,
        "n_other_none": counts.second_no,
    }


def _by_cell(table: pl.DataFrame) -> Iterator[tuple[tuple[str, str], pl.DataFrame]]:
    for tier, specification in product(TIERS, SPECIFICATIONS):
        yield (
            (tier, specification),
            table.filter(tier=tier, specification=specification).sort("coalition"),
        )


def slope_of(rows: pl.DataFrame) -> Row:
    """Slope on the ranks of unpopularity among the coalitions with an estimate.

    Args:
        rows: Rows of `metrics.coalition_effect` of one tier and specification, by coalition.
    """
    known = rows.drop_nulls("estimate")
    ranks = known["unpopularity_rank"].rank("ordinal").cast(pl.Float64).to_numpy()
    return slope_by_permutation(ranks, known["estimate"].to_numpy())


def slope_by_permutation(ranks: Floats, effects: Floats) -> Row:
    """Least-squares slope of effects on ranks, with an exact test and its interval.

    Args:
        ranks: One per coalition, from 1, without ties.
        effects: Log odds ratios, in the same order.

    Returns:
        Values of the cell; n is the number of coalitions. n_below_min for fewer than three, and
        where so few permutations reject nothing.
    """
    n = len(ranks)
    if n < MIN_COALITIONS or 2 / factorial(n) > ALPHA:
        return {"n": n, "null_reason": "n_below_min"}
    orders = np.array(list(permutations((ranks - ranks.mean()).tolist())))
    scale = float((orders[0] ** 2).sum())
    moved = np.einsum("pn,n->p", orders, effects) / scale
    drift = np.einsum("pn,n->p", orders, orders[0]) / scale

    def p_of(slope: float) -> float:
        """Share of permutations at least as far from 0, effects less a slope on the true ranks."""
        left = np.abs(moved - slope * drift)
        return float((left >= left[0] - ROUNDING).mean())

    estimate = float(moved[0])
    ends = [_end(p_of, estimate, direction) for direction in (-1.0, 1.0)]
    error = float(np.sqrt((moved**2).mean()))
    found = Interval(error, ends[0], ends[1], p_of(0.0))
    return estimate_row(estimate, found, n, n, "permutation")


def _end(p_of: Callable[[float], float], inside: float, direction: float) -> float:
    """The first rejected slope, up or down from the estimate."""
    outside = inside + direction * FARTHEST
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p_of(middle) > ALPHA else (inside, middle)
    return round(inside, DECIMALS)
