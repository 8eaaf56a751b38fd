"""Which bytes a build without a fetch is made from, and how old they are."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.fetch.errors import FetchError
from flows.fetch.fetch_source import fetch_source
from flows.fetch.selection import snapshots_to_build
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.operations.freshness import freshness_of_sources
from flows.operations.past_state import UnknownStateError, state_as_of
from flows.sources import load_declarations

BUILDS = ("a" * 64, "ab" * 32)


def fetch(home: Home, world: Path, *slugs: str) -> dict[str, str]:
    found = {}
    for slug in slugs or load_declarations():
        result = fetch_source(load_declarations()[slug], home, "sample", mirror=world)
        found[slug] = result.snapshot.snapshot_id
    return found


@pytest.fixture(scope="module")
def home(sample_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two states of the world: a row of gdp is dropped in the second."""
    home = Home.at(tmp_path_factory.mktemp("home"))
    world = tmp_path_factory.mktemp("world") / "second"
    shutil.copytree(sample_world, world)
    gdp = world / load_declarations()["gdp"].url.removeprefix("https://")
    states = [fetch(home, world)]
    gdp.write_text("".join(gdp.read_text().splitlines(keepends=True)[:-1]))
    states.append({**states[0], **fetch(home, world, "gdp")})
    home.runs.mkdir()
    for day, (build, snapshots) in enumerate(zip(BUILDS, states, strict=True), start=1):
        record = {
            "profile": "sample",
            "result": "published",
            "build_id": build,
            "started_at": f"2026-01-0{day}T11:00:00+00:00",
            "ended_at": f"2026-01-0{day}T12:00:00+00:00",
            "seconds": 3600.0,
            "snapshots": snapshots,
        }
        path = home.runs / f"2026010{day}T110000000000-published.json"
        path.write_text(json.dumps(record))
    failed = {**record, "result": "failed", "ended_at": "2026-01-03T12:00:00+00:00"}
    (home.runs / "20260103T110000000000-failed.json").write_text(json.dumps(failed))
    return home


def gdp_of(day: int, home: Home) -> str:
    (record,) = home.runs.glob(f"2026010{day}T*.json")
    return str(json.loads(record.read_text())["snapshots"]["gdp"])


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("a" * 12, 1),
        ("ab" * 32, 2),
        ("20260101T110000000000-published", 1),
        ("20260102T110000000000-published.json", 2),
        ("2026-01-01", 1),
        ("2026-01-02", 2),
        ("2026-01-02T11:59", 1),
        ("2026-01-02T13:30+01:00", 2),
        ("2026-02-01", 2),
    ],
)
def test_a_past_state_by_build_run_day_or_time(home: Home, as_of: str, day: int) -> None:
    past = state_as_of(as_of, home)
    assert past.build_id == BUILDS[day - 1]
    assert past.snapshots["gdp"].snapshot_id == gdp_of(day, home)
    assert set(past.snapshots) == set(load_declarations())


@pytest.mark.parametrize("as_of", ["2025-12-31", "f" * 12, "yesterday", "aaaaaaa"])
def test_a_state_that_never_was_is_told_with_those_that_were(home: Home, as_of: str) -> None:
    with pytest.raises(UnknownStateError, match=r"Nothing was changed.*aaaaaaaaaaaa, abababababab"):
        state_as_of(as_of, home)


def test_a_state_whose_snapshot_is_gone_is_refused(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    home = Home.at(tmp_path / "home")
    shutil.rmtree(home.snapshots / "gdp" / gdp_of(1, home))
    with pytest.raises(UnknownStateError, match=rf"{gdp_of(1, home)}, which is gone or damaged"):
        state_as_of("2026-01-01", home)
    assert state_as_of("2026-01-02", home).build_id == BUILDS[1]


@pytest.mark.parametrize("text", ["null", "{", '{"result": "published"}'])
def test_a_damaged_record_is_passed_over_by_no_day_that_may_mean_it(
    home: Home, tmp_path: Path, text: str
) -> None:
    """The state of a day is that of the last record before it, unless that cannot be read."""
    shutil.copytree(home.path, tmp_path / "home")
    home = Home.at(tmp_path / "home")
    (home.runs / "20260102T150000000000-published.json").write_text(text)
    assert state_as_of("2026-01-01", home).build_id == BUILDS[0]
    assert state_as_of("2026-01-02T13:00", home).build_id == BUILDS[1]
    assert state_as_of("ab" * 32, home).build_id == BUILDS[1]
    with pytest.raises(UnknownStateError, match=r"150000000000-published.json cannot be read"):
        state_as_of("2026-01-02", home)
    with pytest.raises(UnknownStateError, match=r"1 record of runs cannot be read"):
        state_as_of("20260102T150000000000-published", home)


@pytest.mark.parametrize("text", ["null", "[]", "{", '{"run": "a"}'])
def test_an_archived_record_that_is_none_is_refused(home: Home, tmp_path: Path, text: str) -> None:
    path = tmp_path / "build.json"
    path.write_text(text)
    with pytest.raises(UnknownStateError, match="is no record of a build"):
        state_as_of(str(path), home)


def test_a_build_never_goes_back_to_older_bytes_than_there_are(home: Home) -> None:
    store = SnapshotStore(home.snapshots)
    told_before_the_change = {"gdp": gdp_of(1, home)}
    chosen = snapshots_to_build(told_before_the_change, "mirror", store)
    assert chosen["gdp"].snapshot_id == gdp_of(2, home)
    assert set(chosen) == set(load_declarations())


def test_the_bytes_before_count_again_where_a_snapshot_was_put_aside(
    home: Home, tmp_path: Path
) -> None:
    shutil.copytree(home.path, tmp_path / "home")
    home = Home.at(tmp_path / "home")
    broken = home.snapshots / "gdp" / gdp_of(2, home)
    broken.rename(tmp_path / broken.name)
    chosen = snapshots_to_build({}, "sample", SnapshotStore(home.snapshots))
    assert chosen["gdp"].snapshot_id == gdp_of(1, home)


def test_a_build_needs_every_source(home: Home, tmp_path: Path, sample_world: Path) -> None:
    home = Home.at(tmp_path)
    store = SnapshotStore(home.snapshots)
    named = fetch(home, sample_world, "gdp", "atop")
    with pytest.raises(FetchError, match=r"No snapshot of cow_capabilities, .*refresh-all"):
        snapshots_to_build(named, "sample", store)
    with pytest.raises(FetchError, match=r"There is no snapshot gdp\.0000"):
        snapshots_to_build({"gdp": "gdp.0000"}, "sample", store)


def test_a_source_is_stale_once_its_cadence_and_some_grace_are_over(home: Home) -> None:
    now = datetime.now(UTC)
    assert not any(f.is_stale for f in freshness_of_sources(home, "sample", now))
    later = freshness_of_sources(home, "sample", now + timedelta(days=38))
    monthly = {s for s, d in load_declarations().items() if d.cadence_days == 30}
    assert {f.slug for f in later if f.is_stale} == monthly
    assert later[0].reason == "asked 38 days ago, worth asking every 90 days"
    never = freshness_of_sources(home, "live", now)
    assert all(f.is_stale and f.snapshot_id is None for f in never)
