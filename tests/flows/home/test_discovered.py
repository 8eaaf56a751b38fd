"""What is known of releases is kept whole, and two candidates of each source."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flows.home.discovered import (
    CANDIDATES_KEPT,
    Adopted,
    Candidate,
    SeenRelease,
    SourceReleases,
    forget_candidate_builds,
    read_releases,
    write_releases,
)
from flows.home.paths import Home


def release(version: str) -> SeenRelease:
    return SeenRelease(
        version, "2027-01-01", f"https://example.org/{version}", "a.csv", 5, "ab", "3"
    )


def candidate(version: str) -> Candidate:
    return Candidate(
        release(version), "held", "because", "2027-01-01T00:00:00+00:00", "gdp.0", None
    )


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    adopted = Adopted(release("1"), "2027-01-01T00:00:00+00:00", "nothing was lost")
    known = SourceReleases(
        "gdp", "live", "now", "newer", "why", release("2"), ("u",), (candidate("2"),), adopted
    )
    write_releases(known, home)
    assert read_releases("gdp", "live", home) == known
    assert read_releases("gdp", "mirror", home).checked_at == ""
    assert [p.name for p in tmp_path.rglob("*.json")] == ["gdp.json"]


def test_what_cannot_be_read_says_as_much_as_nothing(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    place = tmp_path / "releases" / "discovered" / "live" / "gdp.json"
    place.parent.mkdir(parents=True)
    for text in ("", "{}", '{"slug": 1', "[]"):
        place.write_text(text)
        assert read_releases("gdp", "live", home) == SourceReleases("gdp", "live")


def test_two_candidates_are_kept_and_one_of_an_address(tmp_path: Path) -> None:
    known = SourceReleases("gdp", "live")
    for version in ("1", "2", "2", "3"):
        known = known.with_candidate(candidate(version))
    assert [c.release.version for c in known.candidates] == ["2", "3"]
    assert len(known.candidates) == CANDIDATES_KEPT
    assert known.candidate(release("1")) is None
    assert known.candidate(release("3")) == candidate("3")


def test_another_file_under_the_same_name_is_another_release() -> None:
    known = SourceReleases("gdp", "live").with_candidate(candidate("1"))
    assert known.candidate(replace(release("1"), version="1.1")) == candidate("1")
    for other in ({"order": "4"}, {"md5": "cd"}, {"n_bytes": 6}):
        assert known.candidate(replace(release("1"), **other)) is None


def test_what_was_refused_is_tried_again_after_a_while() -> None:
    tried = datetime.fromisoformat(candidate("1").tried_at)
    refused = replace(candidate("1"), fate="refused")
    assert not refused.is_tried_again(tried + timedelta(days=29), 30)
    assert refused.is_tried_again(tried + timedelta(days=30), 30)
    assert not candidate("1").is_tried_again(tried + timedelta(days=300), 30)


def test_the_build_of_a_candidate_stays_as_long_as_it_waits(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.candidates.mkdir()
    files = [home.candidates / f"{name}.duckdb" for name in ("waits", "followed", "nobodys")]
    for file in files:
        file.touch()
        file.with_name(f"{file.name}.sha256").touch()
    waits = replace(candidate("1"), build_file=str(files[0]))
    followed = replace(candidate("2"), fate="followed", build_file=str(files[1]))
    write_releases(SourceReleases("gdp", "live", candidates=(waits, followed)), home)
    forget_candidate_builds(home)
    left = sorted(path.name for path in home.candidates.iterdir())
    assert left == ["waits.duckdb", "waits.duckdb.sha256"]
