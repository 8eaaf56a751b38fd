"""The server on PostgreSQL: what anything that is shared should use."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.prefect_server import prefect_server
from tests.processes import ROOT, free_port, running, wait_for


def find_binaries() -> Path:
    """Where Debian keeps the server's programs, outside of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found[-1].parent


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Address of a database of our own: a free port on loopback, a data folder of its own."""
    binaries = find_binaries()
    is_root = os.getuid() == 0  # PostgreSQL refuses to run as root
    user = "nobody" if is_root else pwd.getpwuid(os.getuid()).pw_name
    as_user: dict[str, Any] = {"user": user} if is_root else {}
    folder = Path(tempfile.mkdtemp(prefix="asymmetry-postgres-"))  # pytest's are closed to others
    try:
        if is_root:
            shutil.chown(folder, user)
        data, port = folder / "data", free_port()
        make: list[Any] = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "prefect",
            "--auth=trust",
            "-E",
            "UTF8",
        ]
        subprocess.run([*make, "--no-sync"], cwd=folder, check=True, capture_output=True, **as_user)
        start: list[Any] = [
            binaries / "postgres",
            "-D",
            data,
            "-p",
            port,
            "-h",
            "127.0.0.1",
            "-k",
            folder,
        ]
        with running([str(word) for word in start], dict(os.environ), folder / "log", **as_user):
            address = ["-h", "127.0.0.1", "-p", str(port), "-U", "prefect"]
            is_ready: list[Any] = [binaries / "pg_isready", *address]
            wait_for(
                "PostgreSQL", lambda: subprocess.run(is_ready, check=False).returncode == 0, 60
            )
            subprocess.run([binaries / "createdb", *address, "prefect"], check=True)
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/prefect"
    finally:
        shutil.rmtree(folder)


def test_deployments_and_a_run_on_postgresql(
    postgres: str, second_home: Path, tmp_path: Path
) -> None:
    url = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres}
    (tmp_path / "prefect").mkdir()
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    with prefect_server(tmp_path / "prefect", **url) as server:
        server.deploy(second_home)
        assert len(server.read("deployments/filter")) == len(declared)
        with server.worker("on postgres", second_home, tmp_path):
            run = server.run_deployment("refresh/refresh-all", profile="sample")
        assert run["state_name"] == "Completed", run["state"]["message"]
        scheduled = server.read(
            "flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        )
        assert scheduled > 0
        completed = "prefect.flow-run.Completed"
        events = wait_for("the event of the run", lambda: server.events(completed))
        assert [e["resource"]["prefect.resource.id"] for e in events] == [
            f"prefect.flow-run.{run['id']}"
        ]
