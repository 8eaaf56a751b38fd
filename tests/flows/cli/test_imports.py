"""What the command imports: neither Prefect nor Great Expectations before it must.

And quick verbs nothing that they can do without: what is imported is what a person waits for, and
is counted here rather than timed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.cli.verbs import VERBS
from flows.engine.code_stamp import code_stamp

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
    imported = modules_in(done)
    assert "typer" in imported
    assert not imported & set(NOT_BEFORE_A_RUN)


def modules_in(done: subprocess.CompletedProcess[str]) -> set[str]:
    """What a process imported that was started with -X importtime."""
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


FRAMES = {"pandas", "pyarrow", "numpy", "scipy"}
CHECKS = {"yaml", "jsonschema", "requests", "http.client", "multiprocessing", "asyncio"}


@pytest.fixture
def small_home(tmp_path: Path) -> Path:
    """A home whose published file can be asked, and says nothing of itself but that it is real."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        for statement in (
            "CREATE SCHEMA meta",
            "CREATE TABLE meta.builds AS SELECT 'ab' AS build_id, 'mirror' AS profile,"
            " false AS is_simulated, TIMESTAMP '2026-11-29' AS built_at, '1' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current",
            "CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)",
            "CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)",
            "CREATE TABLE meta.dictionary (table_name VARCHAR, grain VARCHAR)",
        ):
            connection.execute(statement)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (("country", "Poland", "--from", "bundle"), {"duckdb", *FRAMES, *CHECKS}),
        (("query", "SELECT 42 AS answer"), {"duckdb", "polars", *FRAMES, *CHECKS}),
        (("tables",), {"polars", *FRAMES, *CHECKS}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_quick_verb_imports_nothing_that_it_can_do_without(
    small_home: Path, arguments: tuple[str, ...], spared: set[str]
) -> None:
    done = python("-X", "importtime", "-m", "flows.cli.main", *arguments, home=small_home)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout
    assert not modules_in(done) & {*spared, "flows.engine.plan"}


def test_status_plans_nothing_and_asks_nobody_where_the_code_is_that_of_the_build(
    small_home: Path,
) -> None:
    (small_home / "runs").mkdir()
    record = {"result": "published", "profile": "mirror", "seconds": 1, "build_id": "ab"}
    record |= {"started_at": "2026-11-29T10:00:00+00:00", "code": code_stamp()}
    (small_home / "runs" / "20261129T1000-published.json").write_text(json.dumps(record))
    done = python("-X", "importtime", "-m", "flows.cli.main", "status", home=small_home)
    assert "build ab, mirror" in done.stdout, done.stderr[-2000:]
    assert "Code, lists or libraries have changed" not in done.stdout
    unneeded = {"flows.engine.plan", "expectations.registry", "flows.dag", "requests", "numpy"}
    assert not modules_in(done) & unneeded


def test_a_server_is_started_before_what_a_flow_needs_is_imported(tmp_path: Path) -> None:
    done = python("-X", "importtime", "-c", "import flows.cli.refresh", home=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    later = {"numpy", "pyarrow", "requests", "flows.dag", "flows.sample", "expectations.gate.run"}
    assert not modules_in(done) & later


def test_the_process_of_a_query_that_is_shown_needs_no_polars(small_home: Path) -> None:
    asked = {
        "warehouse": str(small_home / "warehouse.duckdb"),
        "sql": "SELECT 42 AS answer",
        "form": "rows",
        "target": str(small_home / "rows"),
        "limits": {"seconds": 30, "memory_mb": 500, "rows": 10, "cut": True, "file_mb": None},
        "spreadsheet_safe": False,
        "n_shown": 10,
    }
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "warehouse.export.query_process"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(stream := (small_home / "imports").open("w+")),
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()  # it stays open: the process ends when it is closed
        said = [json.loads(line)["kind"] for line in process.stdout]
    assert said == ["opened", "answered"]
    stream.seek(0)
    imported = {line.rpartition("|")[2].strip() for line in stream}
    stream.close()
    assert "duckdb" in imported
    assert not imported & {"polars", "pandas", "scipy", "typer", "rich", "yaml", "jsonschema"}
