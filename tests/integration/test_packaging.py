"""The wheel does everything without a checkout: a refresh, a query, and a deployed run.

Source distribution and wheel are built as `python -m build` does, the wheel from the source
distribution. The wheel goes into an empty environment outside the checkout, which sees the
libraries of this one, but nothing of the project.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import requests
import yaml

from tests.processes import LONGEST_ANSWER

pytestmark = pytest.mark.prefect

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("flows", "expectations", "transforms", "warehouse")
NOT_COPIED = (".git", ".venv", "var", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
RECOMPUTED = ("stage_gdp", "core.gdp", "metrics.claim_verdict")
"""Steps that the installed package computes itself; the others are finished already."""


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and a folder to work in.

    Attributes:
        bin: Its programs.
        folder: Where commands run; nothing of the project is there.
        environment: Variables for them.
    """

    bin: Path
    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a program of the environment, which has to succeed."""
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done

    def python(self, code: str) -> str:
        """What a line of Python prints there."""
        return self.run("python", "-c", code).stdout.strip()


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Ending to distribution: `.whl` and `.gz`, built in a copy of the checkout."""
    copy = tmp_path_factory.mktemp("built") / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(copy / "dist")]
    subprocess.run(command, cwd=copy, check=True, capture_output=True, timeout=900)
    return {path.suffix: path for path in (copy / "dist").iterdir()}


@pytest.fixture(scope="module")
def installed(
    distributions: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """The wheel in an environment of its own, which has the libraries of the running one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", symlinks=True)
    programs = folder / "venv" / "bin"
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "--quiet"]
    install = [*pip, "install", "--no-index", "--no-deps", str(distributions[".whl"])]
    # a checkout on PYTHONPATH would be one that is installed already
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT", "PYTHON"))}
    subprocess.run(install, check=True, timeout=360, env=environment)
    found = Installed(programs, folder, environment | {"ASYMMETRY_HOME": str(folder / "home")})
    own = Path(found.python("import sysconfig; print(sysconfig.get_path('purelib'))"))
    # a folder on the path, whose own .pth files (an editable installation) are not read
    (own / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return found


@pytest.fixture(scope="module")
def refreshed(installed: Installed, sample_home: Any, laid_out_prefect: Path) -> Installed:
    """The environment with a home that its own command has built, from steps that are finished."""
    home = installed.folder / "home"
    shutil.copytree(sample_home.home / "steps", home / "steps")
    shutil.copytree(laid_out_prefect, home / "prefect")
    for step in RECOMPUTED:
        shutil.rmtree(home / "steps" / step)
    installed.run("asymmetry", "refresh", "--profile", "sample")
    return installed


def test_the_wheel_has_every_file_of_the_packages_and_no_other(
    distributions: dict[str, Path],
) -> None:
    checkout = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wheel = ZipFile(distributions[".whl"])
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    shipped = {f"flows/runtime/{name}" for name in ("prefect.yaml", "automations.yaml")}
    assert packed == checkout | shipped
    for name in shipped:
        assert wheel.read(name) == (ROOT / Path(name).name).read_bytes()


def test_nothing_of_the_checkout_is_seen(installed: Installed) -> None:
    for package in PACKAGES:
        found = Path(installed.python(f"import {package}; print({package}.__file__)"))
        assert found.is_relative_to(installed.folder), found
    version = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"]
    assert installed.run("asymmetry", "--version").stdout == f"alliance-asymmetry {version}\n"


def test_a_refresh_gives_the_same_build_as_the_checkout(
    refreshed: Installed, sample_home: Any
) -> None:
    asked = refreshed.run("asymmetry", "query", "--format", "json", BUILDS).stdout
    assert json.loads(asked) == [{"build_id": sample_home.rows(BUILDS)[0][0], "profile": "sample"}]
    computed = {path.name for path in (refreshed.folder / "home" / "steps").iterdir()}
    assert set(RECOMPUTED) <= computed


BUILDS = "SELECT build_id, profile FROM meta.builds WHERE is_current"


@pytest.fixture(scope="module")
def packed_server(refreshed: Installed, laid_out_prefect: Path) -> Iterator[str]:
    """A Prefect server that the environment's own Python runs; its API's address."""
    port = refreshed.python(
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
    )
    home = refreshed.folder / "prefect"
    shutil.copytree(laid_out_prefect, home)
    refreshed.environment.update(PREFECT_HOME=str(home), DO_NOT_TRACK="1")
    refreshed.environment["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    with started(refreshed, *command):
        yield refreshed.environment["PREFECT_API_URL"]


class started:  # noqa: N801 - reads as a sentence: with started(…)
    """A process of the environment's Python, ended at the end of the block."""

    def __init__(self, installed: Installed, *arguments: str) -> None:
        log = (installed.folder / f"{arguments[2]}.log").open("w")
        self.process = subprocess.Popen(
            [str(installed.bin / "python"), *arguments],
            cwd=installed.folder,
            env=installed.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


def test_the_packed_deployments_run(refreshed: Installed, packed_server: str) -> None:
    refreshed.run("python", "-m", "flows.runtime.deploy")
    found = requests.post(
        f"{packed_server}/deployments/filter", json={}, timeout=LONGEST_ANSWER
    ).json()
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {d["name"] for d in found} == {d["name"] for d in declared}
    assert {d["entrypoint"] for d in found if d["name"] == "verify"} == {"flows.verify.verify"}
    alerts = refreshed.run("python", "-m", "flows.monitoring.automations").stdout
    assert "alliance-asymmetry: a run failed" in alerts.splitlines()

    run = ("-m", "prefect", "deployment", "run", "verify/verify")
    answer = refreshed.run("python", *run)
    with started(refreshed, "-m", "flows.runtime.worker", "--name", "packed"):
        state = state_of_the_run(packed_server, seconds=180)
    assert state["name"] == "Completed", f"{answer.stdout}\n{state['message']}"


def state_of_the_run(api: str, seconds: float) -> dict[str, Any]:
    """The state of the one run of `verify`, once it has ended."""
    asked = {"deployments": {"name": {"any_": ["verify"]}}, "sort": "START_TIME_ASC"}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        runs = requests.post(f"{api}/flow_runs/filter", json=asked, timeout=LONGEST_ANSWER).json()
        by_hand = [run for run in runs if not run["auto_scheduled"]]
        if by_hand and by_hand[0]["end_time"]:
            state: dict[str, Any] = by_hand[0]["state"]
            return state
        time.sleep(1)
    raise TimeoutError(f"verify has not ended after {seconds} s")
