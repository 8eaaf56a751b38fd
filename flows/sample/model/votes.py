"""Votes of the simulated Assembly: the ordinal model with an alliance effect."""

from dataclasses import dataclass, field
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.parameters import ABSENCE, ABSENCE_ELSEWHERE, LONE_VOTE_SESSION
from flows.sample.model.roll_calls import RollCall
from flows.sample.model.states import HEGEMON, is_core_ally

YES, ABSTAIN, NO, ABSENT, NOT_MEMBER = 1, 2, 3, 8, 9

FIRST_SESSION_OF_OWN_VOTES = 46
"""Sessions before this one in which Ukraine and Byelorussia vote as the USSR does."""

Choices = NDArray[np.int8]


@dataclass(frozen=True)
class Ballots:
    """All votes.

    Attributes:
        calls: The roll calls.
        choices: Roll call × state: 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member.
        allies: Roll call × state: a guarantee of the hegemon is in force for the state that day.
        effect_on_agreement: Increase by the alliance of an ally's expected agreement with
            the hegemon (1 same side, ½ where one abstains, 0 opposite) on roll calls that are
            unpopular by design and on which the hegemon voted yes or no; mean over the votes
            that allies cast there, of all allies (`all`) and of those in the bloc `west`.
    """

    calls: list[RollCall]
    choices: Choices = field(repr=False)
    allies: NDArray[np.bool_] = field(repr=False)
    effect_on_agreement: dict[str, float]


def cast_ballots(world: World, calls: list[RollCall]) -> Ballots:
    """Draws the vote of every member on every roll call.

    Args:
        world: The states and their ideal points.
        calls: The roll calls.

    Returns:
        The votes and the size of the alliance effect in them.
    """
    rng = world.rng("votes")
    n, m = len(calls), len(world.states)
    slope = np.array([c.slope for c in calls])[:, None]
    cut_yes = np.array([c.cut_yes for c in calls])[:, None]
    cut_no = np.array([c.cut_no for c in calls])[:, None]
    pull = _pull(slope, world.ideal_points, calls)
    allies = np.array([[is_core_ally(s.ccode, c.day) for s in world.states] for c in calls])
    treated = allies & np.array([c.kind == "unpopular" for c in calls])[:, None]
    towards_hegemon = world.parameters.alliance_effect * treated
    latent = pull + towards_hegemon + rng.standard_normal((n, m))
    choices = np.where(latent < cut_yes, YES, np.where(latent < cut_no, ABSTAIN, NO))
    choices = _with_absences(world, calls, choices.astype(np.int8), rng)
    _vote_as_the_ussr(world, calls, choices)
    effect = _effect(world, treated, choices, pull=pull, cut_yes=cut_yes, cut_no=cut_no)
    return Ballots(calls, choices, allies, effect)


def _pull(slope: Floats, ideal_points: Floats, calls: list[RollCall]) -> Floats:
    product: Floats = slope * ideal_points[:, [c.session - 1 for c in calls]].T
    return product


def _effect(
    world: World,
    treated: NDArray[np.bool_],
    choices: Choices,
    *,
    pull: Floats,
    cut_yes: Floats,
    cut_no: Floats,
) -> dict[str, float]:
    """The mean gain in expected agreement, vote by vote; never larger than one."""
    hegemon = choices[:, [s.ccode == HEGEMON for s in world.states]]
    counted = treated & (choices <= NO) & ((hegemon == YES) | (hegemon == NO))
    rows, columns = np.nonzero(counted)
    gains = np.array(
        [
            _agreement(z + world.parameters.alliance_effect, low, high, side)
            - _agreement(z, low, high, side)
            for z, low, high, side in zip(
                pull[rows, columns],
                cut_yes[rows, 0],
                cut_no[rows, 0],
                hegemon[rows, 0],
                strict=True,
            )
        ]
    )
    west = np.array([s.bloc == "west" for s in world.states])[columns]
    return {"all": round(float(gains.mean()), 6), "west": round(float(gains[west].mean()), 6)}


def _agreement(pull: float, cut_yes: float, cut_no: float, hegemon: int) -> float:
    """Expected agreement with a hegemon that votes yes or no."""
    yes = _normal(cut_yes - pull)
    no = 1.0 - _normal(cut_no - pull)
    with_no = no + (1.0 - yes - no) / 2
    return with_no if hegemon == NO else 1.0 - with_no


def _normal(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def _with_absences(
    world: World, calls: list[RollCall], choices: Choices, rng: np.random.Generator
) -> Choices:
    """Sets absences, whole periods of absence, and the codes of non-members."""
    rates = np.array([ABSENCE.get(s.bloc, ABSENCE_ELSEWHERE) for s in world.states])
    misses = rng.random(choices.shape) < rates
    misses[[c.session == LONE_VOTE_SESSION for c in calls]] = False  # no absences on that one
    choices[misses] = ABSENT
    for row, call in enumerate(calls):
        for column, state in enumerate(world.states):
            if not state.votes_on(call.day):
                choices[row, column] = NOT_MEMBER
            elif state.stays_away_on(call.day):
                choices[row, column] = ABSENT
            elif call.session == 48 and state.ccode == 560:
                choices[row, column] = YES  # South Africa's one vote, on returning to its seat
    return choices


def _vote_as_the_ussr(world: World, calls: list[RollCall], choices: Choices) -> None:
    """Ukraine and Byelorussia vote as the USSR does, but for one vote in session 2."""
    place = {s.ccode: k for k, s in enumerate(world.states)}
    for row, call in enumerate(calls):
        if call.session < FIRST_SESSION_OF_OWN_VOTES:
            choices[row, [place[369], place[370]]] = choices[row, place[365]]
    for row, call in enumerate(calls):
        if call.session == 2 and choices[row, place[365]] in (YES, NO):
            choices[row, place[370]] = ABSTAIN
            return
