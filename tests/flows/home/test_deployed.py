"""A run is of the home that its deployment was sent from, or is refused."""

from pathlib import Path

import pytest

from flows.home.deployed import (
    EXPECTED_ID,
    EXPECTED_PATH,
    OtherHomeError,
    identified,
    read_deployed,
)
from flows.home.paths import Home


def test_a_home_has_one_id_for_good(tmp_path: Path) -> None:
    assert read_deployed(tmp_path) is None
    first = identified(tmp_path / "home")
    assert identified(tmp_path / "home") == first
    assert identified(tmp_path / "other") != first


def test_a_run_that_was_deployed_for_another_home_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = identified(tmp_path / "mine"), identified(tmp_path / "other")
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path / "mine"))
    assert Home.from_environment().path == tmp_path / "mine"  # a command: for whatever home
    monkeypatch.setenv(EXPECTED_ID, mine.home_id)
    monkeypatch.setenv(EXPECTED_PATH, "/srv/asymmetry/var")
    assert Home.from_environment().path == tmp_path / "mine"
    monkeypatch.setenv(EXPECTED_ID, other.home_id)  # as if by the same path on another machine
    with pytest.raises(OtherHomeError, match=r"deployed for the home /srv/asymmetry/var \(id"):
        Home.from_environment()
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path / "new"))
    with pytest.raises(OtherHomeError, match=r"it has no deployed\.json"):
        Home.from_environment()
    assert not (tmp_path / "new").exists()
