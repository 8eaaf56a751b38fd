"""How far states side with a hegemon on roll calls that it wins, or loses, or stands alone in.

For a roll call v on which the hegemon h votes yes or no, and a state i that votes (yes, abstain
or no, x = 1, 2, 3):

* agreement a_iv = 1 − |x_iv − x_hv| / 2: 1 with the hegemon, ½ where i abstains, 0 against it;
* support without i, σ_v^(−i): the share of the other voting states (neither h nor i) that
  voted like h, abstainers in the denominator;
* class of v for i: `unpopular` σ < ½, `isolated` σ < 1/10 (a part of unpopular), `popular`
  σ ≥ ½. Leaving i out keeps a state's own vote from moving a roll call into its class;
* Λ_i = the mean of a_iv over the class, in [0, 1], NULL below ten votes.

Votes of states that were not sovereign count nowhere: leave them out beforehand. Unanimous roll
calls count: unlike a measure of similarity, support is about how often the hegemon wins.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.ballots import NO, YES, SessionBallots
from transforms.joint_tables import Floats

UNPOPULAR_BELOW = 0.5  # share of other voting states
ISOLATED_BELOW = 0.1  # share of other voting states
VOTE_CLASSES = ("unpopular", "popular", "isolated")

MIN_VOTES = 10
"""Votes of a class that a state needs for its Λ."""


@dataclass(frozen=True)
class Support:
    """How the states of one session voted beside the hegemon, in one class of roll calls.

    Attributes:
        ccodes: States other than the hegemon, ascending.
        n_votes: The state's votes in the class.
        mean_agreement: Λ per state; NaN below `MIN_VOTES`.
        n_roll_calls: Roll calls of the class, by the support among all other states.
    """

    ccodes: NDArray[np.int16]
    n_votes: NDArray[np.int64]
    mean_agreement: Floats
    n_roll_calls: int


def support(
    ballots: SessionBallots, roll_calls: frozenset[int], hegemon: int
) -> dict[str, Support]:
    """Each state's mean agreement with the hegemon, by class of roll call.

    Args:
        ballots: One session's votes of sovereign states.
        roll_calls: Roll calls that count.
        hegemon: COW code; when it cast no vote, no class has a roll call.

    Returns:
        `VOTE_CLASSES` to Λ per state.
    """
    choices = ballots.columns(roll_calls)
    is_hegemon = ballots.ccodes == hegemon
    # The empty first row stands for a hegemon that never voted: it decides no roll call.
    own = np.vstack([np.zeros((1, choices.shape[1]), np.int8), choices[is_hegemon]])[-1]
    decided = (own == YES) | (own == NO)
    others, own = choices[~is_hegemon][:, decided], own[decided]
    voted = others <= NO
    gap = np.abs(others - own) * voted
    same = voted & (gap == 0)
    n_voted, n_same = voted.sum(axis=0), same.sum(axis=0)
    whole = share(n_same, n_voted)
    without_own = share(n_same - same, n_voted - voted)
    agreement = (1.0 - gap / 2.0) * voted
    found = {}
    for name in VOTE_CLASSES:
        counted = voted & _in_class(name, without_own)
        n = counted.sum(axis=1)
        total = (agreement * counted).sum(axis=1)  # halves: exact in any order
        found[name] = Support(
            ccodes=ballots.ccodes[~is_hegemon],
            n_votes=n,
            mean_agreement=np.where(n >= MIN_VOTES, total / np.maximum(n, 1), np.nan),
            n_roll_calls=int(_in_class(name, whole).sum()),
        )
    return found


def share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """The quotient part / whole, NaN where nobody is left."""
    quotient: Floats = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient


def _in_class(name: str, sigma: Floats) -> NDArray[np.bool_]:
    """Whether a roll call with this support belongs to the class."""
    bounds = {
        "unpopular": sigma < UNPOPULAR_BELOW,
        "popular": sigma >= UNPOPULAR_BELOW,
        "isolated": sigma < ISOLATED_BELOW,
    }
    return bounds[name]
