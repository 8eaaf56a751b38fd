"""Who did what at a roll call, from the rows of the sources: the rules once more, state by state.

A code means its state unless a rule of succession says otherwise. The dated list of members decides
who could vote: it overrules the codes for absence and for no membership. A member without a usable
row has a cell all the same, with the Library's vote where that has one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from flows.rederivation.derived import FileRow
from flows.rederivation.states import StateSystem, UnMembers, aliases, listed
from flows.rederivation.vote_sources import Judged, Listing, Resolution, RollCall

CAST = ("yes", "abstain", "no")
SEATED = (*CAST, "absent", "no_row")
COUNTED = (*SEATED, "seat_disputed")
_UN_VOTES, _LIBRARY = "un_votes", "undl_votes"


@dataclass(frozen=True)
class Cell:
    """What a state did at a roll call.

    Attributes:
        choice: As in `core.votes`.
        is_sovereign: Whether it was a sovereign state then.
        ccode_source: The code of the source's row; None where there is no row.
        filled_from: `undl_votes` where only the Library has its vote on a roll call of the file.
        rows: The rows that this comes from.
    """

    choice: str
    is_sovereign: bool
    ccode_source: int | None
    filled_from: str | None
    rows: tuple[FileRow, ...]


@dataclass(frozen=True)
class _Rule:
    target: int | None
    action: str
    sessions: tuple[int, int] | None
    months: tuple[date, date]

    def holds(self, roll_call: RollCall) -> bool:
        if self.sessions and roll_call.session is None:
            return False
        within = (
            not self.sessions or self.sessions[0] <= (roll_call.session or 0) <= self.sessions[1]
        )
        return within and self.months[0] <= roll_call.month <= self.months[1]


@dataclass(frozen=True)
class _Placed:
    """A row under its state: its choice, the rule that holds, the source's code and the line."""

    ccode: int
    choice: str
    rule: _Rule | None
    code: int | None = None
    place: str = ""


