"""What publishers have released, as last seen, and what became of it here.

One file per source and profile, `releases/discovered/<profile>/<slug>.json`, written anew at each
check. A release that was tried is a candidate: two are kept. One that is followed is adopted: from
then on its address is fetched in the place of the declared one, but for `--locked`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from flows.home.paths import Home

CANDIDATES_KEPT = 2

Fate = Literal["followed", "held", "refused"]


@dataclass(frozen=True)
class SeenRelease:
    """A release as the publisher's listing had it.

    Attributes:
        version: The publisher's name of it.
        released_on: ISO 8601; None where the listing does not say.
        url: Its address.
        file_name: The publisher's name of the file.
        n_bytes: Size; None where the listing does not say.
        md5: Of its bytes; None where the listing does not say.
        order: Numbers by which releases are compared, joined by dots.
    """

    version: str
    released_on: str | None
    url: str
    file_name: str
    n_bytes: int | None = None
    md5: str | None = None
    order: str = ""

    def is_file_of(self, other: "SeenRelease") -> bool:
        """Whether both are one file, as far as the listing tells; a version may be renamed."""
        mine = (self.url, self.order, self.n_bytes, self.md5)
        return mine == (other.url, other.order, other.n_bytes, other.md5)


@dataclass(frozen=True)
class Candidate:
    """A newer release that was tried.

    Attributes:
        release: The release.
        fate: `followed`; `held` until somebody accepts it; `refused`: it cannot be used.
        reason: Why, in words.
        tried_at: UTC, ISO 8601.
        snapshot_id: Its bytes; None where they could not be had.
        build_file: The build made of it, aside; None where there is none.
    """

    release: SeenRelease
    fate: Fate
    reason: str
    tried_at: str
    snapshot_id: str | None = None
    build_file: str | None = None

    def is_tried_again(self, now: datetime, after_days: int) -> bool:
        """Whether a refused release is worth another try: a file may be mended under its name."""
        waited = now - datetime.fromisoformat(self.tried_at)
        return self.fate == "refused" and waited >= timedelta(days=after_days)


@dataclass(frozen=True)
class Adopted:
    """The release that is fetched in the place of the declared one.

    Attributes:
        release: The release.
        at: Since when, UTC, ISO 8601.
        because: Why: that nothing was lost, or the words of who has accepted it.
    """

    release: SeenRelease
    at: str
    because: str

    @property
    def order(self) -> str:
        """What a newer release has to exceed."""
        return self.release.order


@dataclass(frozen=True)
class SourceReleases:
    """All that is known of the releases of one source.

    Attributes:
        slug: The source.
        profile: Whom the check has asked: `live` or `mirror`.
        checked_at: When, UTC, ISO 8601; empty where nobody has asked yet.
        state: As `flows.discovery.discover.Discovery` has it.
        reason: The state in words.
        newest: The newest release that is listed and meant.
        newer: Addresses of all that are newer, the newest first.
        candidates: What was tried, the last one last.
        adopted: What is fetched in the place of the declared address.
    """

    slug: str
    profile: str
    checked_at: str = ""
    state: str = "unknown"
    reason: str = "nobody has asked yet: asymmetry releases --check"
    newest: SeenRelease | None = None
    newer: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    adopted: Adopted | None = None

    def candidate(self, release: SeenRelease) -> Candidate | None:
        """What was tried of a release, the last time."""
        tried = reversed(self.candidates)
        return next((c for c in tried if c.release.is_file_of(release)), None)

    def with_candidate(self, candidate: Candidate) -> "SourceReleases":
        """With one more, in the place of an earlier one of the same address."""
        others = [c for c in self.candidates if c.release.url != candidate.release.url]
        return replace(self, candidates=(*others, candidate)[-CANDIDATES_KEPT:])


def read_releases(slug: str, profile: str, home: Home) -> SourceReleases:
    """What is known of a source; a file that cannot be read says as much as none."""
    try:
        text: dict[str, Any] = json.loads(_file(slug, profile, home).read_text("utf-8"))
        return SourceReleases(
            **{
                **text,
                "newest": _seen(text["newest"]),
                "newer": tuple(text["newer"]),
                "candidates": tuple(
                    Candidate(**{**c, "release": SeenRelease(**c["release"])})
                    for c in text["candidates"]
                ),
                "adopted": _adopted(text["adopted"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError):
        return SourceReleases(slug, profile)


def all_releases(home: Home) -> list[SourceReleases]:
    """What is known of every source that was ever asked, whoever was asked."""
    files = sorted((home.releases / "discovered").glob("*/[!.]*.json"))
    return [read_releases(path.stem, path.parent.name, home) for path in files]


def held_candidates(home: Home) -> list[Candidate]:
    """The releases that wait for somebody to accept them."""
    found = [c for known in all_releases(home) for c in known.candidates]
    return [candidate for candidate in found if candidate.fate == "held"]


def forget_candidate_builds(home: Home) -> None:
    """Deletes the builds of candidates that wait no longer, with their checksums."""
    waiting = {candidate.build_file for candidate in held_candidates(home)}
    for path in home.candidates.glob("[!.]*.duckdb"):
        if str(path) not in waiting:
            path.unlink()
            path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)


def write_releases(releases: SourceReleases, home: Home) -> None:
    """Writes what is known of a source, whole or not at all."""
    path = _file(releases.slug, releases.profile, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(asdict(releases), indent=1, ensure_ascii=False), "utf-8")
    partial.replace(path)


def _file(slug: str, profile: str, home: Home) -> Path:
    return home.releases / "discovered" / profile / f"{slug}.json"


def _seen(entry: Mapping[str, Any] | None) -> SeenRelease | None:
    return None if entry is None else SeenRelease(**entry)


def _adopted(entry: Mapping[str, Any] | None) -> Adopted | None:
    if entry is None:
        return None
    return Adopted(**{**entry, "release": SeenRelease(**entry["release"])})
