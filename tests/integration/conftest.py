"""A Prefect server for all tests, and everything that `make deploy` and workers set up on it."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.loaded_process import LoadedProcess, loaded_process
from tests.integration.prefect_server import PrefectServer, prefect_server
from tests.processes import wait_for


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, laid_out_prefect: Path
) -> Iterator[PrefectServer]:
    """A server on SQLite."""
    home = tmp_path_factory.mktemp("prefect")
    shutil.copytree(laid_out_prefect, home, dirs_exist_ok=True)
    with prefect_server(home) as found:
        yield found


@pytest.fixture(scope="session")
def prefect_api(server: PrefectServer) -> str:
    """Address of the API of a server of our own."""
    return server.api


@pytest.fixture(scope="session")
def loaded(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedProcess]:
    """A process that runs commands and flows on that server, and has loaded them once."""
    with loaded_process(tmp_path_factory.mktemp("loaded") / "home", prefect_api) as found:
        yield found


@dataclass(frozen=True)
class Operated:
    """A server with every deployment of `prefect.yaml`, and two workers on one home.

    Attributes:
        server: The server.
        home: The workers' `$ASYMMETRY_HOME`.
    """

    server: PrefectServer
    home: Path


@pytest.fixture(scope="session")
def operated(server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operated]:
    """Everything that `make deploy` and two `make worker` set up.

    One worker begins at once to build the simulated world, on one thread, which takes minutes;
    meanwhile a schedule fires, and the other runs `verify`. Tests that want neither go on.
    """
    logs = tmp_path_factory.mktemp("workers")
    home = tmp_path_factory.mktemp("operated home, ünïcode")
    server.deploy(home)
    with ExitStack() as stack:
        for name in ("first", "second"):
            stack.enter_context(server.worker(name, home, logs))
        server.begin("refresh/refresh-all", profile="sample")
        wait_for("the build to begin", lambda: server.runs_of("refresh-all"), 120)
        # at once, so that two workers run at the same time however fast the build is
        server.begin("verify/verify")
        named = {"deployments": {"name": {"any_": ["verify"]}}}
        (verify,) = server.read("deployments/filter", named)
        path = f"deployments/{verify['id']}/schedules"
        # one ahead at a time: runs that come faster than they end would queue up
        often = {"schedule": {"interval": 15}, "active": True, "max_scheduled_runs": 1}
        (made,) = server.ask("POST", path, [{**often, "slug": "often"}])
        wait_for(
            "a scheduled run of verify that has ended",
            lambda: [r for r in server.runs_of("verify") if r["end_time"] and r["auto_scheduled"]],
            240,
        )
        server.ask("DELETE", f"{path}/{made['id']}")  # more of them would only hold up the build
        yield Operated(server, home)


@pytest.fixture(scope="session")
def second_home(operated: Operated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workers' home, with the simulated world built a second time, on one thread."""
    server = operated.server
    build = server.ended_run_of("refresh-all", 1200)
    assert build["state_name"] == "Completed", build["state"]["message"]
    copy = tmp_path_factory.mktemp("second") / "home, ünïcode"
    shutil.copytree(operated.home, copy)
    return copy
