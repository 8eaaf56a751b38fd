"""Files of a home have their modes whatever the umask is; a home of somebody else is refused."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from flows.home.paths import Home
from flows.operations.health import _home
from tests.processes import asymmetry, command, environment_of

OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def modes_after(umask: int, home: Path, world: Path) -> dict[str, int]:
    """Modes of everything below a home into which the command has fetched under a umask."""
    done = subprocess.run(
        command("fetch", "gdp", "--profile", "mirror", "--mirror", str(world)),
        env=environment_of(home),
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    paths = [home, *home.rglob("*")]
    return {str(path.relative_to(home)): stat.S_IMODE(path.stat().st_mode) for path in paths}


def test_nothing_can_be_written_by_others(sample_world: Path, tmp_path: Path) -> None:
    found = modes_after(0o000, tmp_path / "home", sample_world)
    assert len(found) > 5
    assert [path for path, mode in found.items() if mode & OTHERS_WRITE] == []
    assert found["."] == 0o755


def test_a_umask_that_takes_more_away_stays(sample_world: Path, tmp_path: Path) -> None:
    found = modes_after(0o077, tmp_path / "home", sample_world)
    assert found["."] == found["snapshots"] == 0o700


@pytest.fixture
def somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)


@pytest.mark.usefixtures("somebody_else")
def test_a_home_of_somebody_else_is_refused(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "fetch", "gdp", "--profile", "live")
    assert done.returncode == 1
    assert f"{tmp_path} belongs to" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert not list(tmp_path.iterdir())
    assert any(f.is_good is False and "belongs to" in f.detail for f in _home(Home.at(tmp_path)))


def test_a_home_in_which_everybody_may_write_is_told(tmp_path: Path) -> None:
    assert all(finding.is_good for finding in _home(Home.at(tmp_path)))
    tmp_path.chmod(0o777)
    assert any("everybody on this machine" in f.detail for f in _home(Home.at(tmp_path)))
