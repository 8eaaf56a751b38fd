"""`asymmetry calibrate`: the same page whatever the runner, and after a run was killed."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.processes import ROOT, children_of, command, environment_of, is_alive, wait_for

SOME = ["preponderance", "burdens"]
N_WORLDS = 4


def calibrating(
    home: Path, api: str, runner: str, n_worlds: int = N_WORLDS
) -> "subprocess.Popen[bytes]":
    """The command, running; its page comes into a folder beside the home."""
    home.mkdir(exist_ok=True)
    families = [word for name in SOME for word in ("--families", name)]
    arguments = ["--worlds", str(n_worlds), *families, "--runner", runner]
    return subprocess.Popen(
        command("calibrate", *arguments, "--docs", str(docs_of(home))),
        env=environment_of(home, api),
        cwd=ROOT,
        stderr=(home / "log").open("ab"),
    )


def docs_of(home: Path) -> Path:
    return home.with_name(f"{home.name} docs")


def written(home: Path) -> dict[str, str]:
    """The page and its pictures."""
    folder = docs_of(home)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not list((home / "calibration").glob("[!.]*")), "pieces are left"
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in files}


@pytest.fixture(scope="module")
def on_threads(tmp_path_factory: pytest.TempPathFactory, prefect_api: str) -> dict[str, str]:
    home = tmp_path_factory.mktemp("threads")
    assert calibrating(home, prefect_api, "threads").wait(900) == 0, (home / "log").read_text()
    return written(home)


def test_the_page_holds_what_was_asked_for(on_threads: dict[str, str]) -> None:
    pictures = {f"calibration/{name}.svg" for name in ("coverage", "false_support", "power")}
    counts = {f"calibration/{name}.csv" for name in ("families", "verdicts", "intervals")}
    assert set(on_threads) == {"calibration.md", *pictures, *counts}
    assert f"| C6 | 1 | absent | {N_WORLDS} |" in on_threads["calibration.md"]


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
    assert workers
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
                assert (docs_of(home) / "calibration.md").exists()
        time.sleep(0.2)
    assert again.returncode == 0, (home / "log").read_text()
    assert written(home) == on_threads


@pytest.mark.soak
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
