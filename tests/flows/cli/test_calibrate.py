"""asymmetry calibrate refuses at once what cannot work."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.calibrate import calibrate
from flows.cli.verbs import app
from flows.home.paths import Home
from flows.home.writer_lock import AnotherRunError, only_writer, refuse_second_writer


def test_a_second_calibration_in_the_same_home_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path))
    home = Home.at(tmp_path)
    with only_writer(home.calibration):
        refused = CliRunner().invoke(app, ["calibrate", "--worlds", "1"])
        assert refused.exit_code == 5
        with pytest.raises(AnotherRunError, match=r"is writing in .*calibration"):
            calibrate.fn(1, ["burdens"], str(tmp_path / "docs"))
    assert f"process {os.getpid()}" in refused.output
    assert [path.name for path in home.calibration.iterdir()] == [".writer.lock"]
    with only_writer(home.path):  # a build is no hindrance
        refuse_second_writer(home.calibration)


def test_workers_that_cannot_be_used_are_named_at_once() -> None:
    refused = CliRunner().invoke(app, ["calibrate", "--runner", "dask"])
    assert refused.exit_code == 2
    assert "--dask-address" in refused.output
