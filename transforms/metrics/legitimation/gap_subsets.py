"""Roll calls on which a state's gap of agreement is taken, and the least votes that it needs."""

from dataclasses import dataclass

from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.legitimation.hegemon_support import UNPOPULAR_BELOW

CONSENSUAL = 0.8
TOP = 2.0
CONTROLS = {
    "popular": (UNPOPULAR_BELOW, TOP),
    "consensual": (CONSENSUAL, TOP),
    "contested": (UNPOPULAR_BELOW, CONSENSUAL),
}
"""Class of control votes to σ from and below."""


@dataclass(frozen=True)
class Subset:
    """Roll calls that are compared.

    Attributes:
        controls: Classes of control votes.
        least: Least number of unpopular votes and of control votes.
    """

    controls: tuple[str, ...]
    least: tuple[int, int]


SUBSETS = {
    "all": Subset(("popular", "consensual", "contested"), (10, 10)),
    "important": Subset(("popular", "consensual", "contested"), (3, 3)),
    "important_unpopular": Subset(("popular",), (3, 10)),
    "hegemon_specific": Subset(("popular",), (10, 10)),
    "us_opposed": Subset(("popular",), (1, 1)),
}
LEAST_CONTESTED = 3
OF_LEADER = ("all", "important", "important_unpopular", "hegemon_specific")
OF_OTHER_LEADER = ("all", "hegemon_specific")
"""The State Department names votes for the United States alone."""

OF_PLACEBO = ("us_opposed",)


def subsets_of(leader: int) -> tuple[str, ...]:
    """Subsets of votes that a leader has allies compared on."""
    return OF_LEADER if leader == PAPER_LEADER else OF_OTHER_LEADER
