"""A clock that was ahead, or is set back: what was noted then hides nothing that is noted now."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.fetch.fetch_log import Fetch
from flows.fetch.incoming import IncomingFile
from flows.fetch.snapshots import SnapshotStore
from flows.home.builds import BUILDS_KEPT, forget_old_builds
from flows.home.paths import Home
from flows.home.run_history import last_publication, past_runs
from flows.home.run_record import recorded_run
from flows.operations.attention import (
    failed_runs,
    lines_of_clock,
    lines_of_killed,
    lines_of_sources,
)
from flows.operations.freshness import freshness_of_sources
from flows.operations.status import status_of
from tests.processes import asymmetry

AHEAD = datetime.now(UTC) + timedelta(days=400)


def note(home: Home, began: datetime, result: str, **record: object) -> str:
    """Leaves the record of a run of half a minute."""
    home.runs.mkdir(exist_ok=True)
    name = f"{began:%Y%m%dT%H%M%S%f}"
    ended = began + timedelta(seconds=30)
    whole = {
        "profile": "live",
        "started_at": began.isoformat(timespec="seconds"),
        "ended_at": ended.isoformat(timespec="seconds"),
        "seconds": 30.0,
        **record,
    }
    (home.runs / f"{name}-{result}.json").write_text(json.dumps({**whole, "result": result}))
    return name


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path)


def test_a_failure_of_now_is_told_though_a_good_run_is_of_the_future(home: Home) -> None:
    note(home, AHEAD, "published")
    note(home, datetime.now(UTC), "failed", error="GateFailedError: rows")
    runs = past_runs(home)
    assert [run.result for run in runs] == ["published", "failed"]
    (failed,) = failed_runs(runs)
    assert failed.error == "GateFailedError: rows"
    said = asymmetry(home.path, "status")
    assert said.returncode == 1
    assert "GateFailedError: rows" in said.stdout


def test_a_publication_of_now_is_the_last_one(home: Home) -> None:
    note(home, AHEAD, "published", build_id="a")
    note(home, datetime.now(UTC), "published", build_id="b")
    last = last_publication(home)
    assert last is not None
    assert last.build_id == "b"


def test_records_of_the_future_are_told_of_with_what_to_do(home: Home) -> None:
    note(home, AHEAD, "published")
    (line,) = lines_of_clock(past_runs(home))
    assert line.startswith("1 runs are recorded as of the future")
    assert "set the clock" in line
    assert not list(lines_of_clock([]))


def test_a_killed_run_of_now_is_told_of(home: Home) -> None:
    note(home, AHEAD, "published")
    killed = home.runs / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.log.jsonl"
    killed.touch()
    (line,) = lines_of_killed(past_runs(home), home)
    assert killed.name in line


def fetched(home: Home, moment: datetime) -> None:
    (home.snapshots / "gdp").mkdir(parents=True, exist_ok=True)
    at = moment.isoformat(timespec="microseconds")
    fetch = Fetch(at, "", "live", "live", "https://example.org", False)
    SnapshotStore(home.snapshots).log("gdp.0123456789ab", fetch)


@pytest.mark.parametrize("fetch_is_ahead", [True, False])
def test_a_fetch_of_the_future_makes_up_for_no_failure_of_now(
    home: Home, fetch_is_ahead: bool
) -> None:
    """And a failure of the future is made up for by a fetch of now."""
    now = datetime.now(UTC)
    fetched(home, AHEAD if fetch_is_ahead else now)
    failed = {"flow": "refresh-source", "source_errors": {"gdp": "HTTP 500"}, "error": "one"}
    note(home, now if fetch_is_ahead else AHEAD, "failed", **failed)
    assert bool(list(lines_of_sources(past_runs(home), home))) == fetch_is_ahead


def test_a_source_that_was_asked_in_the_future_is_stale(home: Home) -> None:
    fetched(home, AHEAD)
    (gdp,) = (f for f in freshness_of_sources(home, "live") if f.slug == "gdp")
    assert gdp.is_stale
    assert "which has not come yet" in gdp.reason


def test_hashes_of_the_future_are_no_reason_not_to_worry(home: Home) -> None:
    note(home, AHEAD, "verified", flow="verify", verified={"n_snapshots": 1, "n_steps": 2})
    status = status_of(home)
    assert "which has not come yet" in status.hashes
    assert not status.is_overdue()  # nothing is known of the nights
    note(home, datetime.now(UTC) - timedelta(days=9), "published")
    assert status_of(home).is_overdue()


def test_the_build_just_published_is_kept_though_it_looks_old(home: Home) -> None:
    home.builds.mkdir()
    paths = [home.builds / f"{number:016d}.duckdb" for number in range(BUILDS_KEPT + 2)]
    for path in paths:
        path.touch()
        os.utime(path, (AHEAD.timestamp(),) * 2)
    os.utime(paths[0])  # now, which is before all others
    forget_old_builds(home, paths[0])
    assert paths[0].exists()
    assert len(list(home.builds.iterdir())) == BUILDS_KEPT


def test_a_run_takes_no_negative_time(home: Home) -> None:
    with recorded_run("live", home) as record:
        record.started_at = AHEAD  # the clock is set back while it goes on
        record.result = "unchanged"
    (run,) = past_runs(home)
    assert 0 <= run.seconds < 10


def test_what_a_living_process_fetches_is_not_swept_away(tmp_path: Path) -> None:
    """A clock that is set forward by days makes it look abandoned."""
    alive, dead = tmp_path / f"gdp-{os.getppid()}-ab", tmp_path / "gdp-4194304-ab"
    for path in (alive, dead):
        path.touch()
        os.utime(path, (0, 0))
    with IncomingFile(tmp_path, "gdp", 10):
        assert alive.exists()
        assert not dead.exists()
