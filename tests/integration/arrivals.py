"""The door that every file comes through, on files that a test has changed."""

import hashlib
import itertools
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from flows.dag import step_named
from flows.engine.runner import run_step
from flows.engine.store import StepStore
from flows.fetch.fetch_source import fetch_source
from flows.fetch.mirror import MARKER, place_in
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.built_homes import BuiltHome
from tests.integration.published import Published


@dataclass(frozen=True)
class Staged:
    """What came of a file.

    Attributes:
        tables: Name to rows.
        warnings: Rules that only warn, and do not hold.
    """

    tables: dict[str, pl.DataFrame]
    warnings: list[str]


@dataclass
class Door:
    """A published home, and what comes through its door.

    Attributes:
        built: The home that all tests share; what it was built from is good.
        world: The simulated files.
        folder: Where this door may write.
        published: The published file that nothing may change.
    """

    built: BuiltHome
    world: Path
    folder: Path
    published: Published
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    @classmethod
    def of(cls, built: BuiltHome, world: Path, folder: Path) -> "Door":
        """A door in a folder of its own."""
        return cls(built, world, folder, Published.of(built, folder))

    def good_bytes(self, slug: str) -> bytes:
        """The simulated file of a source."""
        return place_in(self.world, load_declarations()[slug].url).read_bytes()

    def good_tables(self, slug: str) -> dict[str, pl.DataFrame]:
        """What it was staged to."""
        return {table: self.built.table(table) for table in step_named(f"stage_{slug}").outputs}

    def fetch(self, slug: str, content: bytes) -> Snapshot:
        """Has a file checked and stored as a snapshot, from a mirror that holds nothing else."""
        declaration = load_declarations()[slug]
        mirror = self.folder / f"mirror {next(self._count)}"
        place = place_in(mirror, declaration.url)
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
        (mirror / MARKER).write_text("made up")
        home = self.published.home
        return fetch_source(declaration, home, "mirror", mirror=mirror).snapshot

    def has_had(self, slug: str, content: bytes) -> None:
        """Has a file be the release before, which it mostly is: bad ones are seldom stored."""
        latest = SnapshotStore(self.published.home.snapshots).latest(slug, "sample")
        if latest is None or latest.sha256 != hashlib.sha256(content).hexdigest():
            self.fetch(slug, content)

    def stage(self, slug: str, content: bytes) -> Staged:
        """Has it read and staged as well, between the gates."""
        snapshot = self.fetch(slug, content)
        step = step_named(f"stage_{slug}")
        store = StepStore(Home.at(self.folder / "staged").steps)
        step_hash = hashlib.sha256(content).hexdigest()
        finished, _ = run_step(step, step_hash, {}, store, snapshot)
        tables = {table: pl.read_parquet(finished.table(table)) for table in step.outputs}
        broken = finished.validation().filter(~pl.col("passed") & (pl.col("severity") == "warning"))
        return Staged(tables, broken["expectation"].to_list())
