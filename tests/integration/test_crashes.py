"""Real commands that are killed or starved: nothing is lost, and the next one mends it.

The command with a server of its own, as a user has it. Many more kills, of a small build, are in
`test_kills.py`; of a server that others share in `test_server_away.py`.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.crashing import (
    ANOTHER,
    LONGEST,
    CrashingHome,
    kill,
    kill_at_a_moment,
    no_more_memory,
    server_of,
    workers_of,
)

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

N_KILLS, N_SOAK = 2, 20


@pytest.fixture
def home(sample_home: Any, laid_out_prefect: Path, tmp_path: Path) -> CrashingHome:
    return CrashingHome.of(sample_home, laid_out_prefect, tmp_path / "home")


def newest_record(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(max((home / "runs").glob("*.json")).read_text())
    return found


def is_computing(home: CrashingHome) -> bool:
    return any(home.path.glob("steps/core.*/.*"))


@pytest.mark.parametrize(
    "seeds", [range(N_KILLS), pytest.param(range(100, 100 + N_SOAK), marks=pytest.mark.soak)]
)
def test_a_command_that_is_killed_at_any_moment_or_starved(
    home: CrashingHome, tmp_path: Path, seeds: range
) -> None:
    """One after the other in one home, which is made good only at the end."""
    signs = set()
    for seed in seeds:
        if home.published != ANOTHER:
            home.publish_another()
        with home.refresh(tmp_path / f"printed {seed}") as command:
            signs.add(kill_at_a_moment(command, home.path, seed))
            assert command.left_alive(20) == []
        home.has_lost_nothing()
    assert len(signs) > 1
    home.publish_another()  # with something to compute, whatever was finished
    memory_that_does_not_suffice_ends_a_run_in_words(home, tmp_path / "printed without memory")
    home.ends_as_always(tmp_path / "printed at last")


def memory_that_does_not_suffice_ends_a_run_in_words(home: CrashingHome, output: Path) -> None:
    with home.refresh(output) as command, no_more_memory(command):
        command.process.wait(LONGEST)
        assert command.process.returncode == 1
        (*_, said) = command.lines()
        assert command.left_alive(20) == []
    assert said.startswith("Memory does not suffice (")
    assert "steps are kept, nothing was published. Build " in said
    assert "whether its file is as it was written is not known" in said  # it was changed by hand
    assert not [line for line in command.lines() if "Traceback" in line]
    record = newest_record(home.path)
    assert record["result"] == "failed"
    assert record["error"].startswith("NoMemoryError: Memory does not suffice")
    home.has_lost_nothing()
    assert home.published == ANOTHER


@pytest.mark.soak
def test_a_worker_process_that_is_killed_costs_its_step_and_not_the_run(
    home: CrashingHome, tmp_path: Path
) -> None:
    with home.refresh(tmp_path / "printed") as command:
        command.wait_until(lambda: is_computing(home), LONGEST)
        kill(workers_of, command)
        command.process.wait(LONGEST)
        assert command.process.returncode == 0, command.lines()[-20:]
    home.has_lost_nothing()
    assert home.published == home.expected
    (log,) = (home.path / "runs").glob("*.log.jsonl")
    assert "starting again with what is finished" in log.read_text()


@pytest.mark.soak
def test_a_temporary_server_that_is_killed_is_started_again(
    home: CrashingHome, tmp_path: Path
) -> None:
    with home.refresh(tmp_path / "printed") as command:
        command.wait_until(lambda: is_computing(home), LONGEST)
        first = kill(server_of, command)
        command.wait_until(lambda: set(server_of(command)) - {first}, LONGEST)
        command.process.wait(LONGEST)
        assert command.process.returncode == 0, command.lines()[-20:]
        assert command.left_alive(20) == []
    home.has_lost_nothing()
    assert home.published == home.expected
