"""Lists of coalitions as events: dates, states left out, and what counts as support.

| coalition | support | event date | left out |
|---|---|---|---|
| iraq_2003 | a name on the list | 20 March 2003 | 2, 645 |
| mnf_i | troops in Iraq on the list's date | 20 March 2003 | 2, 645 |
| daesh | a name on the list | the list's date | 2, 645, 652 |
| daesh_strikes | air strikes up to the list's date | the list's date | 2, 645, 652 |

Troops in Iraq are read with the ties of the invasion, too: an accession of 2004 may be a reward
for troops of 2003. Covariates are of the year before the event began (2002, 2013), so that no
support can have moved them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

UNITED_STATES, IRAQ, SYRIA = 2, 645, 652
INVASION_OF_IRAQ = date(2003, 3, 20)
STRIKES = 4  # on the scale of support against ISIS

IRAQ_LIST = ("iraq_2003", date(2003, 3, 27))
ISIS_LIST = ("daesh", date(2014, 12, 31))
# The lists with all specifications; all others have only those that rest on counts.
DETAILED = (
    IRAQ_LIST,
    ("mnf_i", date(2003, 12, 31)),
    ISIS_LIST,
    ("daesh", date(2016, 1, 31)),
    ("daesh", date(2017, 12, 31)),
)
# The lists with a leave-one-out fit of the specification with covariates.
LEFT_OUT_WITH_COVARIATES = (IRAQ_LIST, ISIS_LIST)

_DISPUTED = {"solomon_islands": 940, "costa_rica": 94, "angola": 540}
LIST_VERSIONS = {
    "as_published": frozenset[int](),
    **{f"without_{name}": frozenset({ccode}) for name, ccode in _DISPUTED.items()},
    "without_all_three": frozenset(_DISPUTED.values()),
}


@dataclass(frozen=True)
class Event:
    """One list of one coalition, in one version.

    Attributes:
        coalition: Code of the coalition.
        as_of: Date of the list.
        list_version: Key of `LIST_VERSIONS`.
        event_date: Day on which states and ties are read.
        baseline_year: Year of the covariates.
        left_out: States that are not in the sample.
        levels: Level of support by state; a state that gave none is not here.
        supporters: States that gave support.
    """

    coalition: str
    as_of: date
    list_version: str
    event_date: date
    baseline_year: int
    left_out: frozenset[int]
    levels: dict[int, int]
    supporters: frozenset[int]

    @property
    def list_(self) -> tuple[str, date]:
        """Coalition and date of the list, whatever its version."""
        return self.coalition, self.as_of


def events(coalition_support: pl.DataFrame) -> list[Event]:
    """Every list of every coalition; the disputed names are taken off that of 27 March 2003.

    Args:
        coalition_support: `core.coalition_support`.

    Returns:
        Events in the order of coalition, date and version.
    """
    return sorted(_events(coalition_support), key=lambda e: (e.coalition, e.as_of, e.list_version))


def _events(coalition_support: pl.DataFrame) -> Iterator[Event]:
    for (coalition, as_of), rows in coalition_support.group_by("coalition", "as_of"):
        listed = rows.filter("is_listed")
        levels = dict(listed.select("ccode", "support_level").iter_rows())
        lists = {str(coalition): levels}
        if coalition == "daesh":
            strikes = {c: level for c, level in levels.items() if level >= STRIKES}
            lists["daesh_strikes"] = strikes
        for name, supported in lists.items():
            versions = LIST_VERSIONS if (name, as_of) == IRAQ_LIST else ("as_published",)
            for version in versions:
                yield _event(name, as_of, version, supported)


def _event(coalition: str, as_of: object, version: str, levels: dict[int, int]) -> Event:
    assert isinstance(as_of, date)
    kept = {c: level for c, level in levels.items() if c not in LIST_VERSIONS[version]}
    against_isis = coalition.startswith("daesh")
    return Event(
        coalition=coalition,
        as_of=as_of,
        list_version=version,
        event_date=as_of if against_isis else INVASION_OF_IRAQ,
        baseline_year=2013 if against_isis else 2002,
        left_out=frozenset({UNITED_STATES, IRAQ, *([SYRIA] if against_isis else [])}),
        levels=kept,
        supporters=frozenset(kept),
    )
