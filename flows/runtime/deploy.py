"""Sends the deployments of `prefect.yaml` to a Prefect server: `python -m flows.runtime.deploy`.

Works wherever the package is installed, with or without a checkout: the wheel has the YAML in it,
and flows are named by their modules (`flows.refresh.refresh`), which a worker imports from its own
installation. Runs start in the folder in which this was called, so a relative `$ASYMMETRY_HOME` of
the worker (`./var` unless set) is below it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import requests
import yaml

import flows
from flows.home.deployed import (
    EXPECTED_ID,
    EXPECTED_PATH,
    Deployed,
    identified,
    write_deployed,
)
from flows.home.modes import keep_others_from_writing
from flows.home.paths import Home
from flows.home.pool import DEFAULT_POOL, POOL_VARIABLE, PREFIX, pool_name
from flows.home.server_address import authorization
from flows.runtime.prefect_config import TRIES, TRIES_VARIABLE
from flows.runtime.schedules import put_back, theirs, with_unfinished
from flows.runtime.server_api import ServerApi
from flows.runtime.wait_for_server import NoServerError, named_server, wait_for_server

WRITERS = "writers"
_MARK = "Home "
_NOT_ALL = (
    "Not everything was sent: what was not is on the server as before. Schedules that people have"
    " added or changed are there, or come back with the next `make deploy`; run it again."
)


class PoolTakenError(RuntimeError):
    """The pool belongs to another home."""


def shipped_file(name: str) -> Path:
    """A YAML file of the project's first level: from the wheel, or from the checkout.

    Args:
        name: `prefect.yaml` or `automations.yaml`.

    Raises:
        FileNotFoundError: The package was built without it.
    """
    packed = Path(str(files("flows.runtime"))) / name
    checkout = Path(str(flows.__file__)).resolve().parents[1] / name
    found = next((path for path in (packed, checkout) if path.is_file()), None)
    if found is None:
        raise FileNotFoundError(
            f"{name} is neither in the package ({packed}) nor beside it ({checkout}). Nothing was"
            " changed. Install the package anew from its wheel, or from a clone."
        )
    return found


def deployments_by_module() -> dict[str, Any]:
    """The content of `prefect.yaml`, each flow named by its module instead of its file."""
    content: dict[str, Any] = yaml.safe_load(shipped_file("prefect.yaml").read_text("utf-8"))
    deployments = [
        {**d, "entrypoint": module_entrypoint(d["entrypoint"])} for d in content["deployments"]
    ]
    return {"name": content["name"], "deployments": deployments}


def module_entrypoint(entrypoint: str) -> str:
    """`flows/refresh.py:refresh` as `flows.refresh.refresh`."""
    path, _, function = entrypoint.partition(":")
    return f"{path.removesuffix('.py').replace('/', '.')}.{function}"


def deployments_of(home: Home, home_id: str) -> dict[str, Any]:
    """The deployments of a home: in its pool, and with its id in the environment of their runs.

    Those of another pool than `asymmetry` have its name in theirs, since a server knows each
    deployment by flow and name alone.

    Args:
        home: The home.
        home_id: Its id (`flows.home.deployed`).
    """
    content, pool = deployments_by_module(), pool_name()
    suffix = "" if pool == DEFAULT_POOL else f"@{pool}"
    variables = {EXPECTED_ID: home_id, EXPECTED_PATH: str(home.path), POOL_VARIABLE: pool}
    for deployment in content["deployments"]:
        deployment["name"] += suffix
        in_pool = {"name": pool, "job_variables": {"env": dict(variables)}}
        deployment["work_pool"] = {**deployment["work_pool"], **in_pool}
        deployment["triggers"] = [
            _of_pool(trigger, pool, suffix) for trigger in deployment.get("triggers", ())
        ]
    return content


def _of_pool(trigger: dict[str, Any], pool: str, suffix: str) -> dict[str, Any]:
    """A trigger that hears the events of one home, or the end of its own deployment, only."""
    related = trigger.get("match_related")
    if related:
        name = related["prefect.resource.name"] + suffix
        return {**trigger, "match_related": {**related, "prefect.resource.name": name}}
    return {**trigger, "match": {**trigger["match"], f"{PREFIX}.pool": pool}}


def deploy(home: Home) -> None:
    """Makes the home's work pool, sends every deployment, and lets one writer run at a time.

    Sending them again replaces them; what people have added to or changed of their schedules is
    kept, or said: put back also when the sending fails or is interrupted, and by the next one where
    that was not possible.

    Args:
        home: Whose deployments they are.

    Raises:
        NoServerError: `$PREFECT_API_URL` names no server, or none answers there.
        PoolTakenError: The pool is that of another home; nothing was changed.
        subprocess.CalledProcessError: The server refused something; `prefect` has said what.
    """
    wait_for_server(url := named_server())
    api, pool = ServerApi(url, authorization()), pool_name()
    deployed = identified(home.path)
    mark = f"{_MARK}{deployed.home_id} ({home.path})"
    found = api.find(f"work_pools/{pool}")
    _refuse_taken(found, pool, mark)
    if found is None:
        _prefect("work-pool", "create", pool, "--type", "process")
    api.ask("PATCH", f"work_pools/{pool}", {"description": mark})
    content = deployments_of(home, deployed.home_id)
    declared = {
        d["name"]: {s["slug"]: s for s in d.get("schedules", ())} for d in content["deployments"]
    }
    of_pool = {"work_pools": {"name": {"any_": [pool]}}}
    there = api.ask("POST", "deployments/filter", of_pool)
    of_people, lines = theirs(there, declared, deployed.schedules)
    of_people = with_unfinished(of_people, deployed.to_put_back)
    ids = {d["id"] for d in there if d["name"] in declared}
    kept = [one for one in of_people if one.deployment_id in ids]
    noted = replace(deployed, to_put_back=[asdict(one) for one in kept])
    write_deployed(home.path, noted)
    try:
        with _written(content) as file:
            _prefect("deploy", "--all", "--prefect-file", str(file))
    except BaseException:  # an interrupt too
        with suppress(requests.RequestException):  # they stay noted
            for line in put_back(kept, api):
                print(line)
            write_deployed(home.path, replace(deployed, to_put_back=()))
        raise
    lines += put_back(kept, api)
    write_deployed(home.path, Deployed(deployed.home_id, declared))
    api.ask("PATCH", f"work_pools/{pool}/queues/{WRITERS}", {"concurrency_limit": 1})
    old = sorted(d["name"] for d in there if d["name"] not in declared)
    lines += [f"{name} is not in prefect.yaml, and still on the server" for name in old]
    for line in lines:
        print(line)


def _refuse_taken(pool: Mapping[str, Any] | None, name: str, mark: str) -> None:
    """Refuses a pool that another home has marked; one that nobody has is taken.

    Raises:
        PoolTakenError: It is that of another home.
    """
    marked = (pool or {}).get("description") or ""
    if marked.startswith(_MARK) and marked.partition(" (")[0] != mark.partition(" (")[0]:
        raise PoolTakenError(
            f"The work pool {name} is that of another home: {marked.removeprefix(_MARK)}; this one"
            f" is {mark.removeprefix(_MARK)}. Nothing was changed. Give this home a pool of its"
            " own, for example ASYMMETRY_POOL=asymmetry-2 (for make deploy, make worker and"
            f" asymmetry status). If the other home is gone: prefect work-pool delete {name}."
        )


@contextmanager
def _written(content: Mapping[str, Any]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "prefect.yaml"
        file.write_text(yaml.safe_dump(dict(content), sort_keys=False), "utf-8")
        yield file


def _prefect(*arguments: str) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    quiet[TRIES_VARIABLE] = TRIES  # a busy server is waited for, as by a run
    subprocess.run(command, env=quiet | os.environ, check=True)


if __name__ == "__main__":
    keep_others_from_writing()
    try:
        deploy(Home.from_environment())
    except (NoServerError, FileNotFoundError, PoolTakenError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        print(f"`{' '.join(error.cmd[1:4])}` ended with code {error.returncode}. {_NOT_ALL}")
        sys.exit(error.returncode)
    except requests.RequestException as error:
        status = f" {error.response.status_code}" if error.response is not None else ""
        sys.exit(f"The Prefect server did not do it ({type(error).__name__}{status}). {_NOT_ALL}")
    except KeyboardInterrupt:
        print(f"Interrupted. {_NOT_ALL}")
        sys.exit(130)
