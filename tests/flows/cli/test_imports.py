"""What the command imports: neither Prefect nor Great Expectations before it must."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[3]
NOT_BEFORE_A_RUN = ("prefect", "great_expectations")

IMPORTS_EVERY_VERB = """
import importlib, sys
for verb in sys.argv[1:]:
    importlib.import_module(f"flows.cli.{verb}")
    found = [name for name in ("prefect", "great_expectations") if name in sys.modules]
    assert not found, f"flows.cli.{verb} imports {found}"
"""


def python(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "ASYMMETRY_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_verb_imports_prefect_at_its_top(tmp_path: Path) -> None:
    """Prefect reads its settings when it is imported, and they are set by then or never."""
    done = python("-c", IMPORTS_EVERY_VERB, *VERBS, home=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "SELECT 1"),
        ("export", "--to", "nowhere"),
        ("cite",),
        ("tables",),
        ("status",),
        ("history",),
        ("sources",),
        ("rollback", "--list"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_verb_that_reads_never_imports_them(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = python("-X", "importtime", "-m", "flows.cli.main", *arguments, home=tmp_path)
    assert done.returncode in (0, 1), done.stderr[-2000:]  # 1: nothing is published
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not imported & set(NOT_BEFORE_A_RUN)
