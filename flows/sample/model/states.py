"""States and treaties of the simulated world, read from `transforms/reference`."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

REFERENCE = files("transforms") / "reference"
REFERENCE_FILES = (
    *("sample_states.csv", "sample_treaties.csv", "sample_alliances.csv"),
    *("un_members.csv", "state_aliases.csv"),
)

FOREVER = date(9999, 12, 31)
HEGEMON = 2


@dataclass(frozen=True)
class Spell:
    """A period, both ends included; `last` is `FOREVER` where it goes on.

    `abb` and `name` are set where the state is listed under another name in this period.
    """

    first: date
    last: date
    abb: str = ""
    name: str = ""

    def holds(self, day: date) -> bool:
        """Whether the day lies within the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class State:
    """One state of the simulated world; the fields are those of `sample_states.yml`."""

    ccode: int
    abb: str
    name: str
    iso3: str
    bloc: str
    system: tuple[Spell, ...]
    voting: tuple[Spell, ...]
    absent: tuple[Spell, ...]
    file_sessions: tuple[int, int]
    population: tuple[float, float]
    income: tuple[float, float]
    vote_file_name: str
    bank_name: str | None
    sipri_name: str | None
    troops_name: str | None

    def in_system(self, day: date) -> bool:
        """Whether the state belongs to the COW system on that day."""
        return any(spell.holds(day) for spell in self.system)

    def in_system_year(self, year: int) -> bool:
        """Whether the state belongs to the COW system on any day of the year."""
        return any(spell.first.year <= year <= spell.last.year for spell in self.system)

    def votes_on(self, day: date) -> bool:
        """Whether the vote file has this code as a member on that day."""
        return any(spell.holds(day) for spell in self.voting)

    def stays_away_on(self, day: date) -> bool:
        """Whether the state is a member that takes part in no vote at that time."""
        return any(spell.holds(day) for spell in self.absent)

    def listed_in(self, session: int) -> bool:
        """Whether the vote file has rows of this code in that session."""
        return self.file_sessions[0] <= session <= self.file_sessions[1]


@dataclass(frozen=True)
class Treaty:
    """One phase of an alliance; the fields are those of `sample_treaties.yml`."""

    atopid: int
    phase: int
    title: str
    begins_on: date
    ends_on: date
    how_ended: str
    promises: str
    one_sided: str
    institutions: dict[str, str]


@dataclass(frozen=True)
class Membership:
    """One stay of a state in an alliance; the fields are those of `sample_alliances.yml`."""

    atopid: int
    ccode: int
    signed_on: date
    in_force_on: date
    left_on: date
    how_left: str
    us_tier: str
    gives_territory: bool
    bears_one_sided: bool


@cache
def states() -> tuple[State, ...]:
    """The states, by COW code."""
    return tuple(sorted(map(_state, listed_rows("sample_states.csv")), key=lambda s: s.ccode))


@cache
def treaties() -> tuple[Treaty, ...]:
    """The treaties, by ATOP number and phase."""
    found = map(_treaty, listed_rows("sample_treaties.csv"))
    return tuple(sorted(found, key=lambda t: (t.atopid, t.phase)))


@cache
def memberships() -> tuple[Membership, ...]:
    """The members' stays, by ATOP number, day of signature and COW code."""
    found = map(_membership, listed_rows("sample_alliances.csv"))
    return tuple(sorted(found, key=lambda m: (m.atopid, m.signed_on, m.ccode)))


def is_core_ally(ccode: int, day: date) -> bool:
    """Whether a guarantee of the United States is in force for the state on that day."""
    return any(first <= day < left for first, left in _guarantees().get(ccode, ()))


@cache
def _guarantees() -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = {}
    for m in memberships():
        if m.us_tier == "core" and m.ccode != HEGEMON:
            found.setdefault(m.ccode, []).append((m.in_force_on, m.left_on))
    return found


def listed_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a hand-coded list, by its file's name."""
    return csv.DictReader((REFERENCE / name).read_text("utf-8").splitlines())


def _spells(text: str) -> tuple[Spell, ...]:
    """Parses `FROM/TO FROM/TO=ABB:NAME`; an empty TO goes on for ever."""
    found = []
    for part in text.split(" "):
        period, _, names = part.partition("=")
        if period:
            abb, _, name = names.partition(":")
            first, _, last = period.partition("/")
            found.append(Spell(date.fromisoformat(first), _day(last), abb, name))
    return tuple(found)


def _day(text: str) -> date:
    return date.fromisoformat(text) if text else FOREVER


def _state(row: dict[str, str]) -> State:
    def named(column: str) -> str | None:
        return None if row[column] == "-" else row[column] or row["name"]

    first, _, last = (row["file_sessions"] or "1-0").partition("-")
    return State(
        ccode=int(row["ccode"]),
        abb=row["cow_abb"],
        name=row["name"],
        iso3=row["iso3"],
        bloc=row["bloc"],
        system=_spells(row["system_spells"]),
        voting=_spells(row["voting_spells"]),
        absent=_spells(row["absent_spells"]),
        file_sessions=(int(first), int(last)),
        population=(float(row["population_1950_m"]) * 1e6, float(row["population_2020_m"]) * 1e6),
        income=(float(row["income_1960_usd"]), float(row["income_2020_usd"])),
        vote_file_name=row["vote_file_name"] or row["name"],
        bank_name=named("bank_name"),
        sipri_name=named("sipri_name"),
        troops_name=named("troops_name"),
    )


def _treaty(row: dict[str, str]) -> Treaty:
    return Treaty(
        atopid=int(row["atopid"]),
        phase=int(row["phase"]),
        title=row["title"],
        begins_on=date.fromisoformat(row["begins_on"]),
        ends_on=_day(row["ends_on"]),
        how_ended=row["how_ended"],
        promises=row["promises"],
        one_sided=row["one_sided"],
        institutions=dict(i.split("=") for i in row["institutions"].split()),
    )


def _membership(row: dict[str, str]) -> Membership:
    return Membership(
        atopid=int(row["atopid"]),
        ccode=int(row["ccode"]),
        signed_on=date.fromisoformat(row["signed_on"]),
        in_force_on=date.fromisoformat(row["in_force_on"]),
        left_on=_day(row["left_on"]),
        how_left=row["how_left"],
        us_tier=row["us_tier"],
        gives_territory=row["gives_territory"] == "1",
        bears_one_sided=row["bears_one_sided"] == "1",
    )
