"""Following a release, and another one in its place."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.fetch_source import fetch_source
from flows.fetch.followed import declaration_of, fetch_for_build
from flows.fetch.snapshots import SnapshotStore
from flows.home.discovered import Candidate, SeenRelease, SourceReleases, read_releases
from flows.home.paths import Home
from flows.operations.followed import follow, leave
from flows.operations.releases import accept_candidate
from flows.sources import load_declarations
from tests.processes import asymmetry

BASES = load_declarations()["us_bases"]
HEADER = ",".join(BASES.header_starts_with["data"])
NOW = "2027-01-05T00:00:00+00:00"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def candidate(home: Home, version: str) -> Candidate:
    """A release whose bytes were fetched aside, from a mirror of a simulated world."""
    url = f"https://example.org/{version}/basedata.csv"
    mirror = home.path.parent / "mirror"
    file = mirror / url.partition("://")[2]
    file.parent.mkdir(parents=True)
    (mirror / "SIMULATED.md").touch()
    file.write_text(f"{HEADER}\n{version}\n")
    release = SeenRelease(version, None, url, "basedata.csv", order=version)
    declaration = replace(BASES, url=url)
    result = fetch_source(declaration, home, "mirror", mirror=mirror, candidate=release)
    return Candidate(release, "held", "agree", NOW, result.snapshot.snapshot_id)


def known(*candidates: Candidate) -> SourceReleases:
    newest = candidates[-1].release
    return SourceReleases("us_bases", "mirror", NOW, "newer", "", newest, (), candidates)


def test_its_bytes_are_the_newest_and_its_address_is_fetched(home: Home) -> None:
    tried = candidate(home, "2")
    store = SnapshotStore(home.snapshots)
    assert store.latest("us_bases", "sample") is None
    after = follow(known(tried), tried, "I have looked", home)
    newest = store.latest("us_bases", "sample")
    assert newest is not None
    assert newest.snapshot_id == tried.snapshot_id
    assert after.adopted is not None
    assert (after.adopted.release, after.adopted.because) == (tried.release, "I have looked")
    assert read_releases("us_bases", "mirror", home) == after
    assert (after.state, after.candidates[0].fate) == ("current", "followed")


def test_one_that_was_followed_before_waits_again(home: Home) -> None:
    older, newer = candidate(home, "2"), candidate(home, "3")
    first = follow(known(older, newer), newer, "newer is better", home)
    again = follow(first, older, "no, it is not", home)
    assert again.adopted is not None
    assert again.adopted.release == older.release
    waits = again.candidate(newer.release)
    assert waits is not None
    assert waits.fate == "held"


def test_there_is_a_way_back_to_the_declared_release(home: Home) -> None:
    tried = candidate(home, "2")
    follow(known(tried), tried, "I have looked", home)
    assert declaration_of("us_bases", "mirror", home).url == tried.release.url
    words = ("accept", "us_bases", "declared", "--because", "it was wrong")
    done = asymmetry(home.path, "releases", *words)
    assert f"us_bases follows {BASES.version} from now on" in done.stdout, done.stderr
    back = read_releases("us_bases", "mirror", home)
    assert back.adopted is None
    assert declaration_of("us_bases", "mirror", home) == BASES
    assert (back.candidates[0].fate, back.candidates[0].reason) == (
        "held",
        "it is followed no more: it was wrong",
    )
    assert accept_candidate("us_bases", "declared", "once more", home) is None


def test_the_bytes_of_before_are_the_newest_again(home: Home) -> None:
    """Also where the declared address, that of a branch, would bring what was left."""
    declared, tried = candidate(home, "1"), candidate(home, "2")
    first = follow(known(declared), declared, "the first there was", home)
    second = follow(replace(first, newest=tried.release), tried, "I have looked", home)
    store = SnapshotStore(home.snapshots)
    leave(second, "it was wrong", home)
    newest = store.latest("us_bases", "sample")
    assert newest is not None
    assert newest.snapshot_id == declared.snapshot_id
    mirror = home.path.parent / "mirror"
    kept = fetch_for_build("us_bases", home, "mirror", mirror=mirror, locked=False)
    assert (kept.status, kept.snapshot.snapshot_id) == ("kept", declared.snapshot_id)


def test_bytes_that_have_changed_meanwhile_are_not_followed(home: Home) -> None:
    tried = candidate(home, "2")
    path = SnapshotStore(home.snapshots).load(str(tried.snapshot_id)).path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(SnapshotDamagedError):
        follow(known(tried), tried, "I have looked", home)
    assert read_releases("us_bases", "mirror", home).adopted is None


def test_without_bytes_there_is_nothing_to_follow(home: Home) -> None:
    none = replace(candidate(home, "2"), snapshot_id=None, reason="the host is gone")
    with pytest.raises(ValueError, match=r"the host is gone.*Nothing was changed"):
        follow(known(none), none, "I have looked", home)
