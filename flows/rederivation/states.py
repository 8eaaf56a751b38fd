"""Days on which states were in the state system and in the United Nations, and who a code is."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from flows.rederivation.delimited import records
from flows.rederivation.derived import RawFile

LISTS = Path(__file__).resolve().parents[2] / "transforms" / "reference"
"""The hand-coded lists: data, which nothing of `transforms` is imported for."""

_FIRST, _LAST = date.min, date.max
_CAN_VOTE = {"member", "credentials_contested"}


def listed(name: str) -> list[dict[str, str]]:
    """The rows of a hand-coded list."""
    with (LISTS / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(text: str | None, otherwise: date) -> date:
    """A day as YYYY-MM-DD, or another one where there is none."""
    return date.fromisoformat(text) if text else otherwise


def days_of_month(month: date) -> tuple[date, date]:
    """The first and the last day of the month in which a day lies."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """A time in the state system: first day, last listed day, and the last on which it counts."""

    first: date
    last: date
    counts_to: date


class StateSystem:
    """The Correlates of War list of states; who was in it at its end is carried forward."""

    def __init__(self, file: RawFile) -> None:
        """Reads the list."""
        found: list[tuple[int, date, date]] = []
        for row in records(file):
            parts = [row.whole(c) or 0 for c in ("styear", "stmonth", "stday")]
            ends = [row.whole(c) or 0 for c in ("endyear", "endmonth", "endday")]
            found.append((row.whole("ccode") or 0, date(*parts), date(*ends)))
        end = max([last for _, _, last in found] + ([file.last_day] if file.last_day else []))
        carried = file.carried_to or end
        self.spells: dict[int, list[Spell]] = {}
        for ccode, first, last in found:
            counts_to = max(last, carried) if last >= end else last
            self.spells.setdefault(ccode, []).append(Spell(first, last, counts_to))
        self.is_in = cache(self._is_in)

    def _is_in(self, ccode: int, first: date, last: date) -> bool:
        """Whether a state counts as a member on at least one day."""
        return any(s.first <= last and first <= s.counts_to for s in self.spells.get(ccode, ()))

    def is_in_year(self, ccode: int, year: int) -> bool:
        """Whether a state counts as a member on at least one day of a year."""
        return self.is_in(ccode, date(year, 1, 1), date(year, 12, 31))

    def members(self, year: int) -> set[int]:
        """Every state that counts as a member on at least one day of a year."""
        return {ccode for ccode in self.spells if self.is_in_year(ccode, year)}


class UnMembers:
    """The dated list of UN members, as far as the states are in the state system's list."""

    def __init__(self, states: StateSystem) -> None:
        """Reads the list."""
        self.periods: dict[int, list[tuple[date, date, bool]]] = {}
        for row in listed("un_members"):
            period = day(row["valid_from"], _FIRST), day(row["valid_to"], _LAST)
            if int(row["ccode"]) in states.spells:
                can_vote = row["status"] in _CAN_VOTE
                self.periods.setdefault(int(row["ccode"]), []).append((*period, can_vote))
        self.days = cache(self._days)

    def _days(self, ccode: int, first: date, last: date) -> tuple[int, int]:
        """Days within a time on which a state could vote, and on which it was a member at all."""
        able = member = 0
        for begins, ends, can_vote in self.periods.get(ccode, ()):
            shared = max(0, (min(ends, last) - max(begins, first)).days + 1)
            member += shared
            able += shared if can_vote else 0
        return able, member


class Codes:
    """The states that a source's codes mean, on a day."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        """Takes rows with `code`, `ccode`, `valid_from` and `valid_to`."""
        self._known: dict[str, list[tuple[date, date, int]]] = {}
        for row in rows:
            days = day(row.get("valid_from"), _FIRST), day(row.get("valid_to"), _LAST)
            self._known.setdefault(row["code"], []).append((*days, int(row["ccode"])))

    def __contains__(self, code: str) -> bool:
        """Whether the code is listed at all."""
        return code in self._known

    def state(self, code: str, on: date) -> int | None:
        """The state that a code means on a day."""
        found = [c for begins, ends, c in self._known.get(code, ()) if begins <= on <= ends]
        return found[0] if found else None


def aliases(scheme: str) -> Codes:
    """The codes of one scheme of `state_aliases.csv`."""
    return Codes(row for row in listed("state_aliases") if row["scheme"] == scheme)
