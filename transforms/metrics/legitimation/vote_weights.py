"""The premium's estimators as weighted sums over single votes.

LP0, LP1, LP2 and LP4 are coefficients of least squares on votes: Σ ω_is · a_iv, with a weight ω
and a fitted value that all votes of a state in a session and class share. A standard error
clustered by roll call needs nothing else.

* LP0, LP2: ω = 1 / (the state's votes as ally × allies), negative and of the others where it is
  none; fitted: the mean of the group.
* LP1: the same, and less that of popular votes.
* LP4: ω = d / Σ votes · d², d being what state and session leave of ally status; fitted: by the
  regression.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from transforms.contingency_tables import Floats
from transforms.inference.wild_bootstrap import SMALLEST_VARIATION, FixedEffects
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES
from transforms.metrics.legitimation.panel import Bools, Panel

LP1_PARTS = ("unpopular", "popular")
CELLS = (
    ("unpopular", "LP0"),
    ("popular", "LP0"),
    ("unpopular", "LP1"),
    ("hegemon_specific", "LP2"),
    ("unpopular", "LP4"),
    ("popular", "LP4"),
    ("hegemon_specific", "LP4"),
)
CLASSES = ("unpopular", "popular", "hegemon_specific")

Reason = Literal["n_below_min", "no_variation"]


@dataclass(frozen=True)
class VoteWeights:
    """One estimator on one range of sessions.

    Attributes:
        weight: Class to ω, states × sessions; 0 where votes do not count.
        fitted: Class to the fitted agreement.
        n_coefficients: Coefficients of the regression.
        n_groups: Allies and others; in LP4 the states that changed, twice.
    """

    weight: dict[str, Floats]
    fitted: dict[str, Floats]
    n_coefficients: int
    n_groups: tuple[int, int]


def weights_of(
    panel: Panel, status: Bools, covered: Bools, vote_class: str, estimator: str
) -> VoteWeights | Reason:
    """The weights of an estimator.

    Args:
        panel: The hegemon's support in a range of sessions.
        status: Whether a state was an ally, states × sessions.
        covered: Whether that is known.
        vote_class: Class of roll calls.
        estimator: LP0, LP1, LP2 or LP4.

    Returns:
        The weights; n_below_min where there are no allies or no others, no_variation where (LP4)
        both are there, but states and sessions leave nothing of who is which.
    """
    if estimator == "LP4":
        return _within(panel, status, covered, vote_class)
    classes = LP1_PARTS if estimator == "LP1" else (vote_class,)
    parts = [_difference(panel, status, covered, name) for name in classes]
    if any(part is None for part in parts):
        return "n_below_min"
    weight, fitted = {}, {}
    smallest = (10**9, 10**9)
    for name, part, sign in zip(classes, parts, (1.0, -1.0), strict=False):
        assert part is not None
        weight[name], fitted[name] = sign * part[0], part[1]
        smallest = (min(smallest[0], part[2]), min(smallest[1], part[3]))
    return VoteWeights(weight, fitted, 2 * len(classes), smallest)


def _difference(
    panel: Panel, status: Bools, covered: Bools, name: str
) -> tuple[Floats, Floats, int, int] | None:
    n_votes, total = panel.n_votes[name], panel.total[name]
    weight, fitted = np.zeros(n_votes.shape), np.zeros(n_votes.shape)
    sizes = []
    for group, sign in ((status & covered, 1.0), (~status & covered, -1.0)):
        n, agreed = (n_votes * group).sum(axis=1), (total * group).sum(axis=1)
        enough = n >= MIN_VOTES
        sizes.append(int(enough.sum()))
        if not enough.any():
            return None
        held = group & enough[:, None]
        own = sign / (np.maximum(n, 1) * enough.sum())
        weight += held * own[:, None]
        fitted += held * (agreed[enough] / n[enough]).mean()
    return weight, fitted, sizes[0], sizes[1]


def _within(panel: Panel, status: Bools, covered: Bools, name: str) -> VoteWeights | Reason:
    n_votes, total = panel.n_votes[name], panel.total[name]
    at, on = np.nonzero((n_votes >= MIN_VOTES) & covered)
    n, ally = n_votes[at, on], status[at, on].astype(np.float64)
    if not (ally.any() and (1 - ally).any()):
        return "n_below_min"
    outcome = total[at, on] / n
    states, unit = np.unique(at, return_inverse=True)
    effects = FixedEffects(unit, on, n)
    y, d = effects.residual(outcome), effects.residual(ally)
    scale = float(np.sum(n * d**2))
    if scale <= SMALLEST_VARIATION * float(np.sum(n * ally**2)):
        return "no_variation"
    estimate = float(np.sum(n * d * y)) / scale
    weight, fitted = np.zeros(n_votes.shape), np.zeros(n_votes.shape)
    weight[at, on] = d / scale
    fitted[at, on] = outcome - (y - estimate * d)
    as_ally, as_other = (np.bincount(unit, value, len(states)) > 0 for value in (ally, 1 - ally))
    n_changed = int((as_ally & as_other).sum())
    n_coefficients = len(states) + len(np.unique(on))
    return VoteWeights({name: weight}, {name: fitted}, n_coefficients, (n_changed, n_changed))
