"""What releases have lost or changed against the one before, and who has accepted that.

Both lie in `$ASYMMETRY_HOME/releases`: a comparison under its two hashes, written again when it is
made again; acceptances in one file that only grows, one line of JSON each.
"""

import getpass
import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.releases.findings import Finding, gravest_first, severity_of
from expectations.suite import Severity
from flows.home.paths import Home

_DIGITS = 12


@dataclass(frozen=True)
class Release:
    """The bytes of a source that are to be published, and those that are.

    Attributes:
        slug: The source.
        snapshot_id: The new snapshot.
        sha256: Of its bytes.
        previous_snapshot_id: The published one.
        previous_sha256: Of its bytes.
    """

    slug: str
    snapshot_id: str
    sha256: str
    previous_snapshot_id: str
    previous_sha256: str

    @property
    def pair(self) -> tuple[str, str]:
        """What an acceptance counts for: these bytes in place of those."""
        return self.sha256, self.previous_sha256


@dataclass(frozen=True)
class Acceptance:
    """That somebody wants exactly these bytes published in place of those.

    Attributes:
        because: The reason, in that person's words.
        by: User and machine; empty where the bytes themselves were asked for.
        at: When, UTC, ISO 8601.
    """

    because: str
    by: str
    at: str


@dataclass(frozen=True)
class Comparison:
    """What a release has lost or changed.

    Attributes:
        release: The two snapshots.
        findings: What was found, judged.
        compared_at: When, UTC, ISO 8601.
        acceptance: Who has accepted it, if anybody has.
    """

    release: Release
    findings: tuple[Finding, ...]
    compared_at: str
    acceptance: Acceptance | None = None

    @property
    def severity(self) -> Severity | None:
        """The gravest; None where nothing was lost or changed."""
        return severity_of(self.findings)

    @property
    def wants_attention(self) -> bool:
        """Whether a person has to look at it, and nobody has."""
        return self.acceptance is None and self.severity in {"warning", "critical"}

    @property
    def is_held(self) -> bool:
        """Whether it may not be published."""
        return self.acceptance is None and self.severity == "critical"

    def notable(self) -> list[Finding]:
        """The findings that are told, the gravest first."""
        return [f for f in gravest_first(self.findings) if f.severity != "info"]

    def summary(self) -> dict[str, Any]:
        """What the record of a run keeps of it."""
        accepted = self.acceptance
        return {
            "slug": self.release.slug,
            "snapshot_id": self.release.snapshot_id,
            "previous_snapshot_id": self.release.previous_snapshot_id,
            "severity": self.severity,
            "is_held": self.is_held,
            "accepted": accepted is not None,
            "because": accepted.because if accepted else None,
            "findings": [finding.words() for finding in self.notable()],
        }


class ReleaseRecords:
    """The comparisons and acceptances of a home.

    Args:
        home: The home; nothing is created before something is written.
    """

    def __init__(self, home: Home) -> None:
        self.folder = home.releases

    @property
    def accepted_file(self) -> Path:
        """The acceptances, one line of JSON each."""
        return self.folder / "accepted.jsonl"

    def keep(self, comparison: Comparison) -> Path:
        """Writes a comparison, in the place of an earlier one of the same bytes."""
        release = comparison.release
        path = self._file(release.slug, release.sha256, release.previous_sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = {
            "release": asdict(release),
            "compared_at": comparison.compared_at,
            "findings": [asdict(finding) for finding in comparison.findings],
        }
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_text(json.dumps(text, indent=1, default=str, ensure_ascii=False), "utf-8")
        partial.replace(path)
        return path

    def comparisons(self) -> list[Comparison]:
        """Every comparison that can be read, oldest first, with its acceptance."""
        accepted = self.acceptances()
        found = [_read(path, accepted) for path in sorted(self.folder.glob("*/[!.]*.json"))]
        return sorted((c for c in found if c is not None), key=lambda c: c.compared_at)

    def comparison(self, slug: str, sha256: str, previous_sha256: str) -> Comparison | None:
        """The comparison of these bytes with those; None where it was not made yet."""
        return _read(self._file(slug, sha256, previous_sha256), self.acceptances())

    def with_acceptance(self, comparison: Comparison) -> Comparison:
        """The comparison with the last acceptance of exactly its bytes, if there is one."""
        found = self.acceptances().get(comparison.release.pair)
        return replace(comparison, acceptance=found or comparison.acceptance)

    def accept(self, comparison: Comparison, because: str) -> Acceptance:
        """Adds a line to the acceptances, and waits until it is on disk.

        Args:
            comparison: What is accepted.
            because: Why, in a person's words.
        """
        acceptance = Acceptance(because, f"{_user()}@{socket.gethostname()}", now())
        line = {
            **asdict(comparison.release),
            **asdict(acceptance),
            "findings": [finding.words() for finding in comparison.notable()],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(self.accepted_file, flags, 0o644)
        try:
            os.write(descriptor, data)  # one call, so that two commands write two whole lines
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return acceptance

    def unreadable_lines(self) -> list[int]:
        """Numbers of lines among the acceptances that are none."""
        return [n for n, line in self._lines() if _parse(line) is None]

    def acceptances(self) -> dict[tuple[str, str], Acceptance]:
        """Hashes of two snapshots to the last acceptance of one in place of the other."""
        return dict(found for _, line in self._lines() if (found := _parse(line)))

    def _lines(self) -> list[tuple[int, str]]:
        if not self.accepted_file.is_file():
            return []
        text = self.accepted_file.read_text("utf-8", errors="replace")
        return [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]

    def _file(self, slug: str, sha256: str, previous_sha256: str) -> Path:
        return self.folder / slug / f"{sha256[:_DIGITS]}-{previous_sha256[:_DIGITS]}.json"


def now() -> str:
    """The present, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(path: Path, accepted: Mapping[tuple[str, str], Acceptance]) -> Comparison | None:
    try:
        text: dict[str, Any] = json.loads(path.read_text("utf-8"))
        release = Release(**text["release"])
        findings = _findings(text["findings"])
        return Comparison(release, findings, text["compared_at"], accepted.get(release.pair))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is made again when it is needed


def _findings(entries: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**{**e, "examples": tuple(e["examples"])}) for e in entries)


def _parse(line: str) -> tuple[tuple[str, str], Acceptance] | None:
    try:
        entry = json.loads(line)
        acceptance = Acceptance(str(entry["because"]), str(entry["by"]), str(entry["at"]))
        return (entry["sha256"], entry["previous_sha256"]), acceptance
    except (ValueError, KeyError, TypeError):
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return str(os.getuid())
