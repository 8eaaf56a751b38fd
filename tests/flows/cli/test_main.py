"""The command line as its users meet it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

COMMANDS = (
    "refresh",
    "fetch",
    "sources",
    "tables",
    "query",
    "doctor",
    "plan",
    "status",
    "history",
    "rollback",
    "claims",
    "findings",
)


def asymmetry(home: Path, *arguments: str, stdin: str | None = None) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments],
        env={**os.environ, "ASYMMETRY_HOME": str(home)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(tmp_path: Path, command: str) -> None:
    done = asymmetry(tmp_path, command, "--help")
    assert done.returncode == 0
    assert f"Example: asymmetry {command}" in done.stdout


def test_query_as_a_table_says_simulated(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "query", "SELECT ccode FROM core.states ORDER BY 1 LIMIT 2")
    assert done.returncode == 0
    assert "ccode" in done.stdout
    assert "SIMULATED" in done.stderr


def test_query_for_machines(sample_home: Any, tmp_path: Path) -> None:
    sql = "SELECT 2 AS ccode, NULL::DOUBLE AS cinc, DATE '2003-03-20' AS day"
    csv = asymmetry(sample_home.home, "query", sql, "--format", "csv")
    assert csv.stdout == "ccode,cinc,day\n2,,2003-03-20\n"
    read = json.loads(asymmetry(sample_home.home, "query", sql, "--format", "json").stdout)
    assert read == [{"ccode": 2, "cinc": None, "day": "2003-03-20"}]
    path = tmp_path / "out.parquet"
    arguments = ("query", "-", "--format", "parquet", "--output", str(path))
    assert asymmetry(sample_home.home, *arguments, stdin=sql).returncode == 0
    assert pl.read_parquet(path)["ccode"].to_list() == [2]


def test_query_cannot_write(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "query", "DROP TABLE core.votes")
    assert done.returncode == 2
    assert "read-only" in done.stderr


def test_faulty_sql_is_told_without_a_traceback(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "query", "SELECT nonsense FROM core.votes")
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_misspelt_table_gets_its_neighbours(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "tables", "core.vots")
    assert done.returncode == 2
    assert "core.votes" in done.stderr


def test_tables_explains_every_column(sample_home: Any) -> None:
    from warehouse.contracts.read import contracts

    done = asymmetry(sample_home.home, "tables", "metrics.vote_similarity")
    for column in contracts()["metrics.vote_similarity"].columns:
        assert column.name in done.stdout


def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "query", "SELECT 1")
    assert done.returncode == 1
    assert "asymmetry refresh" in done.stderr


def test_doctor_finds_nothing_wrong_in_a_fresh_build(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "doctor")
    assert done.returncode == 0, done.stdout
    assert "WRONG" not in done.stdout
    assert "SIMULATED" in done.stdout


def test_doctor_finds_a_damaged_snapshot(sample_home: Any, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(sample_home.home / "snapshots" / "gdp", home / "snapshots" / "gdp")
    (file,) = (home / "snapshots" / "gdp").glob("gdp.*/gdp.csv")
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[100] ^= 1
    file.write_bytes(bytes(data))
    done = asymmetry(home, "doctor")
    assert done.returncode == 1
    assert "hashes to" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("refresh", "--profile", "mirror"), "--mirror"),
        (("refresh", "--mirror", "x"), "--profile mirror"),
        (("fetch", "gdp", "atop", "--from-file", "x"), "exactly one SOURCE"),
        (("fetch", "nonsense"), "There are: atop"),
        (("fetch", "gdp", "--from-file", "nowhere.csv"), "There is no file nowhere.csv"),
        (("rollback", "deadbeef"), "There is no build deadbeef"),
        (("query", "SELECT 1", "--output", "nowhere/x.csv"), "There is no folder nowhere"),
        (("query", "SELECT 1", "--output", "."), "is a folder"),
        (("findings", "--output", "nowhere/x.md"), "There is no folder nowhere"),
        (("findings", "--output", "."), "is a folder"),
        (("findings", "--output", "page"), "findings.md"),
        (("sources", "nonsense"), "There are: atop"),
    ],
)
def test_wrong_usage_says_what_is_right(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = asymmetry(tmp_path, *arguments)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


def test_sources_tells_all_about_one(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "sources", "un_votes")
    assert "10.7910/DVN/LEJUQZ" in done.stdout
