"""The simulated world as a whole: each part is made when a file asks for it."""

from dataclasses import dataclass
from functools import cached_property

from flows.sample.model.economy import Economy, make_economy
from flows.sample.model.ideal_points import World, make_world
from flows.sample.model.quirks import Quirks, add_quirks
from flows.sample.model.roll_calls import make_agenda
from flows.sample.model.size import USUAL, WorldSize
from flows.sample.model.votes import Ballots, cast_ballots


@dataclass(frozen=True)
class Simulation:
    """A simulated world.

    Attributes:
        seed: Seed of all random numbers; each part draws from a stream of its own.
        size: How large it is.
    """

    seed: int
    size: WorldSize = USUAL

    @cached_property
    def world(self) -> World:
        """The states and their ideal points."""
        return make_world(self.seed, size=self.size)

    @property
    def ballots(self) -> Ballots:
        """Roll calls and votes."""
        return self._votes[0]

    @property
    def quirks(self) -> Quirks:
        """Deliberate irregularities of the vote files."""
        return self._votes[1]

    @cached_property
    def economy(self) -> Economy:
        """Population, output and capabilities by state and year."""
        return make_economy(self.world)

    @cached_property
    def _votes(self) -> tuple[Ballots, Quirks]:
        cast = cast_ballots(self.world, make_agenda(self.world))
        return add_quirks(cast, [state.ccode for state in self.world.states])
