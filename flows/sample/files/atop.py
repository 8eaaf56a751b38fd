"""The ATOP archive: members, alliances, phases and state-years of the sample's treaties.

As in the original, entry is dated at signature, an exit of 0-0-0 means in force at the end of
2018, a cell is blank where the text of a treaty is not known, and Egypt, which left the Arab
League and came back, has two rows with one key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flows.sample.files import atop_columns as layout
from flows.sample.files.formats import csv_bytes, zip_bytes
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import Membership, Treaty, memberships, treaties

FOLDER = "ATOP 5.1 (.csv)"
SOURCE_END = date(2018, 12, 31)
VERSION = "5.1"

TERM = {"": 0, "fulfilled": 1, "broken": 2, "renegotiated": 3, "dissolved": 0}
TERM_MODE = {
    "": 0,
    "not_renewed": 1,
    "replaced": 2,
    "broken": 3,
    "lost_independence": 4,
    "lapsed": 5,
    "war_lost": 6,
}
TERM_CAUSE = {"": 0, "replaced": 1, "broken": 3, "lost_independence": 4, "war_lost": 6}
UNSEEN_IN_SECRET_TREATIES = ("conwtin", "medarb", "natrefal", "reflnun")

Row = dict[str, str | int]


@dataclass(frozen=True)
class Stay:
    """One member in one phase of an alliance."""

    treaty: Treaty
    member: Membership
    entered_on: date
    left_on: date
    how_left: str

    @property
    def in_force(self) -> bool:
        """Whether the member is bound at the end of the source."""
        return self.left_on > SOURCE_END

    @property
    def promises(self) -> str:
        """The member's promises, as letters."""
        return self.treaty.promises + self.treaty.one_sided * self.member.bears_one_sided


def simulated_file(simulation: Simulation) -> bytes:
    """Writes the archive with its seven files.

    Args:
        simulation: The simulated world; its states give membership in the COW system.

    Returns:
        Zip of CSV files with CRLF line ends; `_NNA` files leave non-aggression pacts out.
    """
    stays = _stays()
    allied = [s for s in stays if set(s.treaty.promises + s.treaty.one_sided) - {"A"}]
    in_system = {s.ccode: s.in_system for s in simulation.world.states}
    files = {
        "a": _csv(layout.alliance_columns(59), _alliance_rows(stays)),
        "a_NNA": _csv(layout.alliance_columns(43), _alliance_rows(allied)),
        "aph": _csv(layout.phase_columns(57), _phase_rows(stays)),
        "m": _csv(layout.MEMBER_COLUMNS, _member_rows(stays, in_system)),
        "m_NNA": _csv(layout.MEMBER_COLUMNS, _member_rows(allied, in_system)),
        "sy": _csv(layout.state_year_columns(59), _state_year_rows(stays)),
        "sy_NNA": _csv(layout.state_year_columns(41), _state_year_rows(allied)),
    }
    return zip_bytes({f"{FOLDER}/atop5_1{name}.csv": text for name, text in files.items()})


def _stays() -> list[Stay]:
    """Splits every membership at the phases of its alliance."""
    found = []
    for treaty in treaties():
        for m in memberships():
            enters, leaves = max(m.signed_on, treaty.begins_on), min(m.left_on, treaty.ends_on)
            if m.atopid == treaty.atopid and enters < leaves and enters <= SOURCE_END:
                how = m.how_left if m.left_on <= treaty.ends_on else "replaced"
                found.append(Stay(treaty, m, enters, leaves, how))
    return found


def _phase_key(stay: Stay) -> tuple[int, int]:
    return stay.treaty.atopid, stay.treaty.phase


def _alliance_key(stay: Stay) -> int:
    return stay.treaty.atopid


def _member_rows(stays: list[Stay], in_system: Mapping[int, Callable[[date], bool]]) -> list[Row]:
    rows = []
    for _, group in groupby(stays, key=_phase_key):
        phase = list(group)
        for stay in phase:
            ended = "" if stay.in_force else stay.how_left
            rows.append(
                _treaty_cells(phase)
                | _promise_cells({stay.promises})
                | _date_cells("yrent moent dayent", stay.entered_on)
                | _date_cells("yrexit moexit dayexit", stay.left_on)
                | {
                    "member": stay.member.ccode,
                    "cowsys": int(in_system[stay.member.ccode](stay.entered_on)),
                    "ineffect": int(stay.in_force),
                    "terrres": int(stay.member.gives_territory),
                    "termmode": TERM_MODE[ended],
                    "termcaus": TERM_CAUSE.get(ended, 1),
                }
            )
    return rows


