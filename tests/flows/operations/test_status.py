"""The status of a home that has nothing, or has lost something."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from flows.fetch.fetch_log import Fetch
from flows.fetch.snapshots import SnapshotStore
from flows.home.build_files import build_file
from flows.home.discovered import Candidate, SeenRelease, SourceReleases, write_releases
from flows.home.paths import Home
from flows.operations.release_overview import discovery_warnings
from flows.operations.status import status_of
from flows.sources import load_declarations
from tests.processes import asymmetry

BUILD, OTHER = "ab" * 32, "cd" * 32


def write_build(home: Home, profile: str, build_id: str = BUILD) -> Path:
    """A kept build that says what it is, of one snapshot of each source; no tables of figures."""
    path = build_file(build_id, home)
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT ? AS build_id, ? AS profile, ? AS is_simulated,"
            " TIMESTAMP '2026-01-01' AS built_at, '0.2.0' AS code_version, '{}' AS"
            " library_versions, '{}' AS parameters, true AS is_current",
            [build_id, profile, profile == "sample"],
        )
        connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
        connection.execute(
            "CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR, sha256 VARCHAR,"
            " is_simulated BOOLEAN)"
        )
        rows = [[slug, f"{slug}.0123456789ab", "0" * 64, False] for slug in load_declarations()]
        connection.executemany("INSERT INTO meta.snapshots VALUES (?, ?, ?, ?)", rows)
    return path


def test_an_empty_home_wants_a_refresh(tmp_path: Path) -> None:
    status = status_of(Home.at(tmp_path))
    assert status.attention == ("Nothing is published: `asymmetry refresh`.",)
    assert list(tmp_path.iterdir()) == []
    assert asymmetry(tmp_path, "status").returncode == 1


@pytest.mark.parametrize("is_damaged", [False, True])
@pytest.mark.parametrize(
    ("profile", "refresh"),
    [
        ("live", "`asymmetry refresh --profile live` makes a new one (without --profile"),
        ("mirror", "`asymmetry refresh --profile mirror --mirror DIR` makes a new one (without"),
        ("sample", "`asymmetry refresh` makes a new one."),
    ],
)
def test_where_builds_are_kept_it_says_what_publishes_one_again(
    tmp_path: Path, profile: str, refresh: str, is_damaged: bool
) -> None:
    home = Home.at(tmp_path)
    write_build(home, profile)
    write_build(home, "sample", OTHER)  # newer, and no reason to put figures aside
    if is_damaged:
        home.warehouse.write_bytes(b"no database")
    (line,) = status_of(home).attention
    what = f"The published file {home.warehouse} cannot be read" if is_damaged else "Nothing is"
    assert line.startswith(what)
    newest = OTHER if profile == "sample" else BUILD
    assert f"`asymmetry rollback {newest[:12]}` publishes the newest" in line
    assert refresh in line


def test_what_was_fetched_once_is_not_said_to_be_never_fetched(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    shutil.copy(write_build(home, "live"), home.warehouse)
    status = status_of(home)
    said = "\n".join([*status.attention, *(source.reason for source in status.sources)])
    assert "never fetched" not in said
    assert "gdp.0123456789ab is published, its log of fetches is gone" in said
    assert said.count("stale") == 1  # one line for one cause
    (gone,) = [line for line in status.attention if "are gone from" in line]
    assert gone.startswith(f"All {len(load_declarations())} snapshots that the published build was")
    assert "from a backup" in gone
    assert "intact" not in said


def test_a_snapshot_that_is_damaged_lets_nothing_be_called_intact(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    shutil.copy(write_build(home, "live"), home.warehouse)
    (home.snapshots / "atop" / "atop.0123456789ab").mkdir(parents=True)
    at = "2026-01-01T00:00:00.000000+00:00"
    fetch = Fetch(at, "", "live", "live", "https://example.org", False)
    SnapshotStore(home.snapshots).log("atop.0123456789ab", fetch)
    said = "\n".join(status_of(home).attention)
    assert "The published build was made of snapshot atop.0123456789ab" in said
    assert "intact" not in said
    assert "asymmetry fetch atop" in said


def test_findings_of_a_release_stand_one_a_line_and_are_few(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    release = SeenRelease("39.0", "2026-07-30", "https://example.org/39", "a.csv")
    reason = "GateFailedError: The staged gate stopped stg_gdp.\n" + "\n".join(
        f"  critical rule_{number}: 12 of 13,000 do not hold" for number in range(60)
    )
    refused = Candidate(release, "refused", reason, "2026-08-01T00:00:00+00:00")
    known = SourceReleases("gdp", "live", "2026-08-01", "newer", "why", release)
    write_releases(known.with_candidate(refused), home)
    (line,) = discovery_warnings(home)
    assert len(line.splitlines()) == 7
    assert line.endswith("… and 55 more lines: `asymmetry releases gdp` has all of them")
    assert "rule_59" in asymmetry(home.path, "releases", "gdp").stdout
    assert "rule_1:" not in asymmetry(home.path, "releases").stdout
    few = replace(refused, fate="held", reason="one finding")
    write_releases(known.with_candidate(few), home)
    (line,) = discovery_warnings(home)
    assert "is newer and held: one finding. If it is right" in line


def test_the_lines_of_what_wants_attention_are_printed_as_lines(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    shutil.copy(write_build(home, "live"), home.warehouse)
    release = SeenRelease("39.0", "2026-07-30", "https://example.org/39", "a.csv")
    refused = Candidate(release, "refused", "one\ntwo\x1b[31m", "2026-08-01T00:00:00+00:00")
    known = SourceReleases("gdp", "live", "2026-08-01", "newer", "why", release)
    write_releases(known.with_candidate(refused), home)
    lines = asymmetry(home.path, "status").stdout.splitlines()
    place = lines.index("gdp: 39.0 is refused: one")
    assert lines[place + 1] == "  two\\x1b[31m"
