"""`metrics.coalition_contrast`: unpopular against popular coalition, aspirants against allies.

Unpopular minus popular: log OR(Iraq) − log OR(ISIS), both with Firth's half unit. The two share
their states, so states are drawn with replacement and keep what they did in both (paired
bootstrap); the interval is that of the percentiles. Aspirant minus ally: within one coalition,
log odds of aspirants minus log odds of allies, with Firth's profile interval.

Positive values fit an exchange: allies supported the unpopular coalition relatively more, and
prospective members supported more than members.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.inference.cluster_bootstrap import draw_counts, percentile_interval, two_sided_p
from transforms.inference.firth_two_groups import firth_log_odds_ratio
from transforms.metrics.coalitions.alliance_ties import TIE_RULES, TIERS, Ties
from transforms.metrics.coalitions.events import IRAQ_LIST, Event, events
from transforms.metrics.coalitions.samples import Flags, Floats, Population, Sample
from transforms.metrics.coalitions.specifications import Row, why_not
from transforms.step_result import StepResult

TABLE = "metrics.coalition_contrast"
SEED = 20030320
N_DRAWS = 2000
UNPOPULAR = (IRAQ_LIST, ("mnf_i", date(2003, 12, 31)))
SPECIFICATIONS = ("firth_bivariate", "firth_aspirant")

_SCHEMA: dict[str, Any] = {
    "contrast": pl.String, "coalition": pl.String, "as_of": pl.Date,
    "coalition_other": pl.String, "as_of_other": pl.Date, "tier": pl.String,
    "tie_rule": pl.String, "specification": pl.String,
    **dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high", "p_value"), pl.Float64),
    "n": pl.Int64, "n_draws": pl.Int32, "seed": pl.Int64, "null_reason": pl.String,
}  # fmt: skip


def build_coalition_contrast(
    *,
    coalition_support: pl.DataFrame,
    states: pl.DataFrame,
    treaty_allies: pl.DataFrame,
    obligations: pl.DataFrame,
    ally_tier: pl.DataFrame,
    nato_aspirants: pl.DataFrame,
) -> StepResult:
    """Compares coalitions, and aspirants with allies.

    Args:
        coalition_support: `core.coalition_support`.
        states: `core.states`.
        treaty_allies: `core.treaty_allies`.
        obligations: `core.obligations`.
        ally_tier: `marts.ally_tier`.
        nato_aspirants: Hand-coded: states that aspired to NATO.

    Returns:
        `metrics.coalition_contrast`, in log odds ratios. Nothing is lost.
    """
    ties = Ties(treaty_allies, obligations, ally_tier, nato_aspirants)
    population = Population(states, ties)
    lists = [e for e in events(coalition_support) if e.list_version == "as_published"]
    rows = [
        {"tier": tier, "tie_rule": tie_rule, **found}
        for tier in TIERS
        for tie_rule in TIE_RULES
        for found in _contrasts([(e, population.sample(e, tier, tie_rule)) for e in lists])
    ]
    return StepResult({TABLE: pl.DataFrame(rows, schema=_SCHEMA, orient="row")})


def _contrasts(samples: list[tuple[Event, Sample | None]]) -> Iterator[Row]:
    for event, sample in samples:
        named = _named("aspirant_minus_ally", event, event)
        yield {**named, "specification": "firth_aspirant", **_aspirant_minus_ally(sample)}
    for first, one in samples:
        if first.list_ not in UNPOPULAR:
            continue
        for second, other in samples:
            if second.coalition.startswith("daesh"):
                named = _named("unpopular_minus_popular", first, second)
                for specification in SPECIFICATIONS:
                    found = _difference(one, other, specification)
                    yield {**named, "specification": specification, **found}


def _named(contrast: str, first: Event, second: Event) -> Row:
    return {
        "contrast": contrast,
        "coalition": first.coalition,
        "as_of": first.as_of,
        "coalition_other": second.coalition,
        "as_of_other": second.as_of,
        "n_draws": 0,
        "seed": SEED,
    }


def _aspirant_minus_ally(sample: Sample | None) -> Row:
    if sample is None:
        return {"n": 0, "null_reason": "out_of_coverage"}
    n = len(sample.ccodes)
    if reason := why_not(sample):
        return {"n": n, "null_reason": reason}
    if not sample.aspirant.any():
        return {"n": n, "null_reason": "n_below_min"}
    return {"n": n, **vars(firth_log_odds_ratio(sample.of_groups(sample.aspirant, sample.ally)))}


def _difference(one: Sample | None, other: Sample | None, specification: str) -> Row:
    if one is None or other is None:
        return {"n": 0, "null_reason": "out_of_coverage"}
    everyone = np.union1d(one.ccodes, other.ccodes)
    if reason := why_not(one) or why_not(other):
        return {"n": len(everyone), "null_reason": reason}
    counts = _draws(len(everyone))
    drawn = np.zeros(N_DRAWS)
    estimate = 0.0
    for sample, sign in ((one, 1), (other, -1)):
        cells = _cells(sample, everyone, specification)
        estimate += sign * float(_log_odds_ratio(cells.sum(axis=0)[None])[0])
        drawn += sign * _log_odds_ratio(counts @ cells)  # whole numbers: exact in any order
    low, high = percentile_interval(drawn)
    return {
        "estimate": estimate,
        "std_error": float(drawn.std(ddof=1)),
        "ci_low": low,
        "ci_high": high,
        "p_value": two_sided_p(drawn),
        "n": len(everyone),
        "n_draws": N_DRAWS,
    }


@cache
def _draws(n_states: int) -> Floats:
    """The same draws for all contrasts over as many states."""
    return draw_counts(n_states, N_DRAWS, np.random.default_rng([SEED, n_states]))


def _cells(sample: Sample, everyone: NDArray[np.int64], specification: str) -> Floats:
    """States × (ally yes, ally no, base yes, base no); a state outside the sample has none."""
    base = ~sample.ally
    if specification == "firth_aspirant":
        base &= ~sample.aspirant
    found = np.zeros((len(everyone), 4))
    place = np.searchsorted(everyone, sample.ccodes)
    yes = sample.support
    cells: list[Flags] = [g & y for g in (sample.ally, base) for y in (yes, ~yes)]
    for column, cell in enumerate(cells):
        found[place, column] = cell
    return found


def _log_odds_ratio(cells: Floats) -> Floats:
    half = np.log(cells + 0.5)
    return half[:, 0] - half[:, 1] - half[:, 2] + half[:, 3]
