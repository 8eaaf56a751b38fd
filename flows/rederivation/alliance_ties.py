"""ATOP's members: who is bound to whom in a year, and by which promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flows.rederivation.delimited import Record, records
from flows.rederivation.derived import Derived, FileRow, Key, RawFile, Value
from flows.rederivation.states import StateSystem, days_of_month

PROMISES = ("defense", "offense", "neutral", "nonagg", "consul")
_QUALIFIERS = ("conditio", "obvary", "notaiden", "terrres")
_LARGEST_CODE = 999  # ATOP's member 8152 has no COW code


@dataclass(frozen=True)
class Membership:
    """One row of ATOP's member file.

    Attributes:
        atopid: The alliance.
        phase: Its phase.
        ccode: The member.
        first: Day of entry.
        last: Day of exit; None where it was in force when ATOP's coverage ended.
        items: Promises and qualifiers.
        row: The row.
    """

    atopid: int
    phase: int
    ccode: int
    first: date
    last: date | None
    items: dict[str, int | None]
    row: FileRow


class Members:
    """The member file."""

    def __init__(self, file: RawFile) -> None:
        """Reads it."""
        rows = list(records(file, "members"))
        self.memberships = [m for m in map(_membership, rows) if m.ccode <= _LARGEST_CODE]
        years = [row.whole(c) or 0 for row in rows for c in ("yrent", "yrexit")]
        ends = [date(max(years), 12, 31), *([file.last_day] if file.last_day else [])]
        self.end = max(ends)

    def in_year(self, atopid: int, year: int) -> dict[int, list[Membership]]:
        """State to its memberships in an alliance in a year, on any day of it."""
        found: dict[int, list[Membership]] = {}
        for m in self.memberships:
            if m.atopid == atopid and m.first.year <= year <= (m.last or self.end).year:
                found.setdefault(m.ccode, []).append(m)
        return found

    def alliance_years(self) -> set[tuple[int, int]]:
        """Every alliance and year with at least one member."""
        return {
            (m.atopid, year)
            for m in self.memberships
            for year in range(m.first.year, (m.last or self.end).year + 1)
        }


def _membership(row: Record) -> Membership:
    def begin() -> date:
        return date(row.whole("yrent") or 0, row.whole("moent") or 1, row.whole("dayent") or 1)

    def end() -> date | None:
        if not row.whole("yrexit"):
            return None
        month = date(row.whole("yrexit") or 0, row.whole("moexit") or 1, 1)
        known = row.whole("dayexit")
        return month.replace(day=known) if known else days_of_month(month)[1]

    return Membership(
        row.whole("atopid") or 0,
        row.whole("phase") or 0,
        row.whole("member") or 0,
        begin(),
        end(),
        {name: row.whole(name) for name in (*PROMISES, *_QUALIFIERS)},
        FileRow("atop", row.place),
    )


class Obligations:
    """`core.obligations` (`flows.rederivation.derived.Derivation`): who owes whom what."""

    table = "core.obligations"
    key = ("ccode_from", "ccode_to", "year", "atopid")
    columns = (
        *("phase", *PROMISES, *_QUALIFIERS),
        *("in_force_from", "in_force_to", "is_in_force_on_31_dec", "is_cow_dyad"),
    )
    where = "true"

    def __init__(self, members: Members, states: StateSystem) -> None:
        """Pairs the members of each phase whose memberships share more than a day."""
        self._states, self._end = states, members.end
        self._found: dict[Key, tuple[date, date | None, Membership, Membership]] = {}
        phases: dict[tuple[int, int], list[Membership]] = {}
        for m in members.memberships:
            phases.setdefault((m.atopid, m.phase), []).append(m)
        for bound in phases.values():
            for giver in bound:
                for taker in bound:
                    if giver.ccode != taker.ccode:
                        self._pair(giver, taker)

    def _pair(self, giver: Membership, taker: Membership) -> None:
        first = max(giver.first, taker.first)
        ends = [day for day in (giver.last, taker.last) if day]
        last = min(ends) if ends else None
        if first >= (last or self._end):
            return
        for year in range(first.year, (last or self._end).year + 1):
            key = (giver.ccode, taker.ccode, year, giver.atopid)
            other = self._found.get(key)
            if other is None or (other[0], other[2].phase) <= (first, giver.phase):
                self._found[key] = first, last, giver, taker

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Looks the promises up."""
        return {key: self._one(key) for key in keys if key in self._found}

    def all_keys(self) -> set[Key] | None:
        """Every pair of members, year and alliance."""
        return set(self._found)

    def _one(self, key: Key) -> Derived:
        first, last, giver, taker = self._found[key]
        year = int(str(key[2]))
        pair = giver.ccode, taker.ccode
        values: dict[str, Value] = {
            "phase": giver.phase,
            **giver.items,
            "in_force_from": first,
            "in_force_to": last,
            "is_in_force_on_31_dec": (last or self._end) >= date(year, 12, 31),
            "is_cow_dyad": all(self._states.is_in_year(code, year) for code in pair),
        }
        return Derived(values, (giver.row, taker.row))
