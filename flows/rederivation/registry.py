"""The tables that are derived again, and what is read for them; each file is read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flows.rederivation import dyads, yearly_figures
from flows.rederivation.alliance_ties import Members, Obligations
from flows.rederivation.concentration import CapabilityAsymmetry, Figures, SystemConcentration
from flows.rederivation.derived import Derivation, RawFile
from flows.rederivation.hegemon_agreement import HegemonAgreement
from flows.rederivation.roll_call_cells import RollCallCells
from flows.rederivation.states import StateSystem
from flows.rederivation.vote_sources import Judged, library_file, vote_file
from flows.rederivation.vote_tables import Agreement, RollCalls, Votes
from flows.rederivation.yearly_figures import WholeTable

_IMPORTANCE = "is_important_published"
_VOTES = ("un_votes", "undl_votes", "cow_states")


@dataclass
class Sources:
    """The snapshots of one build, read as they are asked for.

    Attributes:
        files: Slug to snapshot.
        judged: What is taken over from the published file.
    """

    files: Mapping[str, RawFile]
    judged: Judged

    @cached_property
    def states(self) -> StateSystem:
        """The state system."""
        return StateSystem(self.files["cow_states"])

    @cached_property
    def members(self) -> Members:
        """ATOP's members."""
        return Members(self.files["atop"])

    @cached_property
    def capabilities(self) -> WholeTable:
        """Capabilities of states."""
        return yearly_figures.capabilities(self.files, self.states)

    @cached_property
    def gdp(self) -> WholeTable:
        """GDP of states."""
        return yearly_figures.gdp(self.files, self.states)

    @cached_property
    def figures(self) -> Figures:
        """Figures of states by year."""
        return Figures(self.capabilities, self.gdp, self.states)

    @cached_property
    def ballots(self) -> RollCallCells:
        """The votes of both sources."""
        library = library_file(self.files["undl_votes"])
        return RollCallCells(vote_file(self.files["un_votes"]), library, self.judged, self.states)

    @property
    def flagged(self) -> tuple[int, int]:
        """The sessions in which important votes are flagged."""
        first, last = self.files["un_votes"].flagged[_IMPORTANCE]
        calls = self.ballots.roll_calls.values()
        return first, max([last, *(c.session or 0 for c in calls if c.importance is not None)])


@dataclass(frozen=True)
class Derivable:
    """A table that can be derived, before anything is read.

    Attributes:
        table: Its full name.
        sources: The snapshots that are read for it.
        make: Reads them.
    """

    table: str
    sources: tuple[str, ...]
    make: Callable[[Sources], Derivation]


def _whole(table: str, slug: str, make: Callable[..., WholeTable]) -> Derivable:
    return Derivable(table, (slug, "cow_states"), lambda s: make(s.files, s.states))


DERIVABLE = (
    Derivable("core.votes", _VOTES, lambda s: Votes(s.ballots)),
    Derivable("core.roll_calls", _VOTES, lambda s: RollCalls(s.ballots)),
    Derivable(
        "core.dyad_sessions", _VOTES, lambda s: Agreement("core.dyad_sessions", s.ballots, s.judged)
    ),
    Derivable(
        "metrics.vote_similarity",
        _VOTES,
        lambda s: Agreement("metrics.vote_similarity", s.ballots, s.judged),
    ),
    Derivable(
        "metrics.hegemon_support",
        _VOTES,
        lambda s: HegemonAgreement(s.ballots, s.judged, s.flagged),
    ),
    Derivable("core.capabilities", ("cow_capabilities", "cow_states"), lambda s: s.capabilities),
    Derivable("core.gdp", ("gdp", "cow_states"), lambda s: s.gdp),
    _whole("core.us_troops", "us_troops", yearly_figures.us_troops),
    _whole("core.trade", "cow_trade", yearly_figures.trade),
    _whole("core.ideal_points_published", "un_ideal_points", yearly_figures.ideal_points),
    _whole("core.military_expenditure", "sipri_milex", yearly_figures.military_expenditure),
    _whole("core.contiguity", "cow_contiguity", dyads.contiguity),
    Derivable(
        "core.distances",
        ("cow_distance", "cow_states"),
        lambda s: dyads.Distances(s.files["cow_distance"], s.states),
    ),
    Derivable(
        "core.obligations", ("atop", "cow_states"), lambda s: Obligations(s.members, s.states)
    ),
    Derivable(
        "metrics.capability_asymmetry",
        ("atop", "cow_capabilities", "gdp", "cow_states"),
        lambda s: CapabilityAsymmetry(s.members, s.figures),
    ),
    Derivable(
        "metrics.system_concentration",
        ("cow_capabilities", "cow_states"),
        lambda s: SystemConcentration(s.figures),
    ),
)
"""Every table that can be derived again."""
