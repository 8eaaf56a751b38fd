"""One published table against its derivation: the cells that are asked for, and all keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, isclose
from typing import Any

from flows.operations.open_faults import Fault, cells_of, rows_of
from flows.rederivation.derived import Derivation, Derived, FileRow, Key
from warehouse.catalog.builds import PublishedBuild
from warehouse.catalog.cells import Row, count_rows, keys_of, random_rows, rows_of_key
from warehouse.db import Connection

SEED = 1816
"""Of the choice of cells, unless another one is asked for: a run can be repeated."""
CELLS = 400
"""How many cells are derived at least, unless another number is asked for."""
TOLERANCE = 1e-12
"""Relative and absolute: sums in another order differ in the last digits of a double."""
_EXAMPLES = 3
_MOST_KEYS = 100_000  # of longer tables the rows are counted, which takes no time
_LOST = "is not published, and the bytes give it"
_INVENTED = "is published, and the bytes give no such row"


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        seed: Of the choice of rows.
        n_cells: How many cells, at least.
        table: The only table; all that can be derived where it is None.
        row: Column to value, as text: the rows of that table that are derived.
        every_cell: Whether all rows of that table are derived.
        again: `cells_of` a table to the keys of rows that are derived besides a choice of them:
            those that were wrong when they were looked at last.
    """

    seed: int = SEED
    n_cells: int = CELLS
    table: str | None = None
    row: Mapping[str, str] = field(default_factory=dict)
    every_cell: bool = False
    again: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


class Comparison:
    """One table as it is published, and as it is derived."""

    def __init__(
        self,
        connection: Connection,
        derivation: Derivation,
        build: PublishedBuild,
        asked: Asked,
        n_tables: int,
    ) -> None:
        self._connection, self._derivation, self._build = connection, derivation, build
        self._asked, self._n_tables = asked, n_tables
        self.faults: list[Fault] = []
        self.rows: list[Mapping[str, str]] = []

    def cells(self) -> int:
        """Compares the cells that are asked for, and gives their number."""
        rows, of = self._rows(), self._derivation
        if self._asked.row and not rows:
            self._none_found()
        keys = {tuple(row[name] for name in of.key): row for row in rows}
        derived = of.derive(keys)
        self.rows = [{name: _text(row[name]) for name in of.key} for row in rows]
        for key, row in keys.items():
            if key not in derived:
                if of.all_keys() is None:  # else the comparison of keys says so
                    self._say(key, _INVENTED, None)
                continue
            for column in of.columns:
                value, published = derived[key].values[column], row[column]
                if not _is_equal(published, value):
                    what = f"{column} is published as {_text(published)}"
                    self._say(key, f"{what}; the bytes give {_text(value)}", derived[key])
        return len(keys) * len(of.columns)

    def keys(self) -> int | None:
        """Compares all keys, and gives their number; None where they are too many."""
        of = self._derivation
        of_bytes = None if self._asked.row else of.all_keys()
        if of_bytes is None:
            return None
        if len(of_bytes) > _MOST_KEYS:
            n = count_rows(self._connection, of.table, of.where)
            if n != len(of_bytes):
                text = f"{of.table} has {n:,} rows; the bytes give {len(of_bytes):,}."
                self._say_of_rows(text)
            return n
        published = {tuple(k) for k in keys_of(self._connection, of.table, of.where)}
        lost, invented = of_bytes - published, published - of_bytes
        for key in _few(lost):
            self._say_of_rows(self._words(key, _LOST, of.derive([key]).get(key)))
        for key in _few(invented):
            self._say_of_rows(self._words(key, _INVENTED, None))
        for keys, what in ((lost, _LOST), (invented, _INVENTED)):
            if len(keys) > _EXAMPLES:
                self._say_of_rows(f"{of.table}: {len(keys):,} rows in all, each {what}.")
        return len(published)

    def _none_found(self) -> None:
        """Says that no row is as asked for: nothing was compared, so nothing is as published."""
        asked = ", ".join(f"{name}={value}" for name, value in self._asked.row.items())
        text = (
            f"{self._derivation.table}: there is no row with {asked} that can be derived, so"
            " nothing was compared. `asymmetry tables` shows its keys."
        )
        self.faults.append(Fault("", text))

    def _rows(self) -> list[Row]:
        of, asked = self._derivation, self._asked
        if asked.row or asked.every_cell:
            rows = rows_of_key(self._connection, of.table, of.columns, asked.row)
            return [row for row in rows if self._can_be_derived(row)]
        n = ceil(asked.n_cells / self._n_tables / len(of.columns))
        rows = random_rows(
            self._connection, of.table, of.columns, n=max(n, 3), seed=asked.seed, where=of.where
        )
        for key in asked.again.get(cells_of(of.table), ()):
            again = rows_of_key(self._connection, of.table, of.columns, key)
            rows += [row for row in again if self._can_be_derived(row)]
        return rows

    def _can_be_derived(self, row: Row) -> bool:
        if self._derivation.where == "true":
            return True
        if not hasattr(self, "_possible"):
            found = keys_of(self._connection, self._derivation.table, self._derivation.where)
            self._possible = {tuple(key) for key in found}
        return tuple(row[name] for name in self._derivation.key) in self._possible

    def _say(self, key: Key, what: str, derived: Derived | None) -> None:
        of = self._derivation
        row = {name: _text(value) for name, value in zip(of.key, key, strict=True)}
        text = self._words(key, what, derived)
        self.faults.append(Fault(cells_of(of.table), text, row, self._build.build_id))

    def _say_of_rows(self, text: str) -> None:
        subject = rows_of(self._derivation.table)
        self.faults.append(Fault(subject, text, build_id=self._build.build_id))

    def _words(self, key: Key, what: str, derived: Derived | None) -> str:
        named = ", ".join(f"{n}={_text(v)}" for n, v in zip(self._derivation.key, key, strict=True))
        places = _places(derived.rows if derived else (), self._build)
        return f"{self._derivation.table} [{named}]: {what}{places}."


def _is_equal(published: Any, derived: Any) -> bool:
    if published is None or derived is None:
        return published is derived
    if isinstance(published, float) or isinstance(derived, float):
        return isclose(published, derived, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(published == derived)


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    return value.isoformat() if isinstance(value, date) else str(value)


def _few(keys: set[Key]) -> list[Key]:
    return sorted(keys, key=repr)[:_EXAMPLES]


def _places(rows: Sequence[FileRow], build: PublishedBuild) -> str:
    """Where the rows of the files are, in words."""
    by_source: dict[str, list[str]] = {}
    for row in rows:
        by_source.setdefault(row.slug, []).append(row.place)
    return "".join(f" ({text})" for text in _by_source(by_source, build))


def _by_source(places: Mapping[str, list[str]], build: PublishedBuild) -> Iterator[str]:
    for slug, found in places.items():
        distinct = list(dict.fromkeys(found))
        more = f" and {len(distinct) - _EXAMPLES:,} more" if len(distinct) > _EXAMPLES else ""
        shown = "; ".join(distinct[:_EXAMPLES])
        yield f"snapshot {build.snapshots[slug]}, {shown}{more}"
