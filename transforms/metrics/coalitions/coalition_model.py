"""`metrics.coalition_model`, `…_score`: support of allies and others for US coalitions.

Support for the war in Iraq, unpopular at the United Nations, and for the coalition against ISIS,
popular there, on who was an ally of the United States on the day: in four tiers, with aspirants
to NATO as a level of their own, under two rules of what counts as a tie, for each version of the
lists. Estimators: Fisher's exact test, the risk difference with Newcombe's interval, Firth's logit
alone and with covariates of the year before, proportional odds, and leave-one-out. Scores: those of
Firth's logits on the lists as published (`support_scores`).

References: Firth 1993 (Biometrika 80:27–38); Newcombe 1998 (Stat. Med. 17:873–90); Newnham 2008
(ISP 9:183–200); docs/metrics.md.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from transforms.metrics.claims.cell_tables import DECIMALS
from transforms.metrics.coalitions.alliance_ties import TIE_RULES, TIERS, Ties
from transforms.metrics.coalitions.events import (
    DETAILED,
    IRAQ_LIST,
    ISIS_LIST,
    LEFT_OUT_WITH_COVARIATES,
    Event,
    events,
)
from transforms.metrics.coalitions.leave_one_out import ENDS, leave_one_out
from transforms.metrics.coalitions.ordinal import CUTS, levels_of_support
from transforms.metrics.coalitions.samples import Population, Sample
from transforms.metrics.coalitions.specifications import (
    DIFFERENCE,
    LOG_ODDS,
    LOGITS,
    TIES,
    Row,
    exact_tests,
    firth,
    firth_by_group,
    shown,
)
from transforms.metrics.coalitions.support_scores import ALLY, support_scores, waves
from transforms.metrics.coalitions.user_covariates import firth_user_covariates
from transforms.step_result import StepResult

TABLE = "metrics.coalition_model"
SCORES = "metrics.coalition_model_score"

# The lists that are fitted with covariates: under any_day, and under the primary tie rule.
WITH_COVARIATES = {
    "firth_covariates": ((IRAQ_LIST,), (*DETAILED, ("daesh_strikes", date(2016, 1, 31)))),
    "firth_covariates_region": ((IRAQ_LIST,), (IRAQ_LIST, *DETAILED[2:])),
    "firth_user_covariates": ((), (IRAQ_LIST, ISIS_LIST)),
}
FITS = {
    **dict.fromkeys(("firth_bivariate", "firth_aspirant"), firth_by_group),
    **dict.fromkeys(("firth_covariates", "firth_covariates_region"), firth),
    "firth_user_covariates": firth_user_covariates,
}
_COUNTS = ("n_ally_support", "n_ally_none", "n_other_support", "n_other_none",
           "n_aspirant_support", "n_aspirant_none")  # fmt: skip
_SCHEMA: dict[str, Any] = {
    "coalition": pl.String, "as_of": pl.Date, "tier": pl.String, "tie_rule": pl.String,
    "list_version": pl.String, "specification": pl.String, "term": pl.String,
    "event_date": pl.Date, "scale": pl.String,
    **dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high", "p_value", "odds_ratio"),
                    pl.Float64),
    "n": pl.Int64,
    **dict.fromkeys((*_COUNTS, "left_out_ccode", "n_left_out_ties"), pl.Int16),
    "null_reason": pl.String,
}  # fmt: skip

_CELL = ("coalition", "as_of", "tier", "tie_rule", "list_version", "specification", "term")
_SCORE_SCHEMA: dict[str, Any] = {
    **{name: _SCHEMA[name] for name in _CELL}, "cluster": pl.String, "score": pl.Float64,
}  # fmt: skip


def build_coalition_model(
    *,
    coalition_support: pl.DataFrame,
    states: pl.DataFrame,
    treaty_allies: pl.DataFrame,
    obligations: pl.DataFrame,
    ally_tier: pl.DataFrame,
    gdp: pl.DataFrame,
    ideal_points_published: pl.DataFrame,
    nato_aspirants: pl.DataFrame,
    warsaw_pact_states: pl.DataFrame,
    covariates: pl.DataFrame | None = None,
) -> StepResult:
    """Estimates every specification on every list.

    Args:
        coalition_support: `core.coalition_support`.
        states: `core.states`.
        treaty_allies: `core.treaty_allies`.
        obligations: `core.obligations`.
        ally_tier: `marts.ally_tier`.
        gdp: `core.gdp`.
        ideal_points_published: `core.ideal_points_published`.
        nato_aspirants: Hand-coded: states that aspired to NATO.
        warsaw_pact_states: Hand-coded: states on the territory of the Warsaw Pact.
        covariates: `core.covariates`; `firth_user_covariates` is NULL where it is empty.

    Returns:
        `metrics.coalition_model` and its scores. Estimates of logits are log odds ratios; a row
        that cannot be estimated has its `null_reason`. Nothing is lost.
    """
    ties = Ties(treaty_allies, obligations, ally_tier, nato_aspirants)
    population = Population(
        states,
        ties,
        gdp=gdp,
        ideal_points_published=ideal_points_published,
        warsaw_pact_states=warsaw_pact_states,
        covariates=covariates,
    )
    once = Once()
    rows = [
        {**_named(event, tier, tie_rule), **found}
        for event in events(coalition_support)
        for tier in TIERS
        for tie_rule in TIE_RULES
        for found in _rows(
            event, population.sample(event, tier, tie_rule), tier, tie_rule=tie_rule, once=once
        )
    ]
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    scores = _scores(table, coalition_support, population, waves(treaty_allies))
    return StepResult({TABLE: table, SCORES: scores})


def _scores(
    table: pl.DataFrame,
    coalition_support: pl.DataFrame,
    population: Population,
    waves_of: Mapping[int, str],
) -> pl.DataFrame:
    """Scores of ally for the logits that were fitted, by cluster."""
    fitted = {
        tuple(row)
        for row in table.filter(pl.col("term") == ALLY).drop_nulls("estimate").select(_CELL).rows()
    }
    rows: list[Row] = []
    for event in events(coalition_support):
        for tier in TIERS:
            for tie_rule in TIE_RULES:
                sample = population.sample(event, tier, tie_rule)
                for name in LOGITS:
                    named = {**_named(event, tier, tie_rule), "specification": name, "term": ALLY}
                    if sample is None or tuple(named[c] for c in _CELL) not in fitted:
                        continue
                    if event.list_version != "as_published" or name == "firth_user_covariates":
                        continue
                    found = support_scores(sample, LOGITS[name], waves_of)
                    cell = {c: named[c] for c in _CELL}
                    rows += [{**cell, "cluster": c, "score": s} for c, s in found.items()]
    frame = pl.DataFrame(rows, schema=_SCORE_SCHEMA, orient="row")
    return frame.with_columns(pl.col("score").round(DECIMALS)).sort(*_CELL, "cluster")


def _named(event: Event, tier: str, tie_rule: str) -> Row:
    return {
        "coalition": event.coalition,
        "as_of": event.as_of,
        "tier": tier,
        "tie_rule": tie_rule,
        "list_version": event.list_version,
        "event_date": event.event_date,
    }


class Once:
    """Cache of estimates: two tie rules often give the same allies."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], list[Row]] = {}

    def of(
        self, name: str, event: Event, sample: Sample, make: Callable[[Sample], list[Row]]
    ) -> list[Row]:
        """The rows of one specification on one list, computed once for the same allies.

        Args:
            name: Name of the specification.
            event: The list.
            sample: Its sample.
            make: Computes the rows.
        """
        key = (name, *event.list_, event.list_version, sample.ally.tobytes())
        if key not in self._made:
            self._made[key] = make(sample)
        return self._made[key]


