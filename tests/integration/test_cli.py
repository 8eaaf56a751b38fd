"""Commands that read, on a built home."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.processes import asymmetry


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


def test_doctor_finds_nothing_wrong_in_a_fresh_build(sample_home: Any, tmp_path: Path) -> None:
    done = asymmetry(sample_home.copy(tmp_path / "home"), "doctor")  # it leaves a record
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


@pytest.mark.parametrize("sql", ["", "SELEC 1", "SELECT nonsens FROM t", "SELECT 1; SELECT 2"])
def test_faulty_sql_is_wrong_usage(sample_home: Any, sql: str) -> None:
    assert asymmetry(sample_home.home, "query", sql).returncode == 2


def test_nothing_is_written_where_the_page_cannot_be(sample_home: Any, tmp_path: Path) -> None:
    done = asymmetry(sample_home.home, "findings", "--simulated", "--output", str(tmp_path))
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
