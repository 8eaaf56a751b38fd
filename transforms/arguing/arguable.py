"""What can be varied in a claim: choices that are words of a list, and free ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GAP, STEADINESS, THREAT, GOODS = "gap", "steadiness", "threat", "goods"
RISE, CLASSICAL, PREPONDERANCE = "rise", "classical", "preponderance"
COALITION, RANKED = "coalition", "ranked"
WRITTEN, SPOKES, DURATION, BURDENS = "written", "spokes", "duration", "burdens"

TIERS = ("core", "treaty", "guarantee", "atop")
UNITED_STATES = "United States"
EVERY_LEADER = "all"


@dataclass(frozen=True)
class Arguable:
    """What can be varied in a claim.

    Attributes:
        family: Which module computes it.
        words: Choice to its known values, the primary's first.
        free: Choices whose values are not listed.
        designs: Regressor (or sample) to its designs, where they differ.
        asks: A choice and a value with which it is another question than the primary's, to what
            that asks: it then has no expected side, and no place among the variants.
    """

    family: str
    words: Mapping[str, tuple[str, ...]]
    free: Mapping[str, str]
    designs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asks: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All choices."""
        return (*self.words, *self.free)
