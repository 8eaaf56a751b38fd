"""Covariates of the user on a built home: what a refresh with them would do."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.cli.plan import print_plan
from flows.engine.build_identity import plan_build
from flows.home.covariates import (
    check_covariates,
)
from flows.home.paths import Home
from flows.operations.preview import preview_refresh

GOOD = "ccode,year,polyarchy,region_eu\n2,2000,0.9,0\n20,2000,,0\n220,2000,.85,1\n220,1999,,\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(GOOD)
    return path


def test_the_plan_knows_the_build_with_covariates(sample_home: Any, good: Path) -> None:
    given = {"covariates": check_covariates(good)}
    home = Home.at(sample_home.home)
    without, foreseen = (
        preview_refresh(home, "sample"),
        preview_refresh(home, "sample", False, given),
    )
    assert without.outcome == "nothing"
    assert foreseen.outcome == "publish"
    hashes = {s.slug: str(s.sha256) for s in foreseen.sources}
    assert foreseen.build_id == plan_build(hashes, given).build_id
    (step,) = [s for s in foreseen.steps if s.name == "core.covariates"]
    assert step.reasons == ("user file covariates has changed, or is no longer provided",)
    assert not (sample_home.home / "covariates").exists()


def test_leaving_published_covariates_out_is_told(
    sample_home: Any, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    import duckdb

    home = Home.at(tmp_path / "home")
    shutil.copytree(sample_home.home / "snapshots", home.snapshots)
    shutil.copy2(sample_home.warehouse, home.warehouse)
    with duckdb.connect(str(home.warehouse)) as connection:
        message = json.dumps({"covariates": check_covariates(good)})
        connection.execute("UPDATE meta.builds SET parameters = ? WHERE is_current", [message])
    print_plan(home, "sample", False, "table")
    assert "another build, without them" in capsys.readouterr().out
    print_plan(home, "sample", False, "table", good)
    assert "without them" not in capsys.readouterr().out
