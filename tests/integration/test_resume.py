"""A run that dies publishes nothing, and the next one goes on where it stopped."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.home.build_files import sha256_of_file
from flows.home.writer_lock import only_writer
from tests.built_homes import BuiltHome
from tests.integration.loaded_process import LoadedProcess
from tests.processes import command, environment_of, wait_for

STEP = "core.us_construction"


@pytest.mark.soak
def test_a_killed_run_publishes_nothing_and_its_finished_steps_are_found_again(
    sample_home: BuiltHome,
    prefect_api: str,
    loaded: LoadedProcess,
    drop_last_line: Callable[[Path, str], None],
    tmp_path: Path,
) -> None:
    home, world = sample_home.copy(tmp_path / "home"), tmp_path / "world"
    shutil.copytree(home / "sample_world", world)
    drop_last_line(world, "us_construction")
    published = sha256_of_file(home / "warehouse.duckdb")
    steps = set((home / "steps" / STEP).iterdir())
    arguments = ("refresh", "--profile", "mirror", "--mirror", str(world))

    def finished_anew() -> list[Path]:
        found = set((home / "steps" / STEP).iterdir()) - steps
        assert run.poll() is None, "the run has ended too early"
        return [path for path in found if not path.name.startswith(".")]

    with subprocess.Popen(
        command(*arguments),
        env=environment_of(home, prefect_api),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as run:
        wait_for("a finished step", finished_anew, 180, every=0.02)
        run.kill()
    assert sha256_of_file(home / "warehouse.duckdb") == published
    with only_writer(home):  # its lock went with it
        pass

    again = loaded.asymmetry(home, *arguments)
    assert again.returncode == 0, f"{again.stdout}\n{again.stderr}"
    assert sha256_of_file(home / "warehouse.duckdb") != published
    record = json.loads(max((home / "runs").glob("*-published.json")).read_text())
    assert record["steps"][STEP]["reused"]
    assert not all(step["reused"] for step in record["steps"].values())
