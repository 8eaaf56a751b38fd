"""Where a run writes. The only place that reads `$ASYMMETRY_HOME`."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The folders and files below one home.

    Attributes:
        home: The only place that a run writes to. Nothing below it is part of the project;
            nothing is created until something is written.
    """

    home: Path

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads `$ASYMMETRY_HOME`; `./var` where it is unset or empty."""
        return cls.at(os.environ.get("ASYMMETRY_HOME") or "var")

    @classmethod
    def at(cls, home: str | Path) -> "Settings":
        """Settings below a given home, for tasks that pass it on as a text."""
        return cls(Path(home).expanduser().absolute())

    @property
    def snapshots(self) -> Path:
        """Fetched files, content-addressed and never changed."""
        return self.home / "snapshots"

    @property
    def covariates(self) -> Path:
        """Covariates that were handed over, by the hash of the file; never changed."""
        return self.home / "covariates"

    @property
    def steps(self) -> Path:
        """Finished outputs of steps, by the hash of their inputs."""
        return self.home / "steps"

    @property
    def builds(self) -> Path:
        """Database files while they are being built."""
        return self.home / "builds"

    @property
    def warehouse(self) -> Path:
        """The published database file."""
        return self.home / "warehouse.duckdb"

    @property
    def exports(self) -> Path:
        """Published tables in other formats."""
        return self.home / "exports"

    @property
    def report(self) -> Path:
        """The published report."""
        return self.home / "report"

    @property
    def changes(self) -> Path:
        """One text per build: which numbers changed."""
        return self.home / "changes"

    @property
    def calibration(self) -> Path:
        """Finished pieces of calibrations, by the hash of what decides them."""
        return self.home / "calibration"

    @property
    def runs(self) -> Path:
        """One record per run."""
        return self.home / "runs"

    @property
    def sample_world(self) -> Path:
        """The simulated world's files, laid out as HOST/PATH."""
        return self.home / "sample_world"
