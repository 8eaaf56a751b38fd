"""A run that dies publishes nothing, and the next one goes on where it stopped."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.home.builds import sha256_of_file
from flows.home.writer_lock import only_writer

pytestmark = pytest.mark.prefect

STEP = "core.us_troops"


def test_a_killed_run_publishes_nothing_and_its_finished_steps_are_found_again(
    second_home: Path, prefect_api: str, drop_last_line: Any, tmp_path: Path
) -> None:
    home, world = tmp_path / "home", tmp_path / "world"
    shutil.copytree(second_home, home)
    shutil.copytree(home / "sample_world", world)
    drop_last_line(world, "us_troops")
    published = sha256_of_file(home / "warehouse.duckdb")
    steps = set((home / "steps" / STEP).iterdir())
    command = [sys.executable, "-m", "flows.cli.main", "refresh", "--profile", "mirror"]
    command += ["--mirror", str(world)]
    environment = {**os.environ, "ASYMMETRY_HOME": str(home), "PREFECT_API_URL": prefect_api}

    def finished_anew() -> list[Path]:
        found = set((home / "steps" / STEP).iterdir()) - steps
        return [path for path in found if not path.name.startswith(".")]

    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        deadline = time.monotonic() + 180
        while not finished_anew() and time.monotonic() < deadline:
            assert run.poll() is None, "the run has ended too early"
            time.sleep(0.02)
        run.kill()
    assert finished_anew()
    assert sha256_of_file(home / "warehouse.duckdb") == published
    with only_writer(home):  # its lock went with it
        pass

    again = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert again.returncode == 0, f"{again.stdout}\n{again.stderr}"
    assert sha256_of_file(home / "warehouse.duckdb") != published
    record = json.loads(max((home / "runs").glob("*-published.json")).read_text())
    assert record["steps"][STEP]["reused"]
    assert not all(step["reused"] for step in record["steps"].values())
