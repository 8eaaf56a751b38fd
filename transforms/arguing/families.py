"""What computes an argument, from which tables and lists, and over which years or sessions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from transforms.arguing import (
    burdens,
    coalitions,
    duration,
    gap,
    goods,
    ratios,
    rise,
    spokes,
    steadiness,
    threat,
    written,
)
from transforms.arguing.answer import Answer
from transforms.arguing.arguable import (
    BURDENS,
    CLASSICAL,
    COALITION,
    DURATION,
    GAP,
    GOODS,
    PREPONDERANCE,
    RANKED,
    RISE,
    SPOKES,
    STEADINESS,
    THREAT,
    WRITTEN,
)

_OF_YEARS = "SELECT min(year), max(year) FROM {}"
_MEASURED = _OF_YEARS.format("metrics.capability_asymmetry")
_TIERS = _OF_YEARS.format("marts.ally_tier")
SESSIONS = "SELECT min(session), max(session) FROM core.roll_calls"


@dataclass(frozen=True)
class Family:
    """How claims of a kind are computed.

    Attributes:
        answer: The function: question and tables, and coverage where it needs any.
        tables: Full names of the tables that it reads.
        more_tables: Claim to further tables.
        lists: Hand-coded lists that it reads.
        lists_of: Claim to further lists.
        coverage: Sources whose declared coverage it gets.
        span: SQL of the first and last session or year that can be asked for.
    """

    answer: Callable[..., Answer]
    tables: tuple[str, ...]
    more_tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    lists_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coverage: tuple[str, ...] = ()
    span: str = SESSIONS

    @property
    def in_years(self) -> bool:
        """Whether its window is one of years."""
        return self.span != SESSIONS

    def tables_of(self, claim: str) -> tuple[str, ...]:
        """All tables that a claim needs."""
        return (*self.tables, *self.more_tables.get(claim, ()))

    def all_lists(self, claim: str) -> tuple[str, ...]:
        """All lists that a claim needs."""
        return (*self.lists, *self.lists_of.get(claim, ()))


FAMILIES: Mapping[str, Family] = {
    GAP: Family(gap.gap_answer, gap.TABLES, gap.MORE_TABLES, lists_of=gap.LISTS),
    STEADINESS: Family(steadiness.steadiness_answer, steadiness.TABLES),
    THREAT: Family(threat.threat_answer, threat.TABLES),
    GOODS: Family(goods.goods_answer, goods.TABLES, lists=goods.LISTS),
    RISE: Family(rise.rise_answer, rise.TABLES, span=_MEASURED),
    CLASSICAL: Family(ratios.classical_answer, ratios.CLASSICAL_TABLES, span=_MEASURED),
    PREPONDERANCE: Family(
        ratios.preponderance_answer,
        ratios.PREPONDERANCE_TABLES,
        span=_OF_YEARS.format("marts.state_year"),
    ),
    COALITION: Family(
        coalitions.coalition_answer, coalitions.TABLES, lists=coalitions.LISTS, span=_TIERS
    ),
    RANKED: Family(
        coalitions.ranked_answer, coalitions.TABLES, lists=coalitions.RANKED_LISTS, span=_TIERS
    ),
    WRITTEN: Family(written.written_answer, written.TABLES, span=_MEASURED),
    SPOKES: Family(
        spokes.spokes_answer,
        spokes.TABLES,
        coverage=spokes.COVERAGE,
        span=_OF_YEARS.format("core.obligations"),
    ),
    DURATION: Family(
        duration.duration_answer,
        duration.TABLES,
        coverage=duration.COVERAGE,
        span="SELECT min(year(began_on)), (SELECT max(year) FROM core.obligations)"
        " FROM core.alliances",
    ),
    BURDENS: Family(
        burdens.burdens_answer,
        burdens.TABLES,
        span=_OF_YEARS.format("metrics.burden_sharing"),
    ),
}
