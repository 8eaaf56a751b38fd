"""Is the Prefect server there, is a worker online, is anything late? Asked by plain HTTP.

Without Prefect, whose import takes longer than all of this may: first aid has to be quick.
"""

import http.client
import json
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flows.home.pool import pool_name
from flows.home.server_address import authorization, configured_api, without_password

SECONDS = 2.0
_DAYS_BACK = 45  # a monthly run and some days
_MOST_RUNS = 60
_LONGEST_REASON = 300
_BAD = ("FAILED", "CRASHED")


@dataclass(frozen=True)
class EndedRun:
    """The last run of a deployment, which ended badly.

    Attributes:
        flow_run_id: Its id on the server, by which a record of the home is of the same run.
        name: The server's name of it, which says of what and from where.
        state: `Failed`, `Crashed`, `TimedOut`.
        ended_at: UTC, ISO 8601.
        reason: The state's message.
    """

    flow_run_id: str
    name: str
    state: str
    ended_at: str
    reason: str


@dataclass(frozen=True)
class ServerStatus:
    """What the server answered.

    Attributes:
        address: Of its API, without a password; None where none is configured.
        fault: Why nothing more is known; None where it answered everything.
        pool: Name of the home's work pool.
        pool_state: `READY`, `NOT_READY`, `PAUSED`; None where the server has no such pool.
        n_workers: Workers of the pool that are online.
        n_late: Runs that should have begun and have not.
        ended_badly: The last run of each deployment, where it failed or crashed.
    """

    address: str | None
    fault: str | None = None
    pool: str = ""
    pool_state: str | None = None
    n_workers: int = 0
    n_late: int = 0
    ended_badly: tuple[EndedRun, ...] = ()

    def attention(self, known_runs: Collection[str] = ()) -> Iterator[str]:
        """What is not as it should be, each with what to do.

        Args:
            known_runs: Ids of flow runs whose record in the home has been told of.
        """
        if self.address is None:
            return
        if self.fault:
            yield (
                f"The Prefect server at {self.address} {self.fault}: start it (`make server`,"
                " systemctl start asymmetry-server), or unset PREFECT_API_URL."
            )
            return
        if self.pool_state is None:
            yield f"The Prefect server has no work pool {self.pool}: `make deploy`."
            return
        if self.pool_state == "PAUSED":
            yield f"The work pool is paused: `prefect work-pool resume {self.pool}`."
        if not self.n_workers:
            yield (
                f"No worker of the pool {self.pool} is online, so nothing that is scheduled runs:"
                " `make worker`, systemctl status asymmetry-worker."
            )
        if self.n_late:
            runs = "1 run is" if self.n_late == 1 else f"{self.n_late} runs are"
            yield f"{runs} late: `prefect flow-run ls --state Late`."
        for run in self.ended_badly:
            if run.flow_run_id not in known_runs:
                when = run.ended_at[:16].replace("T", " ")
                yield f"{run.name} ended as {run.state} on {when} UTC: {run.reason}"


class AskedServer:
    """A server that is being asked, in a thread of its own, while other things are looked at."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._until = time.monotonic() + seconds
        self._url = configured_api()
        self._answer: ServerStatus | None = None
        self._thread = threading.Thread(target=self._ask, daemon=True)
        if self._url:
            self._thread.start()

    def answer(self) -> ServerStatus:
        """What it answered in time."""
        if not self._url:
            return ServerStatus(None)
        self._thread.join(max(0.0, self._until - time.monotonic()))
        if self._answer is None:
            return ServerStatus(
                without_password(self._url), f"has not answered within {SECONDS:.0f} s"
            )
        return self._answer

    def _ask(self) -> None:
        assert self._url is not None
        try:
            self._answer = _status(self._url, self._until)
        except (OSError, http.client.HTTPException, ValueError, LookupError) as error:
            what = f"does not answer as it should ({type(error).__name__}: {error})"
            self._answer = ServerStatus(without_password(self._url), what)


def _status(url: str, until: float) -> ServerStatus:
    pool = pool_name()
    found = _post(url, "work_pools/filter", {"work_pools": {"name": {"any_": [pool]}}}, until)
    if not found:
        return ServerStatus(without_password(url), pool=pool)
    workers = _post(url, f"work_pools/{pool}/workers/filter", {}, until)
    of_pool = {"work_pools": {"name": {"any_": [pool]}}}
    late = {"flow_runs": {"state": {"name": {"any_": ["Late"]}}}}
    state = "PAUSED" if found[0]["is_paused"] else found[0].get("status")
    return ServerStatus(
        without_password(url),
        pool=pool,
        pool_state=state or "NOT_READY",
        n_workers=sum(worker.get("status") == "ONLINE" for worker in workers),
        n_late=int(_post(url, "flow_runs/count", {**of_pool, **late}, until)),
        ended_badly=tuple(_ended_badly(url, of_pool, until)),
    )


def _ended_badly(url: str, of_pool: dict[str, Any], until: float) -> Iterator[EndedRun]:
    since = (datetime.now(UTC) - timedelta(days=_DAYS_BACK)).isoformat()
    states = ["COMPLETED", *_BAD]
    ended = {"state": {"type": {"any_": states}}, "end_time": {"after_": since}}
    asked = {**of_pool, "flow_runs": ended, "sort": "END_TIME_DESC", "limit": _MOST_RUNS}
    seen: set[str] = set()
    for run in _post(url, "flow_runs/filter", asked, until):
        deployment = run["deployment_id"]
        if deployment not in seen and run["state_type"] in _BAD:
            reason = " ".join(str(run["state"].get("message") or "no reason is known").split())
            yield EndedRun(
                run["id"], run["name"], run["state_name"], run["end_time"], reason[:_LONGEST_REASON]
            )
        seen.add(deployment)


def _post(url: str, path: str, body: dict[str, Any], until: float) -> Any:
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    left = max(0.05, until - time.monotonic())
    connection = kind(address.hostname or "", address.port, timeout=left)
    try:
        headers = {"Content-Type": "application/json", **authorization()}
        place = f"{address.path.rstrip('/')}/{path}"
        connection.request("POST", place, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != http.client.OK:
            raise ValueError(f"{path}: {answer.status} {answer.reason}")
        return json.loads(text)
    finally:
        connection.close()
