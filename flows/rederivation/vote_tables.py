"""Votes, totals, agreement of two states and with a hegemon: counted roll call by roll call."""

from collections.abc import Iterable
from functools import cache
from math import sqrt
from typing import Any

from flows.rederivation.derived import Derived, FileRow, Key, Value
from flows.rederivation.roll_call_cells import CAST, COUNTED, SEATED, Cell, RollCallCells
from flows.rederivation.vote_sources import Judged, RollCall

_PARTS_LEFT_OUT_FROM = 1990
_UNANIMOUS = "_with_unanimous"
_POSITION = {"yes": 1, "abstain": 0, "no": -1}


class Votes:
    """`core.votes` (`flows.rederivation.derived.Derivation`)."""

    table = "core.votes"
    key = ("rcid", "ccode")
    columns = ("choice", "is_sovereign", "ccode_source", "filled_from", "session")
    where = "true"

    def __init__(self, ballots: RollCallCells) -> None:
        """Takes the cells of all roll calls."""
        self._ballots = ballots

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Looks the cells up."""
        found: dict[Key, Derived] = {}
        for rcid, ccode in keys:
            cell = self._cell(rcid, ccode)
            if cell:
                values = {name: getattr(cell, name) for name in self.columns[:-1]}
                values["session"] = self._ballots.roll_calls[int(str(rcid))].session
                found[rcid, ccode] = Derived(values, cell.rows)
        return found

    def _cell(self, rcid: Value, ccode: Value) -> Cell | None:
        number = int(str(rcid))
        if number not in self._ballots.roll_calls:
            return None
        return self._ballots.cells(number).get(int(str(ccode)))

    def all_keys(self) -> set[Key] | None:
        """Too many to be counted here."""
        return None


class RollCalls:
    """`core.roll_calls` (`flows.rederivation.derived.Derivation`): dates, and totals as counted."""

    table = "core.roll_calls"
    key = ("rcid",)
    columns = (
        *("session", "vote_date", "vote_month", "year", "source", "in_final_only_as_listed"),
        *("n_yes", "n_abstain", "n_no", "is_unanimous"),
    )
    where = "true"

    def __init__(self, ballots: RollCallCells) -> None:
        """Takes the cells of all roll calls."""
        self._ballots = ballots

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Counts the votes."""
        found: dict[Key, Derived] = {}
        for (rcid,) in keys:
            roll_call = self._ballots.roll_calls.get(int(str(rcid)))
            if roll_call is None:
                continue
            cells = self._ballots.cells(int(str(rcid))).values()
            counted = {f"n_{c}": sum(cell.choice == c for cell in cells) for c in CAST}
            values: dict[str, Value] = {
                "session": roll_call.session,
                "vote_date": roll_call.day,
                "vote_month": roll_call.month,
                "year": roll_call.month.year,
                "source": roll_call.source,
                "in_final_only_as_listed": not _is_left_out(roll_call),
                **counted,
                "is_unanimous": sum(n > 0 for n in counted.values()) == 1,
            }
            found[rcid,] = Derived(values, _rows_of(cells))
        return found

    def all_keys(self) -> set[Key] | None:
        """All roll calls of both sources."""
        return {(rcid,) for rcid in self._ballots.roll_calls}


class Session:
    """The roll calls of a session, with what all states did at each."""

    def __init__(self, number: int, ballots: RollCallCells, judged: Judged) -> None:
        """Takes the session's roll calls."""
        self._ballots, self._judged = ballots, judged
        self.rcids = sorted(ballots.of_session(number))

    def chosen(self, vote_set: str) -> list[int]:
        """The roll calls of a vote set."""
        base = vote_set.removesuffix(_UNANIMOUS)
        return [
            rcid
            for rcid in self.rcids
            if (base == "final_only_as_listed" or rcid not in self._judged.duplicates)
            and (base == "all_recorded" or not _is_left_out(self._ballots.roll_calls[rcid]))
            and (vote_set.endswith(_UNANIMOUS) or not self._is_unanimous(rcid))
        ]

    def cells(self, rcid: int) -> dict[int, Cell]:
        """State to cell, of one roll call."""
        return self._ballots.cells(rcid)

    def _is_unanimous(self, rcid: int) -> bool:
        return len({c.choice for c in self.cells(rcid).values()} & {*CAST}) == 1


