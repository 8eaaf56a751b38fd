"""Ideal points of the simulated states, by session."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from flows.sample.model.more_states import further_states
from flows.sample.model.parameters import BLOC_PATHS, SESSIONS, Parameters
from flows.sample.model.size import N_LISTED, USUAL, WorldSize
from flows.sample.model.states import State, states

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """The world of one seed.

    Attributes:
        seed: Seed of all random numbers.
        parameters: Parameters of the model.
        states: Its states, by COW code.
        ideal_points: State × session (column s - 1 is session s), in units of θ.
        size: How large it is.
    """

    seed: int
    parameters: Parameters
    states: tuple[State, ...]
    ideal_points: Floats = field(repr=False)
    size: WorldSize = USUAL

    def rng(self, topic: str) -> np.random.Generator:
        """A generator per topic, so that a change in one leaves the others unchanged."""
        return _rng(self.seed, topic)


def make_world(seed: int, parameters: Parameters | None = None, size: WorldSize = USUAL) -> World:
    """Draws the ideal point of every state in every session.

    Args:
        seed: Seed of all random numbers.
        parameters: Parameters of the model; other than the default for tests.
        size: How large it is.

    Returns:
        The world, without votes.
    """
    chosen = parameters or Parameters()
    members = states_of(size)
    return World(seed, chosen, members, _ideal_points(seed, chosen, members), size)


def states_of(size: WorldSize) -> tuple[State, ...]:
    """The states of a world of that size, by COW code."""
    listed = states()
    more = further_states(listed, size.states - N_LISTED)
    return tuple(sorted((*listed, *more), key=lambda s: s.ccode))


def _rng(seed: int, topic: str) -> np.random.Generator:
    return np.random.default_rng([seed, *topic.encode("utf-8")])


def _ideal_points(seed: int, parameters: Parameters, members: tuple[State, ...]) -> Floats:
    """Path of the bloc, plus a constant and an autoregressive deviation of the state."""
    rng = _rng(seed, "ideal points")
    sessions = np.arange(1, SESSIONS + 1)
    paths = np.array(
        [
            np.interp(sessions, list(BLOC_PATHS[s.bloc]), list(BLOC_PATHS[s.bloc].values()))
            for s in members
        ]
    )
    spread = [
        parameters.state_sd_west if s.bloc == "west" else parameters.state_sd for s in members
    ]
    constant = rng.standard_normal(len(members)) * np.array(spread)
    constant[[s.bloc == "hegemon" for s in members]] = 0.0
    shocks = rng.standard_normal(paths.shape) * parameters.drift_sd
    drift = np.zeros_like(paths)
    drift[:, 0] = shocks[:, 0]
    innovation = np.sqrt(1 - parameters.drift_memory**2)
    for s in range(1, SESSIONS):
        drift[:, s] = parameters.drift_memory * drift[:, s - 1] + innovation * shocks[:, s]
    points: Floats = np.round(paths + constant[:, None] + drift, 6)
    return points
