"""What a person is told who asks for what cannot be had."""

import logging
from pathlib import Path

import duckdb
import pytest

from expectations.gate.failures import GateFailedError
from expectations.gate.results import ExpectationResult, GateReport
from flows.cli.claims import _test_row
from flows.cli.errors import WithoutTraceback, exit_code_of
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.home.run_record import recorded_run
from flows.reports.verdicts import p_value
from tests.processes import asymmetry


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
    assert done.returncode == 1
    message = " ".join((done.stdout + done.stderr).replace("│", " ").split())
    assert "cannot be read (" in message
    assert "earlier builds lie in builds/" in message


def test_a_home_that_is_not_there_has_no_runs_and_no_builds(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "No runs yet in" in asymmetry(home, "history").stdout
    assert asymmetry(home, "history", "--format", "json").stdout == "[]\n"
    assert "No builds are kept in" in asymmetry(home, "rollback", "--list").stdout
    assert not home.exists()


def test_status_says_that_a_home_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    done = asymmetry(file / "home", "status")
    assert done.returncode == 1
    assert "cannot be written: set ASYMMETRY_HOME" in done.stdout
    assert "asymmetry refresh" not in done.stdout


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
        "source_table": "metrics.legitimation_premium",
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


def test_an_expected_error_loses_its_traceback_and_another_keeps_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = ExpectationResult("core", "t", "r", None, "critical", False, 1, 1, (), "w")
    expected = GateFailedError([GateReport("core", "t", (broken,))])
    logger = logging.getLogger("test_plain_errors")
    logger.addFilter(WithoutTraceback())
    for error in (expected, ZeroDivisionError("unexpected")):
        try:
            raise error
        except Exception:
            logger.exception("Encountered an exception during execution of %s", "it")
    first, second = caplog.records
    assert first.getMessage() == "stopped: GateFailedError"
    assert first.exc_info is None
    assert second.getMessage() == "Encountered an exception during execution of it"
    assert second.exc_info is not None
    assert (exit_code_of(expected), exit_code_of(ZeroDivisionError())) == (3, 1)
