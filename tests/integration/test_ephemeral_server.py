"""The server of one command: it comes up, and ends with the command."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.processes import ROOT, children_of, wait_for

STARTS_AND_WAITS = """
import os, time
from flows.runtime.ephemeral_server import start_server
server = start_server()
server.wait()
print(os.environ["PREFECT_API_URL"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def unconfigured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and Prefect home, and nothing said to Prefect."""
    for name in [n for n in os.environ if n.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_comes_up_and_is_gone_when_its_command_is_killed(
    unconfigured: Path, laid_out_prefect: Path
) -> None:
    shutil.copytree(laid_out_prefect, unconfigured / "prefect")
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as command:
        assert command.stdout
        api = command.stdout.readline().strip()
        assert api.startswith("http://127.0.0.1:")
        assert answers(api)
        command.kill()
    until = time.monotonic() + 30
    while answers(api) and time.monotonic() < until:
        time.sleep(0.2)
    assert not answers(api)


@pytest.mark.soak
def test_it_is_started_again_and_ends_its_command_when_that_does_not_help(
    unconfigured: Path, laid_out_prefect: Path
) -> None:
    shutil.copytree(laid_out_prefect, unconfigured / "prefect")
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as command:
        assert command.stdout
        assert command.stderr
        api = command.stdout.readline().strip()
        killed: set[int] = set()

        def living() -> set[int]:
            children = children_of(command.pid).items()
            return {pid for pid, line in children if "ephemeral_server" in line} - killed

        for _ in range(4):
            (server,) = wait_for("a server", living, 120)
            wait_for("an answer", lambda: answers(api), 120)
            os.kill(server, signal.SIGKILL)
            killed.add(server)
        assert command.wait(180) == 1
        assert "Prefect's temporary server has died 4 times" in command.stderr.read()


@pytest.mark.parametrize(
    "words",
    [["flows.runtime.prefect_config"], ["flows.cli.main", "calibrate"]],
    ids=lambda w: w[-1],
)
def test_a_server_that_does_not_start_is_told_in_words(
    unconfigured: Path, words: list[str]
) -> None:
    (unconfigured / "prefect").write_text("a file where a folder should be")
    done = subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "ASYMMETRY_HOME": str(unconfigured / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Prefect's temporary server ended with code")
    assert str(unconfigured / "prefect") in last
