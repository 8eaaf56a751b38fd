"""A published home that a hostile source must not change."""

from dataclasses import dataclass
from pathlib import Path

from flows.home.build_files import sha256_of_file
from flows.home.paths import Home
from tests.built_homes import BuiltHome
from tests.contents import Contents, contents

FIGURES = ("core.gdp", "core.us_construction", "meta.snapshots", "meta.builds")


@dataclass
class Published:
    """A copy of a built home, and what its published file was.

    Attributes:
        home: The home.
        sha256: Of the published file.
        figures: Rows and hash of some tables.
    """

    home: Home
    sha256: str
    figures: Contents
    _seen: tuple[int, ...] = ()

    @classmethod
    def of(cls, built: BuiltHome, folder: Path) -> "Published":
        """A copy to be attacked."""
        home = Home.at(built.copy(folder / "home"))
        return cls(home, sha256_of_file(home.warehouse), contents(home.warehouse, FIGURES))

    def is_as_it_was(self) -> None:
        """Asserts that the published file opens, answers the same, and is the same.

        It is read again whenever somebody may have written: the kernel then notes another time of
        change, which no program can set.
        """
        if (now := _identity(self.home.warehouse)) != self._seen:
            assert sha256_of_file(self.home.warehouse) == self.sha256
            assert contents(self.home.warehouse, FIGURES) == self.figures
            self._seen = now

    def is_as_it_was_to_the_last_bit(self) -> None:
        """As `is_as_it_was`, and everything is read whatever the kernel has noted."""
        self._seen = ()
        self.is_as_it_was()


def _identity(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
