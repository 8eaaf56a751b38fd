"""A file that a person has downloaded has an age, and a page where a newer one is looked for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.fetch.fetch_log import Fetch
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import SeenRelease, SourceReleases, write_releases
from flows.home.paths import Home
from flows.operations.freshness import freshness_of_sources
from flows.sources import load_declarations

NOW = datetime(2027, 3, 1, tzinfo=UTC)
PAGE = load_declarations()["undl_votes"].landing_page


def add_download(home: Home, days: int) -> None:
    at = (NOW - timedelta(days=days)).isoformat(timespec="microseconds")
    fetch = Fetch(at, "", "live", "manual", "/home/me/Downloads/ga_voting.csv", False)
    (home.snapshots / "undl_votes").mkdir(parents=True, exist_ok=True)
    SnapshotStore(home.snapshots).log("undl_votes.0123456789ab", fetch)


def reason(home: Home) -> tuple[str, bool]:
    (found,) = (f for f in freshness_of_sources(home, "live", NOW) if f.slug == "undl_votes")
    return found.reason, found.is_stale


def test_the_age_of_a_handed_over_file_is_watched(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    add_download(home, 143)
    said, is_stale = reason(home)
    assert said == f"handed over 143 days ago; worth looking every 30 days: {PAGE}"
    assert is_stale


def test_it_says_that_the_publisher_has_newer(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    add_download(home, 20)
    newest = SeenRelease("2027-02-10", "2027-02-10", "https://example.org/a.csv", "a.csv")
    known = SourceReleases("undl_votes", "live", NOW.isoformat(), "newer", "", newest)
    write_releases(known, home)
    said, is_stale = reason(home)
    assert said.startswith("handed over 20 days ago; the publisher has newer (2027-02-10)")
    assert not is_stale
