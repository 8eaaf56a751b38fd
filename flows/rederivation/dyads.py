"""Pairs of states: minimum distances and direct contiguity."""

from collections.abc import Iterable
from datetime import date

from flows.rederivation import r_tables
from flows.rederivation.derived import Derived, FileRow, Key, RawFile
from flows.rederivation.states import StateSystem, days_of_month
from flows.rederivation.yearly_figures import Files, WholeTable


class Distances:
    """`core.distances` (`flows.rederivation.derived.Derivation`): while both are states."""

    table = "core.distances"
    key = ("ccode1", "ccode2", "year")
    columns = ("distance_km_min",)
    where = "true"

    def __init__(self, file: RawFile, states: StateSystem) -> None:
        """Reads the file."""
        columns = r_tables.columns_of(file)
        self._kilometres = columns["mindist"]
        parts = (columns[name] for name in self.key)
        self._at: dict[Key, int] = {
            (int(one), int(other), int(year)): at
            for at, (one, other, year) in enumerate(zip(*parts, strict=True))
        }
        self._states = states

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Looks the distances up."""
        found: dict[Key, Derived] = {}
        for key in keys:
            at = self._at.get(key)
            if at is not None:
                place = FileRow("cow_distance", f"row {at + 1} of the table")
                found[key] = Derived({"distance_km_min": self._kilometres[at]}, (place,))
        return found

    def all_keys(self) -> set[Key] | None:
        """The pairs and years of the file in which both count as states."""
        years = {int(str(key[2])) for key in self._at}
        by_year = {year: self._states.members(year) for year in years}
        return {key for key in self._at if {*key[:2]} <= by_year[int(str(key[2]))]}


def contiguity(files: Files, states: StateSystem) -> WholeTable:
    """`core.contiguity`: one direction of each pair; a spell ends with its last month."""
    file = files["cow_contiguity"]
    found = []
    for row in r_tables.table(file):
        pair = row.whole("ccode1") or 0, row.whole("ccode2") or 0
        begins = date.fromisoformat(row.text("stdate"))
        ends = days_of_month(date.fromisoformat(row.text("enddate")))[1]
        found.append((row, pair, begins, ends, row.whole("conttype")))
    end = max([ends for _, _, _, ends, _ in found] + ([file.last_day] if file.last_day else []))
    rows: dict[Key, Derived] = {}
    for row, pair, begins, ends, kind in found:
        if pair[0] < pair[1] and kind != 0 and all(code in states.spells for code in pair):
            values = {
                "valid_to": ends,
                "contiguity_type": kind,
                "is_contiguous_at_source_end": ends >= end,
            }
            rows[*pair, begins] = Derived(values, (FileRow("cow_contiguity", row.place),))
    columns = ("valid_to", "contiguity_type", "is_contiguous_at_source_end")
    return WholeTable("core.contiguity", ("ccode1", "ccode2", "valid_from"), columns, rows)
