"""A real Prefect server, workers and deployments: loopback, free ports, ended by their ids."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.processes import BIN, LONGEST_ANSWER, ROOT, free_port, running, wait_for

SECONDS_TO_PLAN = 45
"""Until a new schedule fires for the first time, which a busy server is not to miss."""


class DeployError(Exception):
    """`make deploy` has failed, with what it printed."""


@dataclass(frozen=True)
class PrefectServer:
    """A server that is up.

    Attributes:
        api: Its address.
        environment: For processes that are to talk to it.
    """

    api: str
    environment: dict[str, str]

    def read(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Asks the REST API."""
        return self.ask("POST", path, body or {})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Asks again where the server is busy: on SQLite it then says 503."""
        timeout = Retry(8, backoff_factor=0.5, status_forcelist=[503], allowed_methods=None)
        with requests.Session() as session:
            session.mount(self.api, HTTPAdapter(max_retries=timeout))
            answer = session.request(
                method, f"{self.api}/{path}", json=body, timeout=LONGEST_ANSWER
            )
            answer.raise_for_status()
            return answer.json() if answer.content else None

    def runs_of(self, deployment: str) -> list[dict[str, Any]]:
        """The flow runs of a deployment that have begun, the oldest first."""
        body = {
            "deployments": {"name": {"any_": [deployment]}},
            "flow_runs": {"start_time": {"is_null_": False}},
            "sort": "START_TIME_ASC",
        }
        found: list[dict[str, Any]] = self.read("flow_runs/filter", body)
        return found

    def ended_run_of(self, deployment: str, seconds: float) -> dict[str, Any]:
        """The first run of a deployment that has ended, once there is one."""
        found: dict[str, Any] = wait_for(
            f"a run of {deployment} that has ended",
            lambda: next((r for r in self.runs_of(deployment) if r["end_time"]), {}),
            seconds,
            every=1,
        )
        return found

    def events(self, name: str) -> list[dict[str, Any]]:
        """The events of a name, the oldest first."""
        body = {"filter": {"event": {"name": [name]}, "order": "ASC"}, "limit": 50}
        found: list[dict[str, Any]] = self.read("events/filter", body)["events"]
        return found

    def begin(self, deployment: str, **parameters: Any) -> dict[str, Any]:
        """Has a deployment (`flow/name`) run at once, as `prefect deployment run` does; the run."""
        found = self.ask("GET", f"deployments/name/{deployment}")
        path = f"deployments/{found['id']}/create_flow_run"
        made: dict[str, Any] = self.ask("POST", path, {"parameters": parameters})
        return made

    def run_deployment(self, deployment: str, seconds: float = 300, **parameters: Any) -> Any:
        """Has a deployment run, and waits for that run to end; the run."""
        path = f"flow_runs/{self.begin(deployment, **parameters)['id']}"
        wait_for(
            f"the end of {deployment}", lambda: self.ask("GET", path)["end_time"], seconds, every=1
        )
        return self.ask("GET", path)

    def deployment_id(self, name: str) -> str:
        """The id of the one deployment of that name."""
        (found,) = self.read("deployments/filter", {"deployments": {"name": {"any_": [name]}}})
        return str(found["id"])

    def fire(self, name: str, seconds: float = 700, **parameters: Any) -> dict[str, Any]:
        """Has a schedule of a deployment fire, and a worker run it; the run, once it has ended.

        The schedule would fire again after minutes only, should a busy server miss the first time.
        One that fires every few seconds floods the workers: the server plans a hundred runs ahead,
        whatever `max_scheduled_runs` says, and those of a schedule that is deleted meanwhile stay.
        """
        before = {run["id"] for run in self.runs_of(name)}
        soon = datetime.now(UTC) + timedelta(seconds=SECONDS_TO_PLAN)
        asked = {
            "slug": f"after-{len(before)}",
            "schedule": {"interval": 300, "anchor_date": soon.isoformat()},
            "active": True,
            "parameters": parameters,
        }
        schedules = f"deployments/{self.deployment_id(name)}/schedules"
        (made,) = self.ask("POST", schedules, [asked])

        def ended() -> dict[str, Any]:
            runs = (run for run in self.runs_of(name) if run["id"] not in before)
            return next((run for run in runs if run["auto_scheduled"] and run["end_time"]), {})

        found: dict[str, Any] = wait_for(
            f"a scheduled run of {name} that has ended", ended, seconds
        )
        self.ask("DELETE", f"{schedules}/{made['id']}")
        return found

    def cancel(self, run: dict[str, Any]) -> None:
        """Cancels a flow run, as `prefect flow-run cancel` does."""
        body = {"state": {"type": "CANCELLING"}}
        self.ask("POST", f"flow_runs/{run['id']}/set_state", body)

    def deploy(self, home: Path, **variables: str) -> str:
        """What `make deploy` does for a home, with this Python; what it prints."""
        make = ["make", "-o", ".venv/.installed", "deploy", f"BIN={BIN}"]
        environment = {**self.environment, "ASYMMETRY_HOME": str(home), **variables}
        done = subprocess.run(
            make, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DeployError(done.stdout + done.stderr)
        return done.stdout

    @contextmanager
    def deploying(self, home: Path, **variables: str) -> Iterator["subprocess.Popen[str]"]:
        """The process that sends the deployments of a home, the first of a process group."""
        with subprocess.Popen(
            [sys.executable, "-m", "flows.runtime.deploy"],
            env={
                **self.environment,
                "ASYMMETRY_HOME": str(home),
                "PYTHONUNBUFFERED": "1",
                **variables,
            },
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process:
            yield process

    @contextmanager
    def worker(self, name: str, home: Path, logs: Path, **variables: str) -> Iterator[Any]:
        """A worker that runs one flow at a time in a home.

        Below its temporary folder somebody else has left what Prefect keeps its files in.
        """
        command = [sys.executable, "-m", "flows.runtime.worker"]
        shared = logs / "shared temporary folder"
        shared.mkdir(exist_ok=True)
        (shared / "runner_storage").write_text("of another user")
        environment = {
            **self.environment,
            **variables,
            "TMPDIR": str(shared),
            "PYTHONPATH": str(ROOT),
            "ASYMMETRY_HOME": str(home),
            # often, but each time costs the server a twentieth of a second of a processor
            "PREFECT_WORKER_QUERY_SECONDS": "3",
            # one thread: the tables must be those that many threads compute
            "POLARS_MAX_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        with running(
            [*command, "--name", name, "--limit", "1"], environment, logs / f"{name}.log"
        ) as process:
            yield process


@contextmanager
def prefect_server(home: Path, **variables: str) -> Iterator[PrefectServer]:
    """Starts a server of our own, and waits until it answers."""
    with started_server(home, free_port(), **variables) as (server, _):
        yield server


@contextmanager
def started_server(
    home: Path, port: int, **variables: str
) -> Iterator[tuple[PrefectServer, "subprocess.Popen[bytes]"]]:
    """As `prefect_server`, on a port of the test's choice, and its process, to be ended."""
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # a run that has to wait for another asks again after seconds, not after half a minute
        "PREFECT_DEPLOYMENT_CONCURRENCY_SLOT_WAIT_SECONDS": "3",
        # a new schedule is seen within these seconds, and not within a minute
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "15",
        **variables,
    }
    log = home / "server.log"
    command = [str(BIN / "prefect"), "server", "start", "--host", "127.0.0.1", "--port", str(port)]

    def is_healthy() -> bool:
        assert server.poll() is None, f"prefect server ended: {log.read_text()[-2000:]}"
        try:
            return requests.get(f"{api}/health", timeout=2).ok
        except requests.RequestException:
            return False

    with running(command, environment, log) as server:
        wait_for(f"a healthy server, see {log}", is_healthy, 240)
        yield PrefectServer(api, environment), server
