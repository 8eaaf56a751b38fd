"""When the published build is known to be what a plan would come to."""

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.home.paths import Home
from flows.operations.known_plan import is_planned_already, stamps_of
from warehouse.catalog.builds import PublishedBuild

BUILD = PublishedBuild(
    build_id="b" * 64,
    profile="mirror",
    is_simulated=False,
    built_at=datetime(2026, 11, 29),
    code_version="1",
    library_versions={},
    parameters={},
    snapshots={"gdp": "gdp.1"},
    step_hashes={},
)
HASHES = {"gdp": "1" * 64}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path)
    home.runs.mkdir()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.snapshots AS SELECT 'gdp' AS slug, 'gdp.1' AS snapshot_id,"
            f" '{HASHES['gdp']}' AS sha256, false AS is_simulated"
        )
    return home


def note(home: Home, minute: int, result: str, build_id: str, code: str | None) -> None:
    name = f"20261129T10{minute:02}00000000"
    text = {"result": result, "profile": "mirror", "seconds": 1, "build_id": build_id}
    text |= {"started_at": f"2026-11-29T10:{minute:02}:00+00:00"} | ({"code": code} if code else {})
    (home.runs / f"{name}-{result}.json").write_text(json.dumps(text))


def test_the_run_that_published_and_the_last_one_tell_with_which_code(home: Home) -> None:
    assert stamps_of(BUILD, home) == set()
    note(home, 1, "published", BUILD.build_id, "first")
    note(home, 2, "unchanged", BUILD.build_id, "second")
    note(home, 3, "failed", "another", None)  # it did not come so far
    assert stamps_of(BUILD, home) == {"first", "second"}
    note(home, 4, "failed", "c" * 64, "third")  # code that came to another build
    assert stamps_of(BUILD, home) == {"first"}


def test_it_is_known_for_the_same_code_bytes_and_parameters_alone(home: Home) -> None:
    note(home, 1, "published", BUILD.build_id, "code")
    assert is_planned_already(BUILD, "code", HASHES, {}, home)
    assert not is_planned_already(BUILD, "other code", HASHES, {}, home)
    assert not is_planned_already(BUILD, "code", {"gdp": "2" * 64}, {}, home)
    assert not is_planned_already(BUILD, "code", {**HASHES, "new": "1" * 64}, {}, home)
    assert not is_planned_already(BUILD, "code", HASHES, {"covariates": "3" * 64}, home)


def test_a_rollback_plans_nothing_whatever_stands_in_its_record(home: Home) -> None:
    note(home, 1, "rolled_back", BUILD.build_id, "code of another build")
    assert stamps_of(BUILD, home) == set()
