"""Where a run writes. The only place that reads `$ASYMMETRY_HOME`."""

import os
from dataclasses import dataclass
from pathlib import Path

from flows.home.deployed import refuse_other_home


@dataclass(frozen=True)
class Home:
    """The folders and files below one home.

    Attributes:
        path: The only place that a run writes to. Nothing below it is part of the project;
            nothing is created until something is written.
    """

    path: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Reads `$ASYMMETRY_HOME`; `./var` where it is unset or empty.

        Raises:
            OtherHomeError: This is a run that was deployed for another home.
        """
        home = cls.at(os.environ.get("ASYMMETRY_HOME") or "var")
        refuse_other_home(home.path)
        return home

    @classmethod
    def at(cls, path: str | Path) -> "Home":
        """The home in a folder, which tasks pass on as text."""
        return cls(Path(path).expanduser().absolute())

    @property
    def snapshots(self) -> Path:
        """Fetched files, content-addressed and never changed."""
        return self.path / "snapshots"

    @property
    def covariates(self) -> Path:
        """Covariates that were handed over, by the hash of the file; never changed."""
        return self.path / "covariates"

    @property
    def steps(self) -> Path:
        """Finished outputs of steps, by the hash of their inputs."""
        return self.path / "steps"

    @property
    def builds(self) -> Path:
        """Database files of builds: the published one and the ones before it."""
        return self.path / "builds"

    @property
    def candidates(self) -> Path:
        """Database files of builds with a newer release that somebody has still to accept."""
        return self.path / "candidates"

    @property
    def partial(self) -> Path:
        """Database files of partial builds: some tables and what they need; never published."""
        return self.path / "partial"

    @property
    def warehouse(self) -> Path:
        """The published database file."""
        return self.path / "warehouse.duckdb"

    def readable(self) -> Path:
        """The published file; where there is none, the newest partial one, if there is any."""
        if self.warehouse.exists():
            return self.warehouse
        found = sorted(self.partial.glob("[!.]*.duckdb"), key=lambda p: p.stat().st_mtime)
        return found[-1] if found else self.warehouse

    @property
    def exports(self) -> Path:
        """Published tables in other formats."""
        return self.path / "exports"

    @property
    def changes(self) -> Path:
        """One text per build: which numbers changed."""
        return self.path / "changes"

    @property
    def releases(self) -> Path:
        """What releases have lost or changed, and who has accepted it; grows only."""
        return self.path / "releases"

    @property
    def arguments(self) -> Path:
        """Arguments against claims, by the hash of what was asked and of which build."""
        return self.path / "arguments"

    @property
    def calibration(self) -> Path:
        """Finished pieces of calibrations, by the hash of what decides them."""
        return self.path / "calibration"

    @property
    def runs(self) -> Path:
        """One record per run."""
        return self.path / "runs"

    @property
    def sample_world(self) -> Path:
        """The simulated world's files, laid out as HOST/PATH."""
        return self.path / "sample_world"
