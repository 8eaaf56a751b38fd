"""The files of deploy/: units and containers run what the Makefile runs, with one environment."""

import re
import shlex
from typing import Any

import pytest
import yaml

from tests.processes import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
OPTIONS = {"--host", "--port"}


def made_by(target: str) -> str:
    """What a target of the Makefile runs in the end, without its environment."""
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe, target
    last = recipe[1].strip().splitlines()[-1]
    return last.split("$(BIN)/")[1].replace("$(HOST)", "HOST").replace("$(PORT)", "PORT")


def without_values(words: list[str]) -> list[str]:
    """A command without where it is started, and without the values of options."""
    words = [words[0].rpartition("/")[2], *words[1:]]
    return [w for i, w in enumerate(words) if i == 0 or words[i - 1] not in OPTIONS]


def unit(name: str) -> dict[str, str]:
    lines = (DEPLOY / f"asymmetry-{name}.service").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


@pytest.mark.parametrize("name", ["server", "worker"])
def test_units_and_containers_run_what_make_runs(name: str) -> None:
    made = without_values(shlex.split(made_by(name)))
    assert without_values(shlex.split(unit(name)["ExecStart"])) == made
    assert without_values(SERVICES[name]["command"]) == made


def test_deployments_and_alerts_are_sent_as_make_sends_them() -> None:
    shell, flag, script = SERVICES["deploy"]["command"]
    assert (shell, flag) == ("sh", "-c")
    sent = [command.strip().removeprefix(".venv/bin/") for command in script.split("&&")]
    alerts = made_by("automations").removesuffix(" automations.yaml")  # the shipped one
    assert sent == [made_by("deploy"), alerts]
    assert SERVICES["worker"]["depends_on"] == {
        "deploy": {"condition": "service_completed_successfully"}
    }


def test_containers_have_the_environment_of_the_units() -> None:
    text = (DEPLOY / "asymmetry.env").read_text("utf-8")
    stated = dict(line.split("=", 1) for line in text.splitlines() if line and line[0] != "#")
    for name in ("server", "deploy", "worker"):
        found = SERVICES[name]["environment"]
        assert stated.keys() <= found.keys()
        for variable in stated.keys() - {"PREFECT_API_URL"}:
            assert found[variable] == stated[variable]
        assert found["PREFECT_API_URL"] == "http://server:4200/api"
    keepalive = unit("server")["Environment"].partition("=")
    assert SERVICES["server"]["environment"][keepalive[0]] == keepalive[2]


def test_every_volume_and_service_that_is_used_is_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        for config in service.get("configs", ()):
            assert config["source"] in COMPOSE["configs"]
        assert set(service.get("depends_on", ())) <= set(SERVICES)
    homes = {
        name for name, s in SERVICES.items() if "home:/srv/asymmetry/var" in s.get("volumes", ())
    }
    assert homes == {"deploy", "worker"}


def test_nobody_outside_the_machine_reaches_the_server_and_no_password_is_written_down() -> None:
    (port,) = SERVICES["server"]["ports"]
    assert port.startswith("127.0.0.1:")
    assert "ports" not in SERVICES["postgres"]
    for service, variable in (
        ("postgres", "POSTGRES_PASSWORD"),
        ("server", "PREFECT_SERVER_DATABASE_CONNECTION_URL"),
    ):
        assert "${POSTGRES_PASSWORD:?" in SERVICES[service]["environment"][variable]