def _rows(
    event: Event, sample: Sample | None, tier: str, *, tie_rule: str, once: Once
) -> Iterator[Row]:
    """The rows of a list; lists on which a claim rests have more specifications."""
    primary = event.list_version == "as_published" and tie_rule == TIE_RULES[0]
    graded = event.list_version == "as_published" and (
        event.list_ == IRAQ_LIST or (primary and event.list_ in DETAILED)
    )
    logits = [name for name in LOGITS if _is_fitted(name, event, tier, tie_rule)]
    if sample is None:
        yield from _out_of_coverage(logits, graded)
        return
    yield from exact_tests(sample)
    for name in logits:
        fit = partial(FITS[name], specification=name, terms=LOGITS[name])
        yield from once.of(name, event, sample, fit)
    if graded:
        yield from once.of("levels", event, sample, levels_of_support)
        each = partial(leave_one_out, specification="leave_one_out", terms=TIES)
        yield from once.of("leave_one_out", event, sample, each)
    if primary and event.list_ in LEFT_OUT_WITH_COVARIATES and tier == TIERS[0]:
        terms = LOGITS["firth_covariates"]
        yield from leave_one_out(sample, "leave_one_out_covariates", terms)


def _is_fitted(name: str, event: Event, tier: str, tie_rule: str) -> bool:
    """Whether a logit is fitted on a list; with covariates only where claims rest on it."""
    if name not in WITH_COVARIATES:
        return True
    primary = tie_rule == TIE_RULES[0]
    if name == "firth_covariates" and event.coalition == IRAQ_LIST[0] and tier == TIERS[0]:
        return primary or event.list_version == "as_published"  # every list and version
    published = event.list_version == "as_published"
    return published and event.list_ in WITH_COVARIATES[name][primary]


def _out_of_coverage(logits: list[str], graded: bool) -> Iterator[Row]:
    named = [("fisher", "ally"), ("risk_difference", "ally")]
    named += [(name, term) for name in logits for term in shown(LOGITS[name])]
    if graded:
        named += [(f"firth_cut_{c}", t) for c in CUTS for t in TIES]
        named += [("ordinal", t) for t in TIES] + [("leave_one_out", end) for end in ENDS]
    for specification, term in named:
        scale = DIFFERENCE if specification == "risk_difference" else LOG_ODDS
        yield {"specification": specification, "term": term, "scale": scale, "n": 0,
               "null_reason": "out_of_coverage"}  # fmt: skip
