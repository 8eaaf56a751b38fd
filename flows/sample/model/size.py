"""How large the simulated world is: as its lists say, or larger."""

from dataclasses import dataclass

N_LISTED = 80
"""States of `sample_states.csv`, of which every world consists."""


@dataclass(frozen=True)
class WorldSize:
    """How large a simulated world is.

    Attributes:
        roll_calls: Roll calls of a session, times those of the usual world (1,200 in all).
        states: Number of states. Beyond the listed ones, further members of the United Nations are
            taken by their day of admission (`flows.sample.model.more_states`).
    """

    roll_calls: int = 1
    states: int = N_LISTED

    def __post_init__(self) -> None:
        """Refuses what no world can be.

        Raises:
            ValueError: Fewer roll calls than the usual world has, or fewer states than are listed.
        """
        if self.roll_calls < 1:
            raise ValueError(f"{self.roll_calls} times the roll calls: give a whole number from 1")
        if self.states < N_LISTED:
            raise ValueError(f"{self.states} states: a world has {N_LISTED} or more")


USUAL = WorldSize()
