"""Prefect's settings are there before it is imported: one server, nothing outside the home."""

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.processes import running_command
from tests.processes import PATIENCE

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

AS_PREFECT_SEES_IT = """
import sys
from flows.home.paths import Home
from flows.runtime.prefect_config import quiet_prefect
quiet_prefect(Home.from_environment())
assert "prefect" not in sys.modules
from prefect.settings import get_current_settings
settings = get_current_settings()
print(settings.home)
print(settings.server.analytics_enabled)
print(settings.api.url)
"""


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Somebody who has never used Prefect: an empty folder to log in to, and another for TMPDIR."""
    for name in [n for n in os.environ if n.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    places = {"HOME": tmp_path / "login", "TMPDIR": tmp_path / "tmp"}
    for place in places.values():
        place.mkdir()
    return {name: str(place) for name, place in places.items()}


def files_below(folder: str) -> list[str]:
    return [str(path) for path in Path(folder).rglob("*")]


def test_a_refresh_has_one_server_and_writes_nothing_outside_the_home(
    nobody: dict[str, str], sample_home: Any, laid_out_prefect: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    for part in ("snapshots", "sample_world", "builds"):
        shutil.copytree(sample_home.home / part, home / part)
    shutil.copy(sample_home.warehouse, home)
    shutil.copytree(laid_out_prefect, home / "prefect")
    place = tmp_path / "where the command is started"
    place.mkdir()
    with running_command(home, "refresh", output=place / "printed", environment=nobody) as command:
        deadline = time.monotonic() + 180
        while command.process.poll() is None and time.monotonic() < deadline:
            command.note_descendants()
            time.sleep(0.1)
        assert command.process.returncode == 0, command.lines()
        assert command.left_alive(3) == []
    assert any("is published already" in line for line in command.lines())
    assert not [line for line in command.lines() if "temporary server" in line or "rror" in line]
    servers = [s for s in command.seen.values() if "ephemeral_server" in s or "uvicorn" in s]
    assert len(servers) == 1
    assert files_below(nobody["HOME"]) == []
    assert files_below(nobody["TMPDIR"]) == []
    assert files_below(str(place)) == [str(place / "printed")]


def test_prefect_sees_what_was_set(nobody: dict[str, str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running_command(
        home, output=tmp_path / "printed", environment=nobody, program=("-c", AS_PREFECT_SEES_IT)
    ) as command:
        command.process.wait(180)
    assert command.lines() == [str(home / "prefect"), "False", "None"]
    assert files_below(nobody["HOME"]) == []


def test_a_server_that_is_away_is_told_at_once(nobody: dict[str, str], tmp_path: Path) -> None:
    environment = {**nobody, "PREFECT_API_URL": "http://user:secret@127.0.0.1:9/api"}
    began = time.monotonic()
    with running_command(
        tmp_path / "home", "refresh", output=tmp_path / "printed", environment=environment
    ) as command:
        command.process.wait(180)
        assert command.process.returncode == 1
        assert command.left_alive(3) == []
    assert time.monotonic() - began < 15 * PATIENCE
    (said,) = command.lines()
    assert said.startswith("The Prefect server at http://127.0.0.1:9/api does not answer")
    assert "secret" not in said
    assert files_below(nobody["HOME"]) == []


def test_the_profile_of_somebody_who_knows_prefect_holds_and_nothing_is_written_there(
    nobody: dict[str, str], tmp_path: Path
) -> None:
    profiles = Path(nobody["HOME"], ".prefect", "profiles.toml")
    profiles.parent.mkdir()
    profiles.write_text(
        'active = "theirs"\n[profiles.theirs]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n'
    )
    home = tmp_path / "home"
    with running_command(
        home, "refresh", output=tmp_path / "printed", environment=nobody
    ) as command:
        command.process.wait(180)
    (said,) = command.lines()
    assert said.startswith("The Prefect server at http://127.0.0.1:9/api does not answer")
    assert files_below(nobody["HOME"]) == [str(profiles.parent), str(profiles)]
