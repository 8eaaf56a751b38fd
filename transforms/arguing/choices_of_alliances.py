"""Choices for the claims that are tested on alliances, capabilities and lists of coalitions.

A window is one of years. `ratio`: what the first must have as a multiple of the second's
capability. `without`: states that are left out as allies, partners, members or supporters.
`without_leaders`: states whose alliances are left out, of each year that they led them.
"""

from collections.abc import Mapping

from transforms.arguing.arguable import (
    BURDENS,
    CLASSICAL,
    COALITION,
    DURATION,
    EVERY_LEADER,
    PREPONDERANCE,
    RANKED,
    RISE,
    SPOKES,
    TIERS,
    UNITED_STATES,
    WRITTEN,
    Arguable,
)
from transforms.arguing.rise import ALLIANCES, LEADERS, WHOLE_PERIOD
from transforms.arguing.spokes import OTHER_REGIONS
from transforms.core.states import REGIONS
from transforms.metrics.alliances.burden_elasticity import CHANGE, EFFECTS
from transforms.metrics.alliances.written_balance import ITEMS, STATISTICS
from transforms.metrics.asymmetry.asymmetric_rise import DRAWN, TREND, VARIABLES
from transforms.metrics.asymmetry.asymmetry_units import UNITS
from transforms.metrics.coalitions.alliance_ties import TIE_RULES
from transforms.metrics.coalitions.coalition_unpopularity import SPECIFICATIONS
from transforms.metrics.coalitions.events import LIST_VERSIONS
from transforms.metrics.duration.alliance_duration import GRID, SAMPLES
from transforms.metrics.networks.spoke_contrast import REGION, WEIGHTINGS

_FREE = {"years": "all", "without": "none"}
_LED = {"years": "all", "without_leaders": "none"}
_ALLIES = {"allies": "", "without": "none"}
_ASPIRANTS = "log odds of support of aspirants to NATO, against states that were neither"
_OTHER_QUESTIONS_OF_C3 = {
    ("statistic", "leader_share"): "the share of phases in which the leader promises it",
    ("statistic", "partner_share"): "the mean share of partners that promise it",
    ("statistic", "any_partner_share"): "the share of phases in which a partner promises it",
    ("item", "consul"): "who promises to consult, and the claim has no side of it",
    ("item", "terrres"): "what partners promise in territory and resources beyond the leader",
    ("item", "dipaid"): "what partners promise in diplomatic support beyond the leader",
    ("item", "pol"): "what partners promise in politics beyond the leader",
}


def _coalition(lists: tuple[str, ...], versions: tuple[str, ...]) -> Arguable:
    words = {
        "tier": TIERS,
        "specification": (
            *("firth_covariates", "firth_covariates_region", "firth_aspirant", "firth_bivariate"),
            *("fisher", "ordinal"),
        ),
        "term": ("ally", "aspirant"),
        "tie_rule": TIE_RULES,
        "as_of": lists,
        "list_version": versions,
        "level": ("1", "2", "3", "4"),
    }
    return Arguable(COALITION, words, _ALLIES, asks={("term", "aspirant"): _ASPIRANTS})


OF_ALLIANCES: Mapping[str, Arguable] = {
    "C1a": Arguable(
        RISE,
        {
            "design": (*UNITS, TREND, DRAWN),
            "variable": VARIABLES,
            "period": (WHOLE_PERIOD, "1946-1991", "from 1992"),
            "clusters": (LEADERS, ALLIANCES),
        },
        {"ratio": "3", **_LED},
        asks={("design", TREND): "the change of the share of asymmetric alliances per decade"},
    ),
    "C1b": Arguable(
        CLASSICAL,
        {
            "variable": (*VARIABLES, "gdp"),
            "measure": ("ratio_first_second", "ratio_leader_median"),
        },
        {**_LED, "years": "1816-1913"},
    ),
    "C1c": Arguable(
        PREPONDERANCE,
        {"tier": TIERS, "variable": ("cinc", "milex_thousand", "milper_thousand", "gdp_usd")},
        {
            **{"leader": UNITED_STATES, "allies": "", "ratio": "10"},
            **{"years": "1946-2022", "without": "none"},
        },
    ),
    "C2c": _coalition(
        ("2003-03-27", "2003-03-18", "2003-03-21", "2003-03-26"), tuple(LIST_VERSIONS)
    ),
    "C2d": _coalition(("2014-12-31", "2016-01-31", "2017-12-31"), ("as_published",)),
    "C2e": Arguable(RANKED, {"tier": TIERS, "specification": SPECIFICATIONS}, _ALLIES),
    "C3": Arguable(
        WRITTEN,
        {"item": ITEMS, "statistic": tuple(STATISTICS)},
        {"leader": EVERY_LEADER, "ratio": "3", **_LED},
        asks=_OTHER_QUESTIONS_OF_C3,
    ),
    "C4": Arguable(
        SPOKES,
        {
            "region": (REGION, *(region for region in REGIONS if region != REGION)),
            "region_other": OTHER_REGIONS,
            "weighting": WEIGHTINGS,
        },
        {"leader": UNITED_STATES, **_ALLIES, "years": "1955-2018"},
        asks={
            ("region", region): "how dense ties are in a region of which the claim says nothing"
            for region in REGIONS
            if region != REGION
        },
    ),
    "C5": Arguable(
        DURATION,
        {
            "sample": (
                "fulfilled_or_violated",
                *(name for name in SAMPLES if name != "fulfilled_or_violated"),
            ),
            "estimator": (
                *("cox_time_varying", "cox_time_fixed", "cox_time_fixed_from_start"),
                *("cox_stratified_era", "cox_adjusted"),
            ),
            "term": GRID,
        },
        _LED,
    ),
    "C6": Arguable(
        BURDENS,
        {"design": (*EFFECTS, CHANGE)},
        {"ratio": "3", **_FREE, "years": "1960-1991"},
        asks={("design", CHANGE): "how the elasticity of 1992 on differs from that before"},
    ),
}
"""Claims whose rows are alliances, allies, or states that could join a coalition."""
