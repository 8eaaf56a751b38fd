"""What an operator asks: status, history, rollback; on real homes."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home.builds import checksum_file, kept_builds
from flows.home.guards import RealFiguresError
from flows.home.paths import Home
from flows.home.run_history import past_runs, what_changed
from flows.home.writer_lock import only_writer
from flows.operations.rollback import RollbackError, rollback
from flows.operations.status import status_of
from warehouse.catalog.builds import read_build

HOLD = """
import pathlib, sys
from flows.home.writer_lock import only_writer
with only_writer(pathlib.Path(sys.argv[1])):
    print('held', flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more, without its steps."""
    target = tmp_path / "home"
    for name in ("builds", "snapshots", "runs"):
        shutil.copytree(sample_home.home / name, target / name)
    shutil.copy2(sample_home.warehouse, target / "warehouse.duckdb")
    return Home.at(target)


@pytest.fixture
def two_builds(home: Home) -> tuple[Home, str, str]:
    """A home with two builds: the published one, and an older one with another id."""
    current = read_build(home.warehouse).build_id  # type: ignore[union-attr]
    older = "ab" * 32
    path = home.builds / f"{older[:16]}.duckdb"
    shutil.copy2(home.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta.builds SET build_id = ? WHERE is_current", [older])
    os.utime(path, (1, 1))
    return home, current, older


def asymmetry(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments],
        env={**os.environ, "ASYMMETRY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def write_run(home: Home, name: str, **record: Any) -> None:
    home.runs.mkdir(parents=True, exist_ok=True)
    whole = {"profile": "live", "started_at": name, "seconds": 1.0, **record}
    (home.runs / f"{name}-{record['result']}.json").write_text(json.dumps(whole))


def test_after_a_build_all_is_well(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "status")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All is well." in done.stdout
    assert "nobody is writing" in done.stdout
    answer = json.loads(asymmetry(sample_home.home, "status", "--format", "json").stdout)
    assert answer["attention"] == []
    assert answer["last_publish"]["build_id"] == answer["published"]["build_id"]


def test_an_empty_home_wants_a_refresh(tmp_path: Path) -> None:
    status = status_of(Home.at(tmp_path))
    assert status.attention == ("Nothing is published: `asymmetry refresh`.",)
    assert list(tmp_path.iterdir()) == []
    assert asymmetry(tmp_path, "status").returncode == 1


def test_a_real_source_grows_stale_after_its_cadence_and_some_grace(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE meta.builds SET is_simulated = false, profile = 'live'")
    for log in home.snapshots.glob("*/fetches.jsonl"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        real = [{**line, "channel": "live", "is_simulated": False} for line in lines]
        log.write_text("".join(json.dumps(line) + "\n" for line in real))
    assert status_of(home).attention == ()
    later = status_of(home, datetime.now(UTC) + timedelta(days=60))
    stale = {line.split()[0] for line in later.attention}
    assert {"un_votes", "us_troops"} <= stale
    assert not stale & {"atop", "gdp"}  # worth asking every 90 days


def test_a_failed_run_is_told_with_its_reason(home: Home) -> None:
    write_run(home, "29990101T000000", result="failed", error="FetchError: gdp: 404\nmore")
    (message,) = status_of(home).attention
    assert "FetchError: gdp: 404)" in message
    assert "29990101T000000-failed.json" in message


def test_who_writes_is_told_while_it_writes(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        writer = status_of(home).writer
        assert writer is not None
        assert writer.pid == holder.pid
        holder.kill()
        holder.wait()
    assert status_of(home).writer is None
    with only_writer(home.home):
        pass


def test_history_says_what_was_new(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    steps = {"a": {"reused": False}, "b": {"reused": True}}
    first = {"gdp": "gdp.1", "atop": "atop.1"}
    write_run(home, "1", result="published", build_id="a" * 64, snapshots=first, steps=steps)
    write_run(home, "2", result="unchanged", build_id="a" * 64, snapshots=first)
    second = {**first, "gdp": "gdp.2"}
    write_run(home, "3", result="published", build_id="b" * 64, snapshots=second, steps=steps)
    write_run(home, "4", result="published", build_id="c" * 64, snapshots=second, steps=steps)
    write_run(home, "5", result="rolled_back", build_id="b" * 64, snapshots=second)
    write_run(home, "6", result="failed", error="GateFailedError: rows\nkeys")
    (home.runs / "7-published.json").write_text("{")
    runs = past_runs(home)
    assert [what_changed(run, runs[:i]) for i, run in enumerate(runs)] == [
        "first build, 1 of 2 steps run",
        "nothing new",
        "new bytes of gdp; 1 of 2 steps run",
        "code, lists or libraries; 1 of 2 steps run",
        "an earlier build was put back",
        "GateFailedError: rows",
    ]
    done = asymmetry(tmp_path, "history", "-n", "2", "--format", "json")
    assert [run["result"] for run in json.loads(done.stdout)] == ["failed", "rolled_back"]
    assert "(1 of 6 runs" in asymmetry(tmp_path, "history", "-n", "1").stdout


def test_a_rollback_publishes_the_earlier_build_and_leaves_its_record(
    two_builds: tuple[Home, str, str],
) -> None:
    home, current, older = two_builds
    with duckdb.connect(str(home.warehouse), read_only=True) as reader:
        done = asymmetry(home.home, "rollback", older[:10])
        assert done.returncode == 0, done.stderr
        assert "The next refresh publishes the newer build again" in done.stdout
        still = reader.execute("SELECT build_id FROM meta.builds WHERE is_current").fetchall()
        assert still == [(current,)]  # a reader keeps what it has open
    assert read_build(home.warehouse).build_id == older  # type: ignore[union-attr]
    run = past_runs(home)[-1]
    assert (run.result, run.build_id) == ("rolled_back", older)
    assert set(run.snapshots) == {p.name for p in home.snapshots.iterdir() if p.name[0] != "_"}
    assert [b.name for b in kept_builds(home) if b.is_published] == [older]
    assert any("put back by hand" in line for line in status_of(home).attention)
    assert rollback(older, home)["result"] == "unchanged"
    assert rollback(current, home)["result"] == "rolled_back"
    assert not any("by hand" in line for line in status_of(home).attention)


@pytest.mark.parametrize("damage", ["flip", "checksum", "truncate", "other"])
def test_a_damaged_build_is_never_published(two_builds: tuple[Home, str, str], damage: str) -> None:
    home, current, older = two_builds
    path = home.builds / f"{older[:16]}.duckdb"
    if damage == "checksum":
        checksum_file(path).write_text(f"{'0' * 64}  {path.name}\n")
    elif damage == "other":
        path.rename(home.builds / f"{'cd' * 8}.duckdb")
    else:
        data = bytearray(path.read_bytes())
        if damage == "flip":
            for place in range(len(data) // 4, len(data) // 2, 4096):
                data[place] ^= 255
        path.write_bytes(bytes(data[: len(data) // 2] if damage == "truncate" else data))
    with pytest.raises(RollbackError, match="Nothing was changed"):
        rollback(older[:16], home)
    assert read_build(home.warehouse).build_id == current  # type: ignore[union-attr]
    assert past_runs(home)[-1].result == "failed"


def test_unknown_and_ambiguous_builds_are_refused(two_builds: tuple[Home, str, str]) -> None:
    home, current, _ = two_builds
    for name in ("nope", ""):
        with pytest.raises(RollbackError, match=current[:12]):
            rollback(name, home)
    assert asymmetry(home.home, "rollback").returncode == 2
    listed = asymmetry(home.home, "rollback", "--list")
    assert current[:12] in listed.stdout
    assert "abababababab" in listed.stdout


def test_a_simulated_build_never_takes_the_place_of_real_figures(
    two_builds: tuple[Home, str, str],
) -> None:
    home, _, older = two_builds
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE meta.builds SET is_simulated = false, profile = 'live'")
    with pytest.raises(RealFiguresError):
        rollback(older, home)
