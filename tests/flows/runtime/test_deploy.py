"""Deployments without a checkout: flows by their modules, files found, no server refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from flows.runtime import deploy
from tests.test_house import decorated

ROOT = Path(__file__).resolve().parents[3]


def test_a_flow_is_named_by_its_module() -> None:
    assert deploy.module_entrypoint("flows/refresh.py:refresh") == "flows.refresh.refresh"


def test_every_deployment_keeps_all_but_its_entrypoint() -> None:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    sent = deploy.deployments_by_module()["deployments"]
    for before, after in zip(declared, sent, strict=True):
        assert after == before | {"entrypoint": after["entrypoint"]}


@pytest.mark.parametrize("deployment", deploy.deployments_by_module()["deployments"], ids=str)
def test_every_entrypoint_is_a_flow(deployment: dict[str, str]) -> None:
    module, _, function = deployment["entrypoint"].rpartition(".")
    assert function in decorated(ROOT / f"{module.replace('.', '/')}.py", "flow")


@pytest.mark.parametrize("name", ["prefect.yaml", "automations.yaml"])
def test_a_checkout_has_the_files_beside_the_package(name: str) -> None:
    assert deploy.shipped_file(name) == ROOT / name


def test_a_package_without_its_files_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("flows.__file__", str(tmp_path / "flows" / "__init__.py"))
    with pytest.raises(FileNotFoundError, match=r"prefect\.yaml is neither in .* Install the pack"):
        deploy.shipped_file("prefect.yaml")


def test_without_a_server_nothing_is_sent() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "flows.runtime.deploy"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("PREFECT_API_URL is not set")
