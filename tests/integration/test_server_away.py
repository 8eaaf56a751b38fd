"""A server that goes away in the middle of a run and comes back, and a worker that does not.

The run waits for the server, and publishes; it does not need the worker that has begun it.
"""

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home.writer_lock import writer_of
from tests.integration.crashing import LONGEST, CrashingHome
from tests.integration.prefect_server import started_server
from tests.integration.processes import running_command
from tests.processes import free_port, wait_for

pytestmark = pytest.mark.soak

SECONDS_AWAY = 45
"""With the server's start, longer than the five tries of Prefect's client take."""

MOMENTS: dict[str, Callable[[Path], bool]] = {
    "fetching": lambda home: any(home.glob("snapshots/gdp/gdp.*")),
    "computing": lambda home: any(home.glob("steps/core.us_troops/*")),
    "publishing": lambda home: any(home.glob("builds/.*")),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_goes_on_when_the_server_is_back(
    moment: str, sample_home: Any, laid_out_prefect: Path, tmp_path: Path
) -> None:
    home, prefect, port = tmp_path / "home", tmp_path / "prefect", free_port()
    shutil.copytree(laid_out_prefect, prefect)
    shutil.copytree(sample_home.home / "steps", home / "steps")
    for name in ("core.us_troops", "stage_us_troops"):
        shutil.rmtree(home / "steps" / name)
    with started_server(prefect, port) as (server, process):
        environment = {
            "PREFECT_API_URL": server.api,
            "PREFECT_HOME": str(tmp_path / "client"),
        }
        with running_command(
            home, "refresh", output=tmp_path / "printed", environment=environment
        ) as command:
            command.wait_until(lambda: MOMENTS[moment](home), LONGEST)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(SECONDS_AWAY)
            with started_server(prefect, port):
                command.process.wait(LONGEST)
                assert command.process.returncode == 0, command.lines()[-20:]
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT build_id FROM meta.builds WHERE is_current").fetchone()
    assert found == sample_home.rows("SELECT build_id FROM meta.builds WHERE is_current")[0]


def test_a_worker_that_is_killed_leaves_a_home_in_which_the_next_one_runs(
    sample_home: Any, laid_out_prefect: Path, tmp_path: Path
) -> None:
    home, prefect = tmp_path / "home", tmp_path / "prefect"
    crashing = CrashingHome.of(sample_home, laid_out_prefect, home)
    shutil.copytree(laid_out_prefect, prefect)
    with started_server(prefect, free_port()) as (server, _):
        server.deploy(home)
        with server.worker("first", home, tmp_path) as worker:
            server.begin("refresh/refresh-all", profile="sample")
            wait_for("a step", lambda: any(home.glob("steps/core.*/.*")), LONGEST, every=0.02)
            worker.kill()
        with server.worker("second", home, tmp_path):
            wait_for("nobody to write", lambda: writer_of(home) is None, LONGEST)
            crashing.has_lost_nothing()
            run = server.run_deployment("refresh/refresh-all", LONGEST, profile="sample")
            assert run["state_name"] == "Completed", run["state"]["message"]
    assert crashing.published == crashing.expected