class Agreement:
    """Counts and measures of two states' joint votes (`flows.rederivation.derived.Derivation`)."""

    where = "true"

    def __init__(self, table: str, ballots: RollCallCells, judged: Judged) -> None:
        """Takes `core.dyad_sessions` or `metrics.vote_similarity`."""
        self.table = table
        is_core = table == "core.dyad_sessions"
        self.key = ("ccode1", "ccode2", "session", *(() if is_core else ("vote_set",)))
        counts = ("n_both_member", "n_joint", "n_same", "n_partial", "n_opposite")
        measures = ("agreement", "s_abs", "s_sq", "pi_abs", "kappa_abs", "tau_b", "null_reason")
        self.columns = counts if is_core else (*counts, *measures)
        self._session = cache(lambda number: Session(number, ballots, judged))

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Counts the joint votes."""
        return {key: self._one(key) for key in keys}

    def all_keys(self) -> set[Key] | None:
        """Too many to be counted here."""
        return None

    def _one(self, key: Key) -> Derived:
        one, other, number = (int(str(part)) for part in key[:3])
        session: Session = self._session(number)
        chosen = session.chosen(str(key[3]) if len(key) > 3 else "final_only")
        pairs = [self._pair(session.cells(rcid), one, other) for rcid in chosen]
        joint = [
            (_POSITION[a.choice], _POSITION[b.choice])
            for a, b in pairs
            if a and b and a.choice in CAST and b.choice in CAST
        ]
        values: dict[str, Value] = {
            "n_both_member": sum(_both(pair, SEATED) for pair in pairs),
            "n_joint": len(joint),
            "n_same": sum(a == b for a, b in joint),
            "n_partial": sum(abs(a - b) == 1 for a, b in joint),
            "n_opposite": sum(abs(a - b) == 2 for a, b in joint),
        }
        if len(key) > 3:
            values |= measures(joint)
            seen = pairs or [self._pair(session.cells(r), one, other) for r in session.rcids]
            values["null_reason"] = _reason(values, seen)
        rows = [row for a, b in pairs for c in (a, b) if c and c.choice in CAST for row in c.rows]
        return Derived({name: values[name] for name in self.columns}, tuple(rows))

    def _pair(
        self, cells: dict[int, Cell], one: int, other: int
    ) -> tuple[Cell | None, Cell | None]:
        return cells.get(one), cells.get(other)


def measures(joint: list[tuple[int, int]]) -> dict[str, Value]:
    """Measures of similarity as they are defined, vote by vote; None where they are undefined."""
    n = len(joint)
    names = ("agreement", "s_abs", "s_sq", "pi_abs", "kappa_abs", "tau_b")
    if n == 0:
        return dict.fromkeys(names)
    gap = sum(abs(a - b) for a, b in joint) / n
    squared = sum((a - b) ** 2 for a, b in joint) / n
    ones, others = [a for a, _ in joint], [b for _, b in joint]
    both = [*ones, *others]
    by_pool = _mean_gap(both, both)
    by_margin = _mean_gap(ones, others)
    return {
        "agreement": 1 - gap / 2,
        "s_abs": 1 - gap,
        "s_sq": 1 - squared / 2,
        "pi_abs": 1 - gap / by_pool if by_pool else None,
        "kappa_abs": 1 - gap / by_margin if by_margin else None,
        "tau_b": _tau_b(joint),
    }


def _mean_gap(ones: list[int], others: list[int]) -> float:
    """The mean distance of any value of one list from any of the other."""
    total = sum(
        abs(a - b) * ones.count(a) * others.count(b) for a in (-1, 0, 1) for b in (-1, 0, 1)
    )
    return total / (len(ones) * len(others))


def _tau_b(joint: list[tuple[int, int]]) -> float | None:
    balance = untied1 = untied2 = 0
    for at, (a, b) in enumerate(joint):
        for c, d in joint[at + 1 :]:
            sign = (a - c) * (b - d)
            balance += (sign > 0) - (sign < 0)
            untied1 += a != c
            untied2 += b != d
    return balance / sqrt(untied1 * untied2) if untied1 and untied2 else None


def _reason(values: dict[str, Value], pairs: list[Any]) -> str | None:
    if values["n_joint"]:
        return "no_variation" if None in values.values() else None
    if not any(_both(pair, COUNTED) for pair in pairs):
        return "not_member"
    if not any(_both(pair, SEATED) for pair in pairs):
        return "seat_disputed"
    sides = list(zip(*pairs, strict=True))
    known = [{c.choice for c in side if c} for side in sides]
    if any(not side & {*CAST, "absent"} and side & {*SEATED} for side in known):
        return "no_row"
    return "absent_all" if any(not side & {*CAST} for side in known) else "n_below_min"


def _both(pair: tuple[Cell | None, Cell | None], choices: tuple[str, ...]) -> bool:
    return all(cell is not None and cell.choice in choices for cell in pair)


def _is_left_out(roll_call: RollCall) -> bool:
    """Whether it is on a paragraph or an amendment, in the years in which these are listed."""
    return roll_call.is_part and roll_call.month.year >= _PARTS_LEFT_OUT_FROM


def _rows_of(cells: Iterable[Cell]) -> tuple[FileRow, ...]:
    return tuple(row for cell in cells for row in cell.rows)
