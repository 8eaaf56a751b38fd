"""What `--output` may write to, and how: never the home, every row, as the ending says."""

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat
import pytest
from typer.testing import CliRunner, Result

from flows.cli.verbs import app
from flows.home.output_file import OutputError, output_target, write_output
from flows.home.paths import Home
from tests.processes import asymmetry_with

ROWS = 75
SQL = f"SELECT range AS n, NULL::DOUBLE AS x, 'a, ünïcode' AS t FROM range({ROWS})"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A published file that says what it is, and an earlier build that is kept."""
    home = Home.at(tmp_path / "home")
    home.builds.mkdir(parents=True)
    for path, build in ((home.warehouse, "ab" * 32), (home.builds / "kept.duckdb", "cd" * 32)):
        with duckdb.connect(str(path)) as connection:
            connection.execute("CREATE SCHEMA meta")
            connection.execute(
                "CREATE TABLE meta.builds AS SELECT ? AS build_id, 'live' AS profile,"
                " false AS is_simulated, TIMESTAMP '2026-01-01' AS built_at,"
                " '0.1.0' AS code_version, '{}' AS library_versions, '{}' AS parameters,"
                " true AS is_current",
                [build],
            )
            connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
            connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
    return home


def query(home: Home, *arguments: str) -> Result:
    environment = {"ASYMMETRY_HOME": str(home.path)}
    return CliRunner().invoke(app, ["query", SQL, *arguments], env=environment)


def contents(home: Home) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(home.path.rglob("*")) if p.is_file()}


def rows_of(path: Path) -> int:
    if path.suffix == ".csv":
        return pl.read_csv(path).height
    if path.suffix == ".parquet":
        return pl.read_parquet(path).height
    if path.suffix == ".json":
        return len(json.loads(path.read_text("utf-8")))
    if path.suffix == ".xlsx":
        return pl.read_excel(path).height
    if path.suffix == ".dta":
        return len(pyreadstat.read_dta(path)[0])
    lines = [line.split()[0] for line in path.read_text("utf-8").splitlines()]
    return sum(word.isdigit() for word in lines)


@pytest.mark.parametrize("name", ["q.csv", "q.json", "q.parquet", "q.xlsx", "q.dta", "q.txt"])
@pytest.mark.parametrize("limit", [(), ("--limit", "3")])
def test_the_ending_decides_and_every_row_is_written(
    home: Home, tmp_path: Path, name: str, limit: tuple[str, ...]
) -> None:
    path = tmp_path / name
    done = query(home, "--output", str(path), *limit)
    assert done.exit_code == 0, done.output
    assert rows_of(path) == ROWS
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_ending_in_capitals_says_the_same(home: Home, tmp_path: Path) -> None:
    assert query(home, "--output", str(tmp_path / "Q.CSV")).exit_code == 0
    assert pl.read_csv(tmp_path / "Q.CSV").height == ROWS


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("q", None, ".csv, .parquet, .json, .xlsx, .dta, .txt"),
        ("q.ods", None, ".csv, .parquet, .json, .xlsx, .dta, .txt"),
        ("q.csv", "json", "would be written as csv"),
        ("q.parquet", "table", "would be written as parquet"),
    ],
)
def test_an_ending_that_says_nothing_or_something_else_is_refused(
    home: Home, tmp_path: Path, name: str, asked: str | None, said: str
) -> None:
    path = tmp_path / name
    done = query(home, "--output", str(path), *(("--format", asked) if asked else ()))
    assert done.exit_code == 2
    assert said in done.output
    assert not path.exists()


def test_with_a_format_any_ending_is_taken(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "q.dat"
    assert query(home, "--output", str(path), "--format", "csv").exit_code == 0
    assert pl.read_csv(path).height == ROWS


@pytest.mark.parametrize(
    ("sql", "name", "options", "code", "says"),
    [
        ("SELECT [1] AS l", "q.csv", (), 2, "unnest"),
        ("SELECT count(*) FROM range(3)", "q.dta", (), 2, "rename with AS"),
        ("SELECT 1; SELECT 2", "q.csv", (), 2, "ask one at a time"),
        ("SELECT * FROM read_csv('/etc/passwd')", "q.csv", (), 2, "disabled by configuration"),
        ("COPY (SELECT 1) TO '/dev/null'", "q.csv", (), 2, "asks for no rows"),
        ("FROM range(100)", "q.csv", ("--max-rows", "9"), 1, "--max-rows 0"),
        (
            "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range <> b.range",
            "q.csv",
            ("--max-seconds", "0.3"),
            1,
            "ended after 0.3 s",
        ),
        ("SELECT range(3000000000)", "q.parquet", ("--max-memory", "200"), 1, "--max-memory"),
        ("SELECT length(repeat('x', 2000000000))", "q.csv", ("--max-memory", "200"), 1, "200 MB"),
        ("FROM nowhere", "q.csv", (), 2, "`asymmetry tables` lists"),
        ("SELECT 1", "q.json", ("--spreadsheet-safe",), 2, "is for .csv"),
    ],
    ids=lambda value: str(value)[:25],
)
def test_what_is_refused_says_what_to_do_and_leaves_what_was_there(
    home: Home, tmp_path: Path, *, sql: str, name: str, options: Any, code: int, says: str
) -> None:
    path = tmp_path / name
    path.write_text("earlier")
    environment = {"ASYMMETRY_HOME": str(home.path)}
    done = CliRunner().invoke(app, ["query", sql, "--output", str(path), *options], env=environment)
    assert (done.exit_code, says in done.output) == (code, True), done.output
    assert path.read_text() == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", name]


def test_a_printed_table_counts_all_rows_and_says_so(home: Home) -> None:
    done = query(home, "--limit", "3")
    assert "first 3 of 75 rows" in done.output
    assert "(75 rows)" in query(home, "--limit", "0").output


def _the_published_file(home: Home, _: Path) -> Path:
    return home.warehouse


def _a_new_file_in_the_home(home: Home, _: Path) -> Path:
    return home.path / "new.duckdb"


def _a_kept_build(home: Home, _: Path) -> Path:
    return home.builds / "kept.duckdb"


def _by_two_dots(home: Home, tmp_path: Path) -> Path:
    (tmp_path / "beside").mkdir()
    return tmp_path / "beside" / ".." / "home" / "warehouse.duckdb"


def _by_a_link(home: Home, tmp_path: Path) -> Path:
    (tmp_path / "linked.csv").symlink_to(home.warehouse)
    return tmp_path / "linked.csv"


def _by_a_link_to_nothing_yet(home: Home, tmp_path: Path) -> Path:
    (tmp_path / "dangling.csv").symlink_to(home.path / "exports.csv")
    return tmp_path / "dangling.csv"


def _by_a_linked_folder(home: Home, tmp_path: Path) -> Path:
    (tmp_path / "folder").symlink_to(home.builds)
    return tmp_path / "folder" / "kept.duckdb"


def _by_a_hard_link(home: Home, tmp_path: Path) -> Path:
    os.link(home.builds / "kept.duckdb", tmp_path / "hard.csv")
    return tmp_path / "hard.csv"


def _in_a_part_on_another_disk(home: Home, tmp_path: Path) -> Path:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (home.path / "exports").symlink_to(elsewhere)
    return elsewhere / "q.csv"


WAYS_IN = [
    _the_published_file,
    _a_new_file_in_the_home,
    _a_kept_build,
    _by_two_dots,
    _by_a_link,
    _by_a_link_to_nothing_yet,
    _by_a_linked_folder,
    _by_a_hard_link,
    _in_a_part_on_another_disk,
]


@pytest.mark.parametrize("way", WAYS_IN, ids=lambda way: way.__name__.strip("_"))
def test_nothing_is_written_into_the_home(home: Home, tmp_path: Path, way: Any) -> None:
    output = way(home, tmp_path)
    before = contents(home)
    done = query(home, "--format", "csv", "--output", str(output))
    assert done.exit_code == 2
    assert "lies in the home" in done.output
    assert contents(home) == before


def test_what_was_there_stays_when_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("earlier")
    path.chmod(0o640)
    write_output(path, b"new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)
    with pytest.raises(OutputError, match="could not be written"):
        write_output(tmp_path / "gone" / "q.csv", b"new")


def test_a_link_that_leads_elsewhere_stays_a_link(home: Home, tmp_path: Path) -> None:
    (tmp_path / "2026.csv").write_text("earlier")
    (tmp_path / "latest.csv").symlink_to("2026.csv")
    assert query(home, "--output", str(tmp_path / "latest.csv")).exit_code == 0
    assert (tmp_path / "latest.csv").is_symlink()
    assert pl.read_csv(tmp_path / "2026.csv").height == ROWS


def test_a_device_is_written_to_as_it_is(home: Home) -> None:
    write_output(output_target(Path(os.devnull), home), b"gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["home/findings.md", "linked/findings.md"])
def test_findings_are_not_written_into_the_home_either(
    home: Home, tmp_path: Path, name: str
) -> None:
    (tmp_path / "linked").symlink_to(home.path)
    done = CliRunner().invoke(
        app,
        ["findings", "--output", str(tmp_path / name)],
        env={"ASYMMETRY_HOME": str(home.path)},
    )
    assert done.exit_code == 2
    assert "lies in the home" in done.output


def test_pictures_of_findings_do_not_follow_a_link_into_the_home(
    home: Home, tmp_path: Path
) -> None:
    (tmp_path / "findings").symlink_to(home.builds)
    done = CliRunner().invoke(
        app,
        ["findings", "--output", str(tmp_path / "findings.md")],
        env={"ASYMMETRY_HOME": str(home.path)},
    )
    assert done.exit_code == 2
    assert "lies in the home" in done.output


def test_calibration_does_not_write_its_page_into_the_home(home: Home, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["calibrate", "--docs", str(home.path)], env={"ASYMMETRY_HOME": str(home.path)}
    )
    assert done.exit_code == 2
    assert "lies in the home" in done.output


def test_a_name_may_be_as_long_as_the_system_allows(home: Home, tmp_path: Path) -> None:
    target = output_target(tmp_path / f"{'a' * 250}.csv", home)
    write_output(target, b"n")
    assert target.read_bytes() == b"n"


def test_a_pipe_is_written_to(home: Home) -> None:
    words = ("query", SQL, "--format", "csv", "--output", "/dev/stdout")
    done = asymmetry_with(home.path, *words)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == ROWS + 1
