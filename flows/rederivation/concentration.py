"""Capability asymmetry of alliances, and concentration in the state system, as defined."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import sqrt
from statistics import median

from flows.rederivation.alliance_ties import Members
from flows.rederivation.derived import Derived, FileRow, Key, Value
from flows.rederivation.states import StateSystem, listed
from flows.rederivation.yearly_figures import WholeTable

_COLUMNS_OF = {
    "cinc": "cinc",
    "milex": "milex_thousand",
    "milper": "milper_thousand",
    "gdp": "gdp_usd",
}
_ENOUGH = 0.8
_MAJORS_KNOWN_TO = 2016


class Figures:
    """Figures of states by year, and who was a major power."""

    def __init__(self, capabilities: WholeTable, gdp: WholeTable, states: StateSystem) -> None:
        """Takes the tables that were derived of the files."""
        self._of = {v: gdp if v == "gdp" else capabilities for v in _COLUMNS_OF}
        self.capabilities = capabilities
        self._majors = [row for row in listed("major_powers") if int(row["ccode"]) in states.spells]

    def value(
        self, variable: str, ccode: int, year: int
    ) -> tuple[float | None, tuple[FileRow, ...]]:
        """A figure, and where it is; None where there is none."""
        row = self._of[variable].rows.get((ccode, year))
        found = row.values[_COLUMNS_OF[variable]] if row else None
        return (float(str(found)) if found is not None else None), row.rows if row else ()

    @cache  # noqa: B019 - there is one of these
    def years(self, variable: str) -> tuple[int, int]:
        """The first and the last year in which any state has a figure."""
        column = _COLUMNS_OF[variable]
        rows = self._of[variable].rows.items()
        years = [int(str(key[1])) for key, row in rows if row.values[column] is not None]
        return min(years), max(years)

    def is_major(self, ccode: int, year: int) -> bool:
        """Whether a state was a major power; who was one at the end of the list is one since."""
        return any(
            int(row["ccode"]) == ccode
            and int(row["year_from"]) <= year
            and (year <= int(row["year_to"]) or int(row["year_to"]) == _MAJORS_KNOWN_TO)
            for row in self._majors
        )

    def majors(self, year: int) -> set[int]:
        """The major powers of a year."""
        return {int(r["ccode"]) for r in self._majors if self.is_major(int(r["ccode"]), year)}


class CapabilityAsymmetry:
    """`metrics.capability_asymmetry` (`flows.rederivation.derived.Derivation`)."""

    table = "metrics.capability_asymmetry"
    key = ("atopid", "year", "variable")
    columns = (
        *("n_members", "n_observed", "null_reason", "leader_ccode", "leader_share"),
        *("ratio_first_second", "dominance", "ratio_leader_median", "majority_margin", "hhi"),
        *("concentration", "is_asymmetric"),
    )
    where = "true"

    def __init__(self, members: Members, figures: Figures) -> None:
        """Takes ATOP's members and the figures of states."""
        self._members, self._figures = members, figures

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Measures an alliance in a year."""
        return {k: self._one(int(str(k[0])), int(str(k[1])), str(k[2])) for k in keys}

    def all_keys(self) -> set[Key] | None:
        """Every alliance, year and variable."""
        pairs = self._members.alliance_years()
        return {(atopid, year, variable) for atopid, year in pairs for variable in _COLUMNS_OF}

    def _one(self, atopid: int, year: int, variable: str) -> Derived:
        members = self._members.in_year(atopid, year)
        found = {c: self._figures.value(variable, c, year) for c in members}
        known = {c: x for c, (x, _) in found.items() if x is not None}
        rows = [m.row for ms in members.values() for m in ms]
        rows += [row for _, places in found.values() for row in places]
        reason = self._reason(variable, year, members, known)
        values: dict[str, Value] = dict.fromkeys(self.columns)
        values |= {"n_members": len(members), "n_observed": len(known), "null_reason": reason}
        if reason is None:
            milex = {c: self._figures.value("milex", c, year)[0] for c in known}
            order = sorted(known, key=lambda c: (-known[c], -(milex[c] or 0), c))
            values |= {"leader_ccode": order[0], **_measures([known[c] for c in order])}
        return Derived(values, tuple(rows))

    def _reason(
        self, variable: str, year: int, members: Iterable[int], known: dict[int, float]
    ) -> str | None:
        states = list(members)
        first, last = self._figures.years(variable)
        if len(states) == 1:
            return "single_member"
        if not first <= year <= last:
            return "out_of_coverage"
        lacks_major = any(self._figures.is_major(c, year) for c in states if c not in known)
        if len(known) < _ENOUGH * len(states) - 1e-9 or lacks_major:
            return "capability_missing"
        return "no_variation" if sum(known.values()) == 0 else None


def _measures(falling: Sequence[float]) -> dict[str, Value]:
    """Measures of figures that are sorted, the largest first."""
    n, total = len(falling), sum(falling)
    shares = [x / total for x in falling]
    found: dict[str, Value] = {"leader_share": shares[0], "majority_margin": 2 * shares[0] - 1}
    hhi = sum(s * s for s in shares)
    found["hhi"] = hhi
    if n > 1:
        first, second, middle = falling[0], falling[1], median(falling[1:])
        ratio = first / second if second else None
        found["ratio_first_second"] = ratio
        found["is_asymmetric"] = ratio >= 3 if ratio is not None else None
        found["dominance"] = (first - second) / (first + second)
        found["ratio_leader_median"] = first / middle if middle else None
        found["concentration"] = sqrt(max(0.0, (hhi - 1 / n) / (1 - 1 / n)))
    return found


class SystemConcentration:
    """`metrics.system_concentration` (`flows.rederivation.derived.Derivation`)."""

    table = "metrics.system_concentration"
    key = ("year", "state_set")
    columns = (
        *("n_states", "n_missing", "null_reason", "concentration", "usa_share"),
        *("leader_ccode", "leader_share"),
    )
    where = "true"

    def __init__(self, figures: Figures) -> None:
        """Takes the figures of states."""
        self._figures = figures

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Measures a set of states in a year."""
        return {key: self._one(int(str(key[0])), str(key[1])) for key in keys}

    def all_keys(self) -> set[Key] | None:
        """Both sets of every year that the capabilities cover."""
        years = {int(str(year)) for _, year in self._figures.capabilities.rows}
        kept = {(y, "majors") for y in years if self._figures.majors(y)}
        return {*((year, "all") for year in years), *kept}

    def _one(self, year: int, state_set: str) -> Derived:
        everyone = {int(str(c)) for c, y in self._figures.capabilities.rows if y == year}
        majors = self._figures.majors(year)
        states = sorted(majors if state_set == "majors" else everyone)
        found = {c: self._figures.value("cinc", c, year) for c in states}
        known = {c: x for c, (x, _) in found.items() if x is not None}
        too_few = len(known) < max(2, _ENOUGH * len(states) - 1e-9)
        lacks_major = any(c in majors for c in states if c not in known)
        values: dict[str, Value] = dict.fromkeys(self.columns)
        values |= {"n_states": len(states), "n_missing": len(states) - len(known)}
        if len(states) < 2:
            values["null_reason"] = "single_member"
        elif too_few or lacks_major:
            values["null_reason"] = "capability_missing"
        else:
            order = sorted(known, key=lambda c: (-known[c], c))
            measured = _measures([known[c] for c in order])
            values |= {name: measured[name] for name in ("concentration", "leader_share")}
            values["leader_ccode"] = order[0]
            values["usa_share"] = known[2] / sum(known.values()) if 2 in known else None
        rows = tuple(row for _, places in found.values() for row in places)
        return Derived(values, rows)
