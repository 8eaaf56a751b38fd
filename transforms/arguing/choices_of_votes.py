"""Choices for the claims that are tested on votes.

A window is one of years or of sessions (session = year − 1945). `allies` is a list of one's own, in
place of a tier. `threshold`: a vote is unpopular where less than this share of the states that were
never allies side with the leader, and popular from it on. `least`: votes of either kind that a
state-session needs. `without`: states whose rows are left out; they judge votes as before.
"""

from collections.abc import Mapping

from transforms.arguing.arguable import (
    GAP,
    GOODS,
    STEADINESS,
    THREAT,
    TIERS,
    UNITED_STATES,
    Arguable,
)
from transforms.metrics.exchange.before_treatment import COVARIATES
from transforms.metrics.exchange.exchange_under_threat import LAGS, MEASURES, NONE
from transforms.metrics.exchange.lagged_sums import DESIGNS
from transforms.metrics.legitimation.gap_subsets import CONTROLS, OF_LEADER

WITHIN = ("two_way", "state_era", "region_session")
JOINERS = ("imputation", "stacked", "sun_abraham", "callaway_santanna")
CLUSTERS = ("wave", "state", "region")
SCALES = ("share", "logit")
FREE = {
    "leader": UNITED_STATES,
    "allies": "",
    "years": "all",
    "sessions": "all",
    "without": "none",
}
"""Choices that are no word of a list, with what stands for no change."""
CUTOFFS = {"threshold": "0.5", "least": "as published"}
_VOTES = {"votes": OF_LEADER, "controls": tuple(CONTROLS), "scale": SCALES}
_ALLIES = {"tier": TIERS, "clusters": CLUSTERS}


def _gap(
    words: Mapping[str, tuple[str, ...]],
    free: Mapping[str, str] | None = None,
    designs: Mapping[str, tuple[str, ...]] | None = None,
) -> Arguable:
    return Arguable(GAP, {**_VOTES, **words}, {**(free or FREE), **CUTOFFS}, designs or {})


_OF_USA = {key: value for key, value in FREE.items() if key != "leader"}
_STEPS = {key: value for key, value in _OF_USA.items() if key != "allies"}
_ALLY = {**_ALLIES, "design": (*WITHIN, "session", *JOINERS), "regressor": ("ally",)}
_IMPORTANT = ("important", *(name for name in OF_LEADER if name != "important"))
_DOSES = ("tier_steps", "tier_steps_below_core", "log_troops_per_capita")

OF_VOTES: Mapping[str, Arguable] = {
    "C2a": _gap(_ALLY),
    "C2b": _gap({"clusters": CLUSTERS, "design": WITHIN, "regressor": _DOSES}, _STEPS),
    "C2f": _gap(
        {
            "tier": TIERS,
            "sample": ("western", "western_wide", "all_allies", "western_with_changes"),
            "design": ("session", "two_way"),
            "regressor": ("western_ally",),
        },
        _OF_USA,
        {
            **dict.fromkeys(("western", "western_wide", "all_allies"), ("session",)),
            "western_with_changes": ("two_way",),
        },
    ),
    "C2g": _gap(
        {
            **_ALLIES,
            "regressor": ("ally_by_size", "ally_by_size_of_year", "size_between_allies"),
            "design": (*WITHIN, "session"),
        },
        FREE,
        {
            "ally_by_size": WITHIN,
            "ally_by_size_of_year": ("two_way",),
            "size_between_allies": ("session",),
        },
    ),
    "C2h": _gap(_ALLY | {"votes": _IMPORTANT}),
    "C8": Arguable(
        STEADINESS,
        {
            **_ALLIES,
            "votes": ("all", "unpopular"),
            "scale": SCALES,
            "design": (*WITHIN, "unweighted", "session_only"),
            "sample": ("unchanged", "without_1989_1992", "from_1991", "changed_too"),
        },
        FREE,
        {},
    ),
    "C9": Arguable(
        THREAT,
        {
            **_ALLIES,
            "threat": (*MEASURES, NONE),
            "lag": ("1", *(str(lag) for lag in LAGS if lag != 1)),
            "covariates": (NONE, *COVARIATES),
            "controls": tuple(CONTROLS),
            "scale": SCALES,
            "design": ("two_way", "state_era"),
            "quantity": ("adjusted", "unadjusted", "accounted_for", "beyond_half"),
        },
        _OF_USA | CUTOFFS,
        {},
    ),
    "C10": Arguable(
        GOODS,
        {
            **_ALLIES,
            "good": ("troops", "troops_per_capita"),
            "controls": tuple(CONTROLS),
            "estimator": ("ppml", "log_linear"),
            "design": DESIGNS,
            "sample": ("wars_out", "war_hosts_out", "wars_in", "from_1991"),
        },
        _OF_USA | CUTOFFS,
        {},
    ),
}
"""Claims whose rows are votes of states in sessions."""
