"""What a person is told who asks for what cannot be had."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli.claims import _test_row
from flows.cli.main import app
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.run_record import recorded_run
from flows.reports.verdicts import p_value


def asymmetry(home: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments), env={"ASYMMETRY_HOME": str(home)})


@pytest.fixture(params=["no database", "cut off", "no warehouse"])
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home whose published file cannot be read."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS FROM range(100000)")
    if request.param == "no database":
        path.write_text("nonsense")
    elif request.param == "cut off":
        path.write_bytes(path.read_bytes()[:20_000])
    return tmp_path


@pytest.mark.parametrize("command", [("tables",), ("claims",), ("query", "SELECT 1"), ("doctor",)])
def test_a_damaged_warehouse_is_told_in_the_same_words(
    damaged: Path, command: tuple[str, ...]
) -> None:
    done = asymmetry(damaged, *command)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    message = " ".join(done.output.replace("│", " ").split())
    assert "cannot be read (" in message
    assert "earlier builds lie in builds/" in message


@pytest.mark.parametrize("sql", ["", "SELEC 1", "SELECT nonsens FROM t", "SELECT 1; SELECT 2"])
def test_faulty_sql_is_wrong_usage(sample_home: Any, sql: str) -> None:
    assert asymmetry(sample_home.home, "query", sql).exit_code == 2


def test_nothing_is_written_where_the_page_cannot_be(sample_home: Any, tmp_path: Path) -> None:
    done = asymmetry(sample_home.home, "findings", "--simulated", "--output", str(tmp_path))
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_not_there_has_no_runs_and_no_builds(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "No runs yet in" in asymmetry(home, "history").output
    assert asymmetry(home, "history", "--format", "json").output == "[]\n"
    assert "No builds are kept in" in asymmetry(home, "rollback", "--list").output
    assert not home.exists()


def test_status_says_that_a_home_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = asymmetry(file / "home", "status")
    assert done.exit_code == 1
    assert "cannot be written: set ASYMMETRY_HOME" in done.output
    assert "asymmetry refresh" not in done.output


def test_a_run_is_published_when_it_ends(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with recorded_run("sample", home) as record:
        record.started_at = record.started_at.replace(year=2020)
        record.result = "published"
    (run,) = past_runs(home)
    assert run.started_at[:4] == "2020"
    assert run.ended_at > run.started_at


@pytest.mark.parametrize(
    ("value", "message"), [(None, ""), (0.0, "<.001"), (0.00099, "<.001"), (0.0421, "0.042")]
)
def test_no_p_value_is_0(value: float | None, message: str) -> None:
    assert p_value(value) == message


@pytest.mark.parametrize(
    ("role", "speaks"),
    [("primary", "against"), ("grid", "against"), ("placebo", ""), ("falsifier", "")],
)
def test_only_tests_of_the_claim_itself_speak(role: str, speaks: str) -> None:
    row = {
        "role": role,
        "estimator": "LP1",
        "specification": "France, atop, unpopular, whole",
        "estimate": -0.4,
        "ci_low": -0.5,
        "ci_high": -0.3,
        "p_value": 0.0,
        "n": 242,
        "window_from": 1946,
        "window_to": 2018,
        "excludes_zero": True,
        "is_as_expected": False,
        "null_reason": None,
    }
    assert _test_row(row)[-1] == speaks