def _phase_rows(stays: list[Stay]) -> list[Row]:
    return [_wide_row(list(group)) for _, group in groupby(stays, key=_phase_key)]


def _alliance_rows(stays: list[Stay]) -> list[Row]:
    return [_wide_row(list(group)) for _, group in groupby(stays, key=_alliance_key)]


def _wide_row(stays: list[Stay]) -> Row:
    """One row for an alliance or phase; an obligation of any member counts."""
    last = stays[-1].treaty
    number = f"{last.atopid}.{last.phase}" if last.phase else str(last.atopid)
    members = sorted({s.member.ccode for s in stays})
    return (
        _treaty_cells(stays)
        | _promise_cells({s.promises for s in stays})
        | _date_cells("begyr begmo begday", stays[0].treaty.begins_on)
        | _date_cells("endyr endmo endday", last.ends_on)
        | {
            "atopidphase": number,
            "ineffect": int(last.ends_on > SOURCE_END),
            "terrres": max(int(s.member.gives_territory) for s in stays),
        }
        | {f"mem{k}": ccode for k, ccode in enumerate(members, start=1)}
    )


def _treaty_cells(stays: list[Stay]) -> Row:
    """Items that are the same for all members of a phase."""
    treaty = stays[-1].treaty
    unequal = len({(s.promises, s.member.gives_territory) for s in stays}) > 1
    secret = treaty.institutions.get("pubsecr") == "2"
    cells: Row = {
        "atopid": treaty.atopid,
        "bilat": int(len({s.member.ccode for s in stays}) == 2),
        "phase": treaty.phase,
        "maxphase": max(t.phase for t in treaties() if t.atopid == treaty.atopid),
        "term": TERM[treaty.how_ended],
        "asymm": int(unequal),
        "source": 1,
        "version": VERSION,
    }
    return (
        cells
        | treaty.institutions
        | (dict.fromkeys(UNSEEN_IN_SECRET_TREATIES, "") if secret else {})
    )


def _promise_cells(promises: set[str]) -> Row:
    letters = "".join(promises)
    cells: Row = {name: int(letter in letters) for letter, name in layout.PROMISES.items()}
    conditional = int("D" in letters)
    return cells | {
        "active": int("D" in letters or "O" in letters),
        "conditio": conditional,
        "defcon": conditional,
    }


def _date_cells(names: str, day: date) -> Row:
    parts = (day.year, day.month, day.day) if day <= SOURCE_END else (0, 0, 0)
    return dict(zip(names.split(), parts, strict=True))


def _state_year_rows(stays: list[Stay]) -> list[Row]:
    rows = []
    for ccode in sorted({s.member.ccode for s in stays}):
        own = [s for s in stays if s.member.ccode == ccode]
        last = max(min(s.left_on, SOURCE_END).year for s in own)
        for year in range(min(s.entered_on.year for s in own), last + 1):
            bound = [s for s in own if s.entered_on.year <= year <= s.left_on.year]
            if not bound:
                continue
            numbers = sorted({s.treaty.atopid for s in bound})
            letters = "".join(s.promises for s in bound)
            changes = {s.member.signed_on.year for s in bound} | {s.left_on.year for s in bound}
            head: Row = {"state": ccode, "year": year, "atopally": 1, "version": VERSION}
            rows.append(
                head
                | {name: int(letter in letters) for letter, name in layout.PROMISES.items()}
                | {"number": len(numbers), "transyr": int(year in changes)}
                | {f"atopid{k}": number for k, number in enumerate(numbers, start=1)}
            )
    return rows


def _csv(columns: list[str], rows: list[Row]) -> bytes:
    """Fills missing cells: blank for COW's own numbers and lists, else 0."""

    def blank(column: str) -> bool:
        return column.startswith(("cowid", "cow4id", "mem", "atopid")) and column != "member"

    table = [[row.get(c, "" if blank(c) else 0) for c in columns] for row in rows]
    return csv_bytes(columns, table, newline="\r\n")
