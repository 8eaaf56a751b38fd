"""Errors that nobody expected: said in words; where they came from, in a file or on demand."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import asymmetry_process, environment_of

A_VERB_THAT_FAILS = """
import sys
from flows.cli import history, main
def fail(*_):
    raise ZeroDivisionError("the plan has a hole")
history.print_history = fail
sys.argv = ["asymmetry", "history", *sys.argv[1:]]
main.main()
"""


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", A_VERB_THAT_FAILS, *words],
        env=environment_of(home, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_says_what_happened_what_is_intact_and_where_the_log_is(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").touch()
    done = run(tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError: the plan has a hole" in done.stderr
    assert (
        f"As it stands: nothing was changed; {tmp_path}/warehouse.duckdb cannot be read"
        in done.stderr
    )
    (log,) = (tmp_path / "runs").iterdir()
    assert f"Log: {log}" in done.stderr
    assert log.read_text().startswith("asymmetry history\n")
    assert "in fail" in log.read_text()


@pytest.mark.parametrize(
    ("words", "variables"), [(("--debug",), {}), ((), {"ASYMMETRY_DEBUG": "1"})]
)
def test_the_traceback_is_for_those_who_ask(
    tmp_path: Path, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    done = run(tmp_path, *words, **variables)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "in fail" in done.stderr


def test_no_home_is_made_for_a_log(tmp_path: Path) -> None:
    done = run(tmp_path / "home")
    assert "Log:" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_looked_into_is_told_without_a_traceback(tmp_path: Path) -> None:
    home = tmp_path / ("a" * 300)
    done = asymmetry_process(home, "status")
    assert done.returncode == 1
    assert "cannot be looked into (File name too long). As it stands: nothing" in done.stderr
    assert "Traceback" not in done.stderr
