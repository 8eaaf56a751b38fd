"""Ctrl-C, SIGTERM, a closed terminal and SIGKILL, at several moments of a command.

One home whose steps are finished is shared: what a test wants computed it removes from its copy.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli.verbs import app
from flows.dag import STEPS
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.writer_lock import writer_of
from flows.sources import load_declarations
from tests.integration.processes import Command, drafts_in, running_command

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

SECONDS = 2.0
EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
INT, TERM, HUP, KILL = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL
NEVER_ENDS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range > b.range"
FLOW_OF_A_PROGRAM = "from flows.refresh import refresh; refresh(profile='sample')"


@pytest.fixture(scope="module")
def finished(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose steps are finished, and in which another build is published."""
    home = tmp_path_factory.mktemp("finished")
    for part in ("snapshots", "sample_world", "steps"):
        shutil.copytree(sample_home.home / part, home / part)
    shutil.copy(sample_home.warehouse, home / "warehouse.duckdb")
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE meta.builds SET build_id = repeat('0', 64) WHERE is_current")
    return home


def remove(home: Path, pattern: str) -> None:
    for folder in home.glob(pattern):
        shutil.rmtree(folder)


MOMENTS: dict[str, tuple[str, str]] = {
    # what is removed beforehand, and what is there when the moment has come
    "fetching": ("snapshots", "snapshots/_incoming/*"),
    "staging": ("steps/stage_*", "steps/stage_*/.*"),
    "metrics": ("steps/metrics.vote_similarity*", "steps/metrics.*/.*"),
    "publishing": ("nothing", "builds/.*"),
}
SAID = {
    "fetching": r"Interrupted; nothing was published\.",
    "staging": rf"Interrupted; \d\d of {len(STEPS)} steps are kept, nothing was published\.",
    "metrics": rf"Interrupted; \d\d of {len(STEPS)} steps are kept, nothing was published\.",
    "publishing": rf"Interrupted; {len(STEPS)} of {len(STEPS)} steps are kept,"
    r" nothing was published\.",
}


def refresh_until(
    moment: str, home: Path, finished: Path, tmp_path: Path, **environment: str
) -> Any:
    """A refresh in a copy of the finished home, and what says that the moment has come."""
    shutil.copytree(finished, home)
    removed, sign = MOMENTS[moment]
    remove(home, removed)
    command = running_command(home, "refresh", output=tmp_path / "printed", environment=environment)
    return command, lambda: any(home.glob(sign))


def published(home: Path) -> tuple[int, int]:
    found = (home / "warehouse.duckdb").stat()
    return found.st_ino, found.st_mtime_ns


def check_end(command: Command, number: signal.Signals, seconds: float, said: str) -> str:
    """What holds for every interrupted command; the line that it said."""
    assert command.process.returncode == EXIT_CODES[number]
    assert seconds <= SECONDS
    lines = [line for line in command.lines() if not line.endswith("is slow to answer; waiting.")]
    assert len(lines) == 1, lines
    assert re.fullmatch(said, lines[0])
    assert command.left_alive(3) == []
    return lines[0]


