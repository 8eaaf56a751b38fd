"""What a site says that is not in the warehouse; it is passed in by who has it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ClaimText:
    """What is said of a claim where it is defined.

    Attributes:
        reading: The figure that is estimated, in words.
        limits: What the figure cannot tell.
        would_change: What would refute or weaken the claim, or the data that it needs.
    """

    reading: str
    limits: str
    would_change: tuple[str, ...]


@dataclass(frozen=True)
class SiteTexts:
    """Texts from outside the warehouse.

    Attributes:
        claims: Claim to its text.
        changes: What changed since the build before, as `changes/<build>.md` has it; None where
            no earlier build is kept.
        names: Names of states in several languages, without case, accents and articles, to the
            COW code that each means.
        citation: How to cite the project.
    """

    claims: Mapping[str, ClaimText] = field(default_factory=dict)
    changes: str | None = None
    names: Mapping[str, int] = field(default_factory=dict)
    citation: str = ""
