"""A published home that a hostile source must not change."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.home.builds import sha256_of_file
from flows.home.paths import Home
from tests.built_homes import BuiltHome

FIGURES = ("core.gdp", "meta.snapshots", "meta.builds")


@dataclass(frozen=True)
class Published:
    """A copy of a built home, and what its published file was.

    Attributes:
        home: The home.
        sha256: Of the published file.
        figures: Rows and hash of some tables.
    """

    home: Home
    sha256: str
    figures: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, built: BuiltHome, folder: Path) -> "Published":
        """A copy to be attacked."""
        home = Home.at(built.copy(folder / "home"))
        return cls(home, sha256_of_file(home.warehouse), figures_of(home.warehouse))

    def is_as_it_was(self) -> None:
        """Asserts that the published file opens, answers the same, and is the same."""
        assert sha256_of_file(self.home.warehouse) == self.sha256
        assert figures_of(self.home.warehouse) == self.figures


def figures_of(warehouse: Path) -> tuple[tuple[int, int], ...]:
    """Number and hash of the rows of some tables."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        hashed = "SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM {} AS t"
        return tuple(connection.execute(hashed.format(t)).fetchall()[0] for t in FIGURES)
