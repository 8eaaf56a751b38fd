"""`make audit`: what nobody has checked is never called fine."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / ".ci" / "audit.py"
_spec = importlib.util.spec_from_file_location("audit", FILE)
assert _spec is not None
assert _spec.loader is not None
audit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(audit)

GOOD = {"name": "Good_One", "version": "1", "vulns": []}
SKIPPED = {"name": "other", "skip_reason": "the service does not answer"}
FAULTY = {"name": "other", "version": "2", "vulns": [{"id": "X-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("entries", "code", "said"),
    [
        ([GOOD, {**FAULTY, "vulns": []}], 0, "nothing is known"),
        ([GOOD, FAULTY], 1, "other 2: X-1"),
        ([GOOD, SKIPPED], 2, "NOT CHECKED: 1 of 2: other"),
        ([GOOD], 2, "NOT CHECKED"),
        ([], 2, "NOT CHECKED: 2 of 2"),
    ],
)
def test_only_what_was_asked_about_is_fine(entries, code, said) -> None:
    found, lines = audit.judged({"good-one", "other"}, {"dependencies": entries})
    assert found == code
    assert said in " ".join(lines)


def test_without_the_tool_it_says_so_and_fails(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(FILE)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout.count("NOT CHECKED") == 2


def test_a_service_that_does_not_answer_is_said_and_fails(tmp_path: Path) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text("#!/bin/sh\necho 'Max retries exceeded' >&2\nexit 1\n")
    tool.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(FILE)],
        env={"PATH": f"{tmp_path}:/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "did not answer" in done.stdout
    assert "Max retries exceeded" in done.stdout


def test_every_lock_file_is_read() -> None:
    for name in audit.LOCKS:
        found = audit.pinned((ROOT / name).read_text("utf-8"))
        assert {"polars", "duckdb", "prefect"} <= found
        assert "pywin32" not in found or sys.platform == "win32"