class RollCallCells:
    """The cells of every roll call."""

    def __init__(
        self,
        roll_calls: dict[int, RollCall],
        library: dict[int, Resolution],
        judged: Judged,
        states: StateSystem,
    ) -> None:
        """Takes the rows of both sources; the Library's own roll calls are added to the others."""
        self.roll_calls = dict(roll_calls)
        for rcid, (number, session) in judged.added.items():
            day = library[number].day
            self.roll_calls[rcid] = RollCall(_LIBRARY, session, day.replace(day=1), day)
        self._library, self._judged, self._states = library, judged, states
        self._members, self._codes = UnMembers(states), aliases("un_library")
        self._rules = _rules()
        self._listed = {source: self._states_listed(source) for source in (_UN_VOTES, _LIBRARY)}
        self.cells = cache(self._cells)

    def of_session(self, session: int) -> list[int]:
        """The roll calls of a session."""
        return [r for r, roll_call in self.roll_calls.items() if roll_call.session == session]

    def _cells(self, rcid: int) -> dict[int, Cell]:
        """State to cell, of one roll call."""
        rows = list(self._placed(rcid))
        moved = {row.ccode for row in rows if row.rule and row.rule.action == "relabel"}
        # the successor's row gives way to the vote under the old code
        kept = [r for r in rows if r.choice != "not_member" or r.ccode not in moved]
        first, last = self.roll_calls[rcid].days
        judged = [
            replace(row, choice=self._by_calendar(row.choice, row.ccode, first, last))
            if row.ccode in self._states.spells
            else row
            for row in kept
        ]
        judged += self._without_row(rcid, {row.ccode for row in rows})
        cells = {row.ccode: self._cell(rcid, row) for row in judged}
        return {ccode: cell for ccode, cell in cells.items() if cell}

    def _without_row(self, rcid: int, present: set[int]) -> Iterator[_Placed]:
        """Members, and states whose seat was disputed, that no row is about."""
        roll_call = self.roll_calls[rcid]
        first, last = roll_call.days
        days = (last - first).days + 1
        for ccode in (self._members.periods.keys() & self._listed[roll_call.source]) - present:
            able, member = self._members.days(ccode, first, last)
            if able == days or (able == 0 and member == days):
                choice = "no_row" if able else "seat_disputed"
                rule = self._rule(ccode, choice, roll_call)
                yield _Placed((rule.target if rule else None) or ccode, choice, rule)

    def _placed(self, rcid: int) -> Iterator[_Placed]:
        """Every row about a roll call, with its state and the rule that holds."""
        roll_call = self.roll_calls[rcid]
        rows: Iterator[Listing] = roll_call.listings()
        if roll_call.source == _LIBRARY:
            rows = iter(self._library[self._judged.added[rcid][0]].rows)
        for row in rows:
            code = row.code
            if isinstance(code, str):
                state = self._codes.state(code, roll_call.days[0])
                if state is None:
                    continue
                code = state
            rule = self._rule(code, row.choice, roll_call)
            yield _Placed(
                (rule.target if rule else None) or code, row.choice, rule, code, row.place
            )

    def _cell(self, rcid: int, row: _Placed) -> Cell | None:
        """The cell of a row, if it is one of `core.votes`."""
        roll_call, choice = self.roll_calls[rcid], row.choice
        first, last = roll_call.days
        action = row.rule.action if row.rule else ""
        if action == "drop" and choice in (*CAST, "absent"):
            return None
        if choice == "not_member":
            if not all(self._states.is_in(row.ccode, day, day) for day in (first, last)):
                return None
        elif row.ccode not in self._states.spells:
            return None
        is_outside = action == "not_sovereign" or not self._states.is_in(row.ccode, first, last)
        is_sovereign = choice == "not_member" or not is_outside
        rows = (FileRow(roll_call.source, row.place),) if row.place else ()
        filled = None
        if choice == "no_row" and (of_library := self._library_vote(rcid, row.ccode)):
            choice, filled = of_library.choice, _LIBRARY
            rows = (*rows, FileRow(_LIBRARY, of_library.place))
        return Cell(choice, is_sovereign, row.code, filled, rows)

    def _library_vote(self, rcid: int, ccode: int) -> Listing | None:
        for number in self._judged.same.get(rcid, ()):
            for row in self._library[number].rows:
                if self._codes.state(str(row.code), self._library[number].day) == ccode:
                    return row
        return None

    def _by_calendar(self, published: str, ccode: int, first: date, last: date) -> str:
        able, member = self._members.days(ccode, first, last)
        days = (last - first).days + 1
        if member == 0:
            return "not_member"
        if published in CAST:
            return published
        if able == 0 and (member == days or published == "absent"):
            return "seat_disputed"
        if published == "absent":
            return published
        if able == days:
            return "no_row"
        return "seat_disputed" if member == days else published

    def _rule(self, code: int, choice: str, roll_call: RollCall) -> _Rule | None:
        if choice == "not_member":
            return None
        return next((r for r in self._rules.get(code, ()) if r.holds(roll_call)), None)

    def _states_listed(self, source: str) -> set[int]:
        """The states that a source has on some roll call."""
        found: set[int] = set()
        for rcid, roll_call in self.roll_calls.items():
            if roll_call.source == source == _LIBRARY:
                found |= {row.ccode for row in self._placed(rcid)}
            elif roll_call.source == source:
                pairs = zip(roll_call.codes, roll_call.votes, strict=True)
                moved = {c for c, v in pairs if c in self._rules and v != 9}
                found |= {*roll_call.codes} - moved
                for code in moved:
                    rule = self._rule(code, "yes", roll_call)
                    found.add((rule.target if rule else None) or code)
        return found


def _rules() -> dict[int, list[_Rule]]:
    """The rules of succession that change something, by the code that they are about."""
    found: dict[int, list[_Rule]] = {}
    for row in listed("succession"):
        if row["action"] == "keep":
            continue
        sessions = (
            (int(row["session_from"]), int(row["session_to"])) if row["session_from"] else None
        )
        months = (
            date.fromisoformat(f"{row['month_from'] or '0001-01'}-01"),
            date.fromisoformat(f"{row['month_to'] or '9999-12'}-01"),
        )
        target = int(row["ccode"]) if row["action"] == "relabel" else None
        rule = _Rule(target, row["action"], sessions, months)
        found.setdefault(int(row["ccode_source"]), []).append(rule)
    return found