def newest_record(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(max((home / "runs").glob("*.json")).read_text())
    return found


@pytest.mark.parametrize(
    ("number", "moment", "times"),
    [
        (TERM, "fetching", 1),
        pytest.param(HUP, "staging", 1, marks=pytest.mark.soak),
        (INT, "metrics", 50),
        (TERM, "publishing", 1),
    ],
)
def test_an_interrupted_refresh_says_what_is_kept(
    number: signal.Signals,
    moment: str,
    times: int,
    *,
    finished: Path,
    server: Any,
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    running, has_come = refresh_until(moment, home, finished, tmp_path, PREFECT_API_URL=server.api)
    before = published(finished)[1]
    with running as command:
        command.wait_until(has_come)
        seconds = command.interrupt(number, times)
        line = check_end(command, number, seconds, SAID[moment])
    record = newest_record(home)
    assert (record["result"], record["error"]) == ("cancelled", line)
    assert past_runs(Home.at(home))[-1].result == "cancelled"
    assert (
        "cancelled"
        in CliRunner().invoke(app, ["history"], env={"ASYMMETRY_HOME": str(home)}).output
    )
    assert drafts_in(home) == []
    assert published(home)[1] == before
    assert writer_of(home) is None
    begun = {"start_time": {"is_null_": False}, "deployment_id": {"is_null_": True}}
    asked = {"flow_runs": begun, "sort": "START_TIME_DESC", "limit": 1}
    (run,) = server.read("flow_runs/filter", asked)
    assert run["state_type"] == "CANCELLED"
    assert run["state"]["message"] == line


@pytest.mark.parametrize("number", [INT, KILL])
def test_the_server_and_the_pool_of_a_command_end_with_it(
    number: signal.Signals, finished: Path, laid_out_prefect: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    running, has_come = refresh_until("staging", home, finished, tmp_path)
    shutil.copytree(laid_out_prefect, home / "prefect")
    with running as command:
        command.wait_until(has_come)
        started = " ".join(command.seen.values())
        assert started.count("flows.runtime.ephemeral_server") == 1
        assert started.count("spawn_main") >= 2
        seconds = command.interrupt(number)
        if number == INT:
            check_end(command, number, seconds, SAID["staging"])
            assert newest_record(home)["result"] == "cancelled"
            assert drafts_in(home) == []
        else:
            assert command.lines() == []
        assert command.left_alive(10) == []
    assert published(home)[1] == published(finished)[1]


@pytest.mark.parametrize(
    "number",
    [INT, KILL, *(pytest.param(number, marks=pytest.mark.soak) for number in (TERM, HUP))],
)
def test_a_command_that_is_only_starting_leaves_nothing(
    number: signal.Signals, finished: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(finished / "warehouse.duckdb", home)
    with running_command(home, "refresh", output=tmp_path / "printed") as command:

        def has_server() -> bool:
            command.note_descendants()
            return any("ephemeral_server" in line for line in command.seen.values())

        command.wait_until(has_server)
        seconds = command.interrupt(number)
        if number != KILL:
            check_end(command, number, seconds, r"Interrupted; nothing was published\.")
            assert newest_record(home)["result"] == "cancelled"
        assert command.left_alive(10) == []


def test_after_the_swap_it_says_what_was_published(
    finished: Path, server: Any, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    running, _ = refresh_until("publishing", home, finished, tmp_path, PREFECT_API_URL=server.api)
    with running as command:
        before = published(home)
        command.wait_until(lambda: published(home) != before)
        seconds = command.interrupt(INT)
        line = check_end(command, INT, seconds, r"Interrupted; build [0-9a-f]{12} was published\.")
    record = newest_record(home)
    assert record["result"] == "published"
    assert record["build_id"][:12] in line
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM core.votes").fetchone() is not None


def test_the_flow_in_a_program_of_the_user_leaves_its_record_too(
    finished: Path, server: Any, tmp_path: Path
) -> None:
    """Prefect answers SIGTERM there, as in the process of a deployed run."""
    home = tmp_path / "home"
    shutil.copytree(finished, home)
    remove(home, "steps/stage_*")
    with running_command(
        home,
        output=tmp_path / "printed",
        environment={"PREFECT_API_URL": server.api},
        program=("-c", FLOW_OF_A_PROGRAM),
    ) as command:
        command.wait_until(lambda: any(home.glob("steps/stage_*/.*")))
        command.interrupt(TERM)
        assert command.left_alive(10) == []
    assert newest_record(home)["result"] == "cancelled"
    assert published(home)[1] == published(finished)[1]


def test_calibrate_says_how_far_it_is(server: Any, tmp_path: Path) -> None:
    """With processes of Prefect's own, which a terminal's signal reaches as well."""
    home = tmp_path / "home"
    arguments = ("--families", "burdens", "--runner", "processes")
    with running_command(
        home,
        "calibrate",
        *arguments,
        output=tmp_path / "printed",
        environment={"PREFECT_API_URL": server.api},
    ) as command:
        command.wait_until(lambda: any(home.glob("calibration/*/verdicts/*/*.parquet")))
        seconds = command.interrupt(INT)
        said = r"Interrupted; \d+ of \d+ chunks of worlds are kept, no page was written\."
        check_end(command, INT, seconds, said)
    assert not (tmp_path / "docs").exists()


@pytest.fixture
def stalling_mirror() -> Iterator[tuple[str, list[socket.socket]]]:
    """A host that takes every request and never answers: its address, and who has asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", held
        listening.shutdown(socket.SHUT_RDWR)


def test_fetch_says_how_many_sources_it_has(
    stalling_mirror: tuple[str, list[socket.socket]], tmp_path: Path
) -> None:
    home, (mirror, asked) = tmp_path / "home", stalling_mirror
    arguments = ("fetch", "--profile", "mirror", "--mirror", mirror)
    with running_command(home, *arguments, output=tmp_path / "printed") as command:
        command.wait_until(lambda: asked)
        seconds = command.interrupt(INT)
        check_end(
            command,
            INT,
            seconds,
            rf"Interrupted; 0 of {len(load_declarations())} sources were fetched\.",
        )
    assert drafts_in(home) == []


def test_a_query_ends_too_and_under_nohup_goes_on(finished: Path, tmp_path: Path) -> None:
    arguments = ("query", NEVER_ENDS, "--output", str(tmp_path / "never.csv"))
    with running_command(
        finished, *arguments, output=tmp_path / "printed", wrapper=("nohup",)
    ) as command:
        command.wait_until(lambda: any("never.csv" in path.name for path in tmp_path.iterdir()))
        os.killpg(command.process.pid, HUP)
        with pytest.raises(subprocess.TimeoutExpired):
            command.process.wait(1)
        seconds = command.interrupt(INT)
    assert command.process.returncode == EXIT_CODES[INT]
    assert seconds <= SECONDS
    assert command.lines()[1:] == ["Interrupted; nothing was changed."]
    assert not [path for path in tmp_path.iterdir() if "never.csv" in path.name]


def test_an_interrupt_while_python_is_still_importing_is_answered(tmp_path: Path) -> None:
    """From when the command's own code begins; before that the interpreter has the word."""
    began = "import flows.cli.main as m, os; os.write(1, b'begun\\n'); m.main()"
    with running_command(
        tmp_path, "status", output=tmp_path / "printed", program=("-c", began)
    ) as command:
        command.wait_until(lambda: "begun" in command.output.read_text())
        time.sleep(0.05)
        seconds = command.interrupt(INT)
    assert command.process.returncode == EXIT_CODES[INT]
    assert seconds <= SECONDS
    assert command.lines()[1:] == ["Interrupted; nothing was changed."]
    assert not [path for path in tmp_path.iterdir() if "never.csv" in path.name]
