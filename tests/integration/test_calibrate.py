"""`asymmetry calibrate`: the same page whatever the runner, and after a run was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.calibrate import calibrate
from flows.cli.main import app
from flows.engine.calibration_chunks import chunks, concat, evenly, judge_chunk
from flows.home.paths import Home
from flows.home.writer_lock import AnotherRunError, only_writer, refuse_second_writer
from tests.integration.conftest import wait_for
from transforms.calibration.registry import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
SOME = ["preponderance", "burdens"]
N_WORLDS = 4


def calibrating(
    home: Path, api: str, runner: str, n_worlds: int = N_WORLDS
) -> "subprocess.Popen[bytes]":
    """The command, running; its page comes below `docs` in the home."""
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "ASYMMETRY_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_HOME": str(home / "prefect"),
    }
    families = [word for name in SOME for word in ("--families", name)]
    arguments = ["--worlds", str(n_worlds), *families, "--runner", runner]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows.cli.main",
            "calibrate",
            *arguments,
            "--docs",
            str(home / "docs"),
        ],
        env=environment,
        cwd=ROOT,
        stderr=(home / "log").open("ab"),
    )


def written(home: Path) -> dict[str, str]:
    """The page and its pictures."""
    folder = home / "docs"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not list((home / "calibration").glob("[!.]*")), "pieces are left"
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


def children_of(pid: int) -> list[int]:
    """Processes that a process has started, by id."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for file in listed for child in file.read_text().split()]
    assert found
    return found


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture(scope="module")
def on_threads(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> dict[str, str]:
    home = tmp_path_factory.mktemp("threads")
    assert calibrating(home, prefect_api, "threads").wait(300) == 0, (home / "log").read_text()
    return written(home)


@pytest.mark.prefect
def test_the_page_holds_what_was_asked_for(on_threads: dict[str, str]) -> None:
    pictures = {f"calibration/{name}.svg" for name in ("coverage", "false_support", "power")}
    assert set(on_threads) == {"calibration.md", *pictures}
    assert f"| C6 | absent | {N_WORLDS} |" in on_threads["calibration.md"]


@pytest.mark.prefect
def test_processes_change_no_figure_nor_does_a_run_that_was_killed(
    on_threads: dict[str, str], prefect_api: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = calibrating(home, prefect_api, "processes")
    deadline = time.monotonic() + 120
    while not (found := list(home.glob("calibration/*/verdicts/*/*.parquet"))):
        assert first.poll() is None, (home / "log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers = children_of(first.pid)
    first.send_signal(signal.SIGKILL)
    first.wait(20)
    wait_for("its processes to leave", lambda: not any(map(is_alive, workers)), 30)
    kept = {path: path.stat().st_mtime_ns for path in found}
    again = calibrating(home, prefect_api, "threads")
    while again.poll() is None:  # what was finished is left alone, until all is
        for path, before in kept.items():
            try:
                assert path.stat().st_mtime_ns == before
            except FileNotFoundError:
                assert (home / "docs" / "calibration.md").exists()
        time.sleep(0.2)
    assert again.returncode == 0, (home / "log").read_text()
    assert written(home) == on_threads


def test_chunks_are_put_together_in_order_whatever_the_order_they_were_judged_in(
    tmp_path: Path,
) -> None:
    todo = chunks(1, ["burdens"])
    for chunk in reversed(todo):
        judge_chunk(chunk, str(tmp_path / "down"))
    for chunk in evenly(todo):
        judge_chunk(chunk, str(tmp_path / "up"))
    up, down = (concat(todo, tmp_path / name) for name in ("up", "down"))
    assert up.verdicts.equals(down.verdicts)
    assert up.estimates.equals(down.estimates)
    assert up.verdicts["scenario"].to_list() == [chunk.scenario.name for chunk in todo]


def test_a_finished_chunk_is_not_judged_again(tmp_path: Path) -> None:
    todo = chunks(1, ["burdens"])
    judge_chunk(todo[0], str(tmp_path))
    (piece,) = (tmp_path / "verdicts").glob("*/*.parquet")
    before = piece.stat().st_mtime_ns
    judge_chunk(todo[0], str(tmp_path))
    assert piece.stat().st_mtime_ns == before
    with pytest.raises(LookupError, match="burdens, confounded, worlds 0 to 0 lacks"):
        concat(todo, tmp_path)


def test_all_scenarios_come_forward_at_the_same_pace() -> None:
    todo = chunks(100, list(FAMILIES))
    in_turn = evenly(todo)
    assert sorted(map(todo.index, in_turn)) == list(range(len(todo)))
    half = in_turn[: len(todo) // 2]
    last = {(chunk.family, chunk.scenario): chunk.last for chunk in todo}
    assert {(chunk.family, chunk.scenario) for chunk in half} == set(last)
    assert all(chunk.first <= 0.6 * last[chunk.family, chunk.scenario] for chunk in half)


@pytest.mark.parametrize("n_worlds", [3, 20, 100])
def test_chunks_hold_every_world_once(n_worlds: int) -> None:
    found = [
        (chunk.family, chunk.scenario.name, world)
        for chunk in chunks(n_worlds, list(FAMILIES))
        for world in range(chunk.first, chunk.last)
    ]
    assert len(found) == len(set(found))
    scenarios = {(f, s.name) for f, family in FAMILIES.items() for s in family.scenarios}
    assert {(f, s) for f, s, _ in found} == scenarios


def test_a_second_calibration_in_the_same_home_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path))
    home = Home.at(tmp_path)
    with only_writer(home.calibration):
        refused = CliRunner().invoke(app, ["calibrate", "--worlds", "1"])
        assert refused.exit_code == 5
        with pytest.raises(AnotherRunError, match=r"is writing in .*calibration"):
            calibrate.fn(1, ["burdens"], str(tmp_path / "docs"))
    assert f"process {os.getpid()}" in refused.output
    assert [path.name for path in home.calibration.iterdir()] == [".writer.lock"]
    with only_writer(home.path):  # a build is no hindrance
        refuse_second_writer(home.calibration)


@pytest.mark.prefect
def test_a_run_that_is_told_to_end_ends_at_once(prefect_api: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    running = calibrating(home, prefect_api, "threads", n_worlds=400)
    deadline = time.monotonic() + 120
    while not list(home.glob("calibration/*/verdicts/*/*.parquet")):
        assert running.poll() is None, (home / "log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.terminate()
    assert running.wait(20) != 0
    n_pieces = len(list(home.glob("calibration/*/verdicts/*/*.parquet")))
    time.sleep(2)
    assert len(list(home.glob("calibration/*/verdicts/*/*.parquet"))) == n_pieces


def test_workers_that_cannot_be_used_are_named_at_once() -> None:
    refused = CliRunner().invoke(app, ["calibrate", "--runner", "dask"])
    assert refused.exit_code == 2
    assert "--dask-address" in refused.output
