"""What is derived, and the rows of the publishers' files that it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

Value = float | int | str | bool | date | None
Key = tuple[Value, ...]


@dataclass(frozen=True)
class RawFile:
    """A snapshot, and what its declaration says of it.

    Attributes:
        snapshot_id: Its name.
        path: The file.
        members: Entity to the path of its member, from the outside in; empty for a single file.
        last_day: Last day that the source covers as declared; None where that is the last row's.
        carried_to: Last day to which its last state is carried forward, where it is.
        flagged: Column to the first and last session or year in which it is filled in.
    """

    snapshot_id: str
    path: Path
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last_day: date | None = None
    carried_to: date | None = None
    flagged: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRow:
    """A row of a publisher's file.

    Attributes:
        slug: The source.
        place: Where in the file: `line 17`, `atop5_1m.csv, line 4`, `row 12 of the table`.
    """

    slug: str
    place: str


@dataclass(frozen=True)
class Derived:
    """A row of a published table, derived again.

    Attributes:
        values: Column to value, of the columns that are derived.
        rows: The rows of the files that it comes from.
    """

    values: Mapping[str, Value]
    rows: tuple[FileRow, ...] = ()


class Derivation(Protocol):
    """How one table is derived."""

    @property
    def table(self) -> str:
        """Its full name."""

    @property
    def key(self) -> tuple[str, ...]:
        """Its key, in the order in which keys are given."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are derived."""

    @property
    def where(self) -> str:
        """SQL that says which rows can be derived; `true` for all."""

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Derives rows; a key that the files do not give is left out."""
        ...

    def all_keys(self) -> set[Key] | None:
        """Every key that the files give; None where they are too many to be counted here."""
        ...
