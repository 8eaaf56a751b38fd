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
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

import flows
from flows.runtime.wait_for_server import NoServerError, named_server, wait_for_server

POOL, WRITERS = "asymmetry", "writers"


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


def deploy() -> None:
    """Makes the work pool, sends every deployment, and lets one writer run at a time.

    Sending them again replaces them.

    Raises:
        NoServerError: `$PREFECT_API_URL` names no server, or none answers there.
        subprocess.CalledProcessError: The server refused something; `prefect` has said what.
    """
    wait_for_server(named_server())
    _prefect("work-pool", "create", POOL, "--type", "process", "--overwrite")
    with _written(deployments_by_module()) as file:
        _prefect("deploy", "--all", "--prefect-file", str(file))
    _prefect("work-queue", "set-concurrency-limit", WRITERS, "1", "--pool", POOL)


@contextmanager
def _written(content: Mapping[str, Any]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "prefect.yaml"
        file.write_text(yaml.safe_dump(dict(content), sort_keys=False), "utf-8")
        yield file


def _prefect(*arguments: str) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    subprocess.run(command, env=quiet | os.environ, check=True)


if __name__ == "__main__":
    try:
        deploy()
    except (NoServerError, FileNotFoundError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
