"""Which choices can be made for which claim, and what the claims say where none is made.

A window is one of years or of sessions (session = year − 1945). `allies` is a list of one's own, in
place of a tier. `threshold`: a vote is unpopular where less than this share of the states that were
never allies side with the leader, and popular from it on. `least`: votes of either kind that a
state-session needs. `without`: states whose rows are left out; they judge votes as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.arguing.errors import ArgumentError, known_word, listed, nearest
from transforms.metrics.claims.leaders import MIN_ALLIES, MIN_CLUSTERS, MIN_ROLL_CALLS
from transforms.metrics.exchange.before_treatment import COVARIATES
from transforms.metrics.exchange.exchange_under_threat import LAGS, MEASURES, NONE
from transforms.metrics.exchange.lagged_sums import DESIGNS
from transforms.metrics.legitimation.gap_results import FEWEST_SWITCHERS
from transforms.metrics.legitimation.gap_subsets import CONTROLS, OF_LEADER

GAP, STEADINESS, THREAT, GOODS = "gap", "steadiness", "threat", "goods"
WITHIN = ("two_way", "state_era", "region_session")
JOINERS = ("imputation", "stacked", "sun_abraham", "callaway_santanna")
CLUSTERS = ("wave", "state", "region")
TIERS = ("core", "treaty", "guarantee", "atop")
SCALES = ("share", "logit")
FREE = {
    "leader": "United States",
    "allies": "",
    "years": "all",
    "sessions": "all",
    "without": "none",
}
"""Choices that are no word of a list, with what stands for no change."""
CUTOFFS = {"threshold": "0.5", "least": "as published"}
_VOTES = {"votes": OF_LEADER, "controls": tuple(CONTROLS), "scale": SCALES}
_ALLIES = {"tier": TIERS, "clusters": CLUSTERS}


@dataclass(frozen=True)
class Arguable:
    """What can be varied in a claim.

    Attributes:
        family: Which module computes it.
        words: Choice to its known values, the primary's first.
        free: Choices whose values are not listed.
        designs: Regressor (or sample) to its designs, where they differ.
    """

    family: str
    words: Mapping[str, tuple[str, ...]]
    free: Mapping[str, str]
    designs: Mapping[str, tuple[str, ...]]

    @property
    def keys(self) -> tuple[str, ...]:
        """All choices."""
        return (*self.words, *self.free)


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

ARGUABLE: Mapping[str, Arguable] = {
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
"""Claims that can be argued with, by choices; of the others only the listed variants."""

LEAST_ALLIES, LEAST_WAVES, LEAST_ROLL_CALLS = MIN_ALLIES, MIN_CLUSTERS, MIN_ROLL_CALLS
"""Below which an estimate says nothing of an alliance: allies, their days of entry, and the roll
calls of the class in the window."""
LEAST_SWITCHERS = FEWEST_SWITCHERS
MOST_VOTES = 100


def arguable(claim: str, claims: tuple[str, ...]) -> tuple[str, Arguable]:
    """A claim by its name, in any case, and what can be varied in it.

    Args:
        claim: What was asked for.
        claims: All claims of the edition.

    Raises:
        ArgumentError: There is no such claim, or its choices cannot be varied yet.
    """
    by_name = {name.lower(): name for name in claims}
    name = by_name.get(claim.lower())
    if name is None:
        hint = nearest(claim, claims)
        raise ArgumentError(f"There is no claim {claim}{hint}. {listed('claims', claims)}.")
    if name not in ARGUABLE:
        raise ArgumentError(
            f"{name} cannot be argued with by --set yet: of it there are the variants that"
            f" `asymmetry claims {name}` lists. {listed('--set', ARGUABLE)}."
        )
    return name, ARGUABLE[name]


def resolved(claim: str, about: Arguable, settings: Mapping[str, str]) -> dict[str, str]:
    """Every choice of the claim, with the primary's where none was made.

    Args:
        claim: Its name.
        about: What can be varied.
        settings: What was asked for; values of free choices pass as they are.

    Raises:
        ArgumentError: A choice or a word is not known, two contradict each other, or a design is
            none of the regressor's.
    """
    for key in settings:
        if key not in about.keys:
            hint = nearest(key, about.keys)
            raise ArgumentError(f"{claim} has no choice {key}{hint}. {listed(claim, about.keys)}.")
    for one, other in (("tier", "allies"), ("years", "sessions")):
        if settings.get(one) and settings.get(other):
            raise ArgumentError(f"{one} and {other} exclude each other: leave one of them out.")
    words = {key: known[0] for key, known in about.words.items()}
    for key, known in about.words.items():
        if key in settings:
            words[key] = known_word(key, settings[key], known)
    if settings.get("allies"):
        words["tier"] = "own list"
    for name, designs in about.designs.items():
        if name in (words.get("regressor"), words.get("sample")):
            if "design" in settings:
                known_word("design", settings["design"], designs)
            else:
                words["design"] = designs[0]
    free = {key: settings.get(key, default) for key, default in about.free.items()}
    return words | free


def share(key: str, text: str) -> float:
    """A threshold strictly between 0 and 1.

    Raises:
        ArgumentError: It is none; the message says what 0 and 1 would mean.
    """
    try:
        value = float(text)
    except ValueError:
        raise ArgumentError(f"{key}={text}: no number. Known for {key}: 0 < x < 1.") from None
    if not 0 < value < 1:
        raise ArgumentError(
            f"{key}={text}: a share strictly between 0 and 1. At 0 no vote is unpopular, since no"
            " share is below it; from 1 on every vote is, and none is left to compare with."
        )
    return value


def count(key: str, text: str) -> int:
    """A whole number from 1.

    Raises:
        ArgumentError: It is none, or too large.
    """
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_VOTES:
        raise ArgumentError(f"{key}={text}: a whole number from 1 to {MOST_VOTES}.")
    return int(text)
